import { join } from 'node:path';
import ts from 'typescript';
import { readPackages, root } from '../packages.ts';
import type { Snippet } from './snippets.ts';

interface Checked {
  /** The snippet with the imports that it is read with. */
  readonly code: string;
  readonly runnable: string;
  readonly problems: readonly string[];
}

/** The options of the packages, on their sources. */
export function compilerOptions(): ts.CompilerOptions {
  const path = join(root, 'tsconfig.base.json');
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  return {
    ...options,
    customConditions: ['@wengert/source'],
    types: ['node'],
    noEmit: true,
    composite: false,
    declaration: false,
    declarationMap: false,
    emitDeclarationOnly: false,
    isolatedDeclarations: false,
    // Names that are in scope by themselves are imported without telling types from values.
    verbatimModuleSyntax: false,
    rewriteRelativeImportExtensions: false,
  };
}

/** The names that a package's entry exports, types too. */
function exportsOf(program: ts.Program, entry: string): Set<string> {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(entry);
  const symbol = file && checker.getSymbolAtLocation(file);
  return new Set(symbol ? checker.getExportsOfModule(symbol).map(({ name }) => name) : []);
}

/** Imports of the names that an example uses without saying where they are from: of its own package, then of core. */
function scopeFor({ path, code }: Snippet, exported: ReadonlyMap<string, ReadonlySet<string>>): string {
  const file = ts.createSourceFile(path, code, ts.ScriptTarget.ESNext, true);
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const declares =
        (ts.isVariableDeclaration(parent) ||
          ts.isFunctionDeclaration(parent) ||
          ts.isBindingElement(parent) ||
          ts.isImportSpecifier(parent)) &&
        parent.name === node &&
        isTopLevel(parent);
      (declares ? declared : used).add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  const own = /^packages\/([^/]+)/.exec(path)?.[1] ?? 'core';
  const wanted = [...used].filter((name) => !declared.has(name));
  const imports = [...new Set([own, 'core'])].map((id) => {
    const names = wanted.filter((name) => exported.get(id)?.has(name) && (id === own || !exported.get(own)?.has(name)));
    return names.length === 0 ? '' : `import { ${names.join(', ')} } from '@wengert/${id}';`;
  });
  return `import '@wengert/backend-cpu'; ${imports.join(' ')}`;
}

function isTopLevel(node: ts.Node): boolean {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent)
    if (ts.isFunctionLike(at) || ts.isBlock(at)) return false;
  return true;
}

/** Checks the types of all snippets in one program, on the sources of the packages. */
export function typeCheck(snippets: readonly Snippet[]): Map<Snippet, Checked> {
  const options = compilerOptions();
  const host = ts.createCompilerHost(options, true);
  const scoped = snippets.some(({ inScope }) => inScope);
  const packages = readPackages().map(({ id, dir }) => ({ id, entry: join(dir, 'src/index.ts') }));
  const first = scoped
    ? ts.createProgram(
        packages.map(({ entry }) => entry),
        options,
        host,
      )
    : undefined;
  const exported = new Map<string, ReadonlySet<string>>();
  if (first) for (const { id, entry } of packages) exported.set(id, exportsOf(first, entry));

  const virtual = new Map<string, { snippet: Snippet; code: string; runnable: string }>();
  for (const snippet of snippets) {
    // Line 1 of a source file holds no example, so that the imports move nothing.
    const scope = snippet.inScope ? scopeFor(snippet, exported) : '';
    const name = join(root, `${snippet.name.replace(':', '.')}.ts`);
    virtual.set(name, { snippet, code: scope + snippet.code, runnable: scope + snippet.runnable });
  }
  const program = ts.createProgram(
    [...virtual.keys()],
    options,
    {
      ...host,
      fileExists: (path) => virtual.has(path) || host.fileExists(path),
      readFile: (path) => virtual.get(path)?.code ?? host.readFile(path),
      getSourceFile: (path, version) => {
        const found = virtual.get(path);
        return found ? ts.createSourceFile(path, found.code, version, true) : host.getSourceFile(path, version);
      },
    },
    first,
  );
  return new Map(
    [...virtual].map(([name, { snippet, code, runnable }]) => {
      const file = program.getSourceFile(name);
      const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
      const problems = diagnostics.map(({ start, messageText }) => {
        const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
        return `${snippet.path}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      });
      return [snippet, { code, runnable, problems }];
    }),
  );
}
