import { format } from 'node:util';
import ts from 'typescript';

/** A statement whose trailing comment says what it writes or throws. */
interface Expectation {
  readonly line: number;
  readonly kind: 'output' | 'throws';
  readonly text: string;
}

interface Instrumented {
  readonly code: string;
  readonly expectations: readonly Expectation[];
  readonly imports: readonly string[];
}

function writes(statement: ts.ExpressionStatement): boolean {
  const { expression } = statement;
  const call = ts.isAwaitExpression(expression) ? expression.expression : expression;
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false;
  const { name, expression: object } = call.expression;
  return name.text === 'print' || (name.text === 'log' && object.getText() === 'console');
}

/** Wraps each statement that has an expectation, so that what it does is compared. */
export function instrument(code: string): Instrumented {
  const file = ts.createSourceFile('snippet.ts', code, ts.ScriptTarget.ESNext, true);
  const expectations: Expectation[] = [];
  const edits: { at: number; text: string }[] = [];
  const imports: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
      imports.push(node.moduleSpecifier.text);
    if (ts.isExpressionStatement(node)) {
      const [comment] = ts.getTrailingCommentRanges(code, node.end) ?? [];
      const text = comment ? code.slice(comment.pos + 2, comment.end).trim() : '';
      const kind = text.startsWith('throws ') ? 'throws' : text !== '' && writes(node) ? 'output' : null;
      if (kind !== null) {
        const i =
          expectations.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, kind, text }) - 1;
        const [open, close] =
          kind === 'output'
            ? [`{ __doc.clear(); `, ` __doc.wrote(${i}); }`]
            : [`try { `, ` __doc.threw(${i}, null); } catch (error) { __doc.threw(${i}, error); }`];
        edits.push({ at: node.getStart(), text: open }, { at: node.end, text: close });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  let out = code;
  for (const { at, text } of edits.sort((a, b) => b.at - a.at)) out = out.slice(0, at) + text + out.slice(at);
  return { code: out, expectations, imports };
}

const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/gi;

/** Whitespace apart, and numbers to 1e-6 or, where three or more decimals are written, to the last of them. */
export function agrees(actual: string, expected: string): boolean {
  const [a, e] = [actual, expected].map((text) => text.replace(/^Tensor\n/, '').replace(/\s+/g, ''));
  const [ours, theirs] = [a, e].map((text) => text.match(NUMBER) ?? []);
  if (a.replace(NUMBER, '#') !== e.replace(NUMBER, '#')) return false;
  return theirs.every((number, i) => {
    const decimals = /\.(\d+)$/.exec(number)?.[1].length ?? 0;
    const wanted = Number(number);
    const tolerance = Math.max(1e-6 * Math.max(1, Math.abs(wanted)), decimals >= 3 ? 0.5 * 10 ** -decimals : 0);
    return Math.abs(Number(ours[i]) - wanted) <= tolerance * (1 + 1e-9);
  });
}

const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;

/** Runs a module and returns what was not as its comments say, one line each. */
export async function runSnippet(path: string, source: string): Promise<string[]> {
  const { code, expectations, imports } = instrument(source);
  const modules = new Map<string, unknown>();
  for (const name of imports) modules.set(name, await import(name));
  const problems: string[] = [];
  const reached = new Set<number>();
  let output: string[] = [];
  const doc = {
    clear() {
      output = [];
    },
    wrote(i: number) {
      reached.add(i);
      const { line, text } = expectations[i];
      const actual = output.join('\n');
      if (!agrees(actual, text)) problems.push(`${path}:${line}: writes ${actual.replace(/\s+/g, ' ')}, not ${text}`);
    },
    threw(i: number, error: unknown) {
      reached.add(i);
      const { line, text } = expectations[i];
      const [, name, part] = /^throws (\w+)(?:: (.*))?$/.exec(text) ?? [];
      const ok = error instanceof Error && error.name === name && error.message.includes(part ?? '');
      if (!ok) problems.push(`${path}:${line}: throws ${error}, not ${text}`);
    },
  };
  const js = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const { log, warn } = console;
  console.log = (...values: unknown[]) => {
    output.push(format(...values));
  };
  console.warn = (text: string) => {
    problems.push(`${path}: warns ${text}`);
  };
  try {
    await new AsyncFunction('require', 'exports', '__doc', js.outputText)((name: string) => modules.get(name), {}, doc);
    expectations.forEach(({ line }, i) => {
      if (!reached.has(i)) problems.push(`${path}:${line}: is never reached`);
    });
  } catch (error) {
    const last = Math.max(0, ...[...reached].map((i) => expectations[i].line));
    problems.push(
      `${path}: throws ${error instanceof Error ? (error.stack ?? error.message) : error}, after line ${last}`,
    );
  } finally {
    console.log = log;
    console.warn = warn;
  }
  return problems;
}
