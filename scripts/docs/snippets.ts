import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { readPackages, root } from '../packages.ts';

/** Code that stands in the documentation and is one module, with every line where it stands in its file. */
export interface Snippet {
  /** File and line. */
  readonly name: string;
  readonly path: string;
  readonly code: string;
  /** As `code`, without the blocks that are only type-checked. */
  readonly runnable: string;
  /** An example from TSDoc: what its package exports is in scope. */
  readonly inScope: boolean;
}

/** Examples of these can only be type-checked here. */
const IN_BROWSERS_ONLY = /^packages\/backend-webgl\//;

const LANGUAGES = ['ts', 'sh', 'text', 'json', 'html'];

interface Block {
  readonly start: number;
  readonly lines: readonly string[];
  readonly runs: boolean;
}

function blocksOf(path: string, text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const fence = /^(\s*)```(.*)$/.exec(lines[i]);
    if (fence === null) continue;
    const start = i + 1;
    const end = lines.findIndex((line, at) => at >= start && line.trim() === '```');
    if (end < 0) throw new Error(`${path}:${start}: the block is not closed`);
    i = end;
    const [, language, info] = /^(\S*)\s*(.*)$/.exec(fence[2]) ?? [];
    if (!LANGUAGES.includes(language))
      throw new Error(`${path}:${start}: a block of '${language}', not of ${LANGUAGES}`);
    if (language !== 'ts') continue;
    if (info !== '' && !/^no-run: .{10}/.test(info)) {
      throw new Error(`${path}:${start}: 'ts ${info}' must be 'ts', or 'ts no-run: ' and the reason`);
    }
    blocks.push({ start, lines: lines.slice(start, end), runs: info === '' });
  }
  return blocks;
}

/** The modules of a page: a block that imports a backend begins a new program, and those after it go on in it. */
export function pageSnippets(path: string, text: string): Snippet[] {
  const modules: Block[][] = [];
  for (const block of blocksOf(path, text)) {
    const begins = block.lines.some((line) => /^import\b.*'@wengert\/backend-/.test(line));
    if (begins || modules.length === 0) modules.push([]);
    modules[modules.length - 1].push(block);
  }
  return modules.map((blocks) => ({
    name: `${path}:${blocks[0].start + 1}`,
    path,
    code: inPlace(blocks),
    runnable: inPlace(blocks.filter(({ runs }) => runs)),
    inScope: false,
  }));
}

/** The blocks on the lines on which they stand, so that every message names the line of the page. */
function inPlace(blocks: readonly Block[]): string {
  const lines: string[] = [];
  for (const block of blocks) {
    while (lines.length < block.start) lines.push('');
    lines.push(...block.lines);
  }
  return lines.join('\n');
}

/** Every `@example` in a source file, each a module. */
export function exampleSnippets(path: string, text: string): Snippet[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const found = new Map<number, Snippet>();
  const visit = (node: ts.Node): void => {
    for (const tag of ts.getJSDocTags(node)) {
      if (tag.tagName.text !== 'example' || found.has(tag.pos)) continue;
      const start = file.getLineAndCharacterOfPosition(tag.tagName.end).line;
      const body = text.slice(tag.tagName.end, tag.end).split('\n');
      const lines = body.map((line) => line.replace(/^\s*\*? ?/, '').replace(/\s*\*\/\s*$/, ''));
      const runs = !IN_BROWSERS_ONLY.test(path) && !/^no-run: .{10}/.test(lines[0].trim());
      const block: Block = { start, lines: ['', ...lines.slice(1)], runs };
      found.set(tag.pos, {
        name: `${path}:${start + 1}`,
        path,
        code: inPlace([block]),
        runnable: inPlace(runs ? [block] : []),
        inScope: true,
      });
      if (lines.slice(1).join('').trim() === '') throw new Error(`${path}:${start + 1}: the example is empty`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...found.values()];
}

function filesIn(folder: string, ending: RegExp): string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => ending.test(name))
    .map((name) => `${folder}/${name}`)
    .sort();
}

/** Everything that the tests check and run. */
export function allSnippets(): Snippet[] {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const pages = ['README.md', 'CONTRIBUTING.md'].filter((path) => existsSync(join(root, path)));
  const sources = readPackages()
    .flatMap(({ id }) => filesIn(`packages/${id}/src`, /\.ts$/))
    .filter((path) => !/\.test(-d)?\.ts$|\/generated\//.test(path));
  return [
    ...[...pages, ...filesIn('docs', /\.md$/)].flatMap((path) => pageSnippets(path, read(path))),
    ...sources.flatMap((path) => exampleSnippets(path, read(path))),
  ];
}
