import { describe, expect, it } from 'vitest';
import { agrees, runSnippet } from './runSnippet.ts';
import { exampleSnippets, pageSnippets } from './snippets.ts';
import { typeCheck } from './typeCheck.ts';

const FENCE = '```';
const block = (code: string, info = 'ts'): string => `${FENCE}${info}\n${code}\n${FENCE}\n`;
const imports = "import '@wengert/backend-cpu';\nimport { add, GradientTape, scalar, tensor } from '@wengert/core';\n";

describe('comparing output', () => {
  it.each([
    ['Tensor\n[[1, 2],\n [3, 4]]', '[[1, 2], [3, 4]]'],
    ['[0.1000001, 2]', '[0.1, 2]'],
    ['0.732262', '0.732'],
    ['-1e-9', '0'],
    ['Infinity', 'Infinity'],
  ])('takes %s for %s', (actual, expected) => {
    expect(agrees(actual, expected)).toBe(true);
  });

  it.each([
    ['Tensor\n[1, 2]', '[1, 3]'],
    ['[1, 2]', '[1, 2, 3]'],
    ['[1, 2]', '[[1, 2]]'],
    ['0.54', '0.5'],
    ['0.7326', '0.732'],
    ['', '1'],
    ['NaN', '1'],
    ['true', 'false'],
  ])('does not take %s for %s', (actual, expected) => {
    expect(agrees(actual, expected)).toBe(false);
  });
});

describe('running', () => {
  it('passes what is right', async () => {
    const code = `${imports}
      using tape = new GradientTape();
      console.log([1.5], 'a'); // [1.5] a
      add(await Promise.resolve(scalar(1)), 2).print(); // 3
      for (const x of [1, 1]) tensor([x]).print(); // [1]
      add([1, 2], [1, 2, 3]); // throws ShapeError: [3]`;
    expect(await runSnippet('page', code)).toEqual([]);
  });

  it.each([
    ['another value', 'add(1, 2).print(); // 4', 'writes Tensor 3, not 4'],
    ['another line', "\nconsole.log('a'); // b", 'page:2: writes a, not b'],
    ['nothing thrown', 'add(1, 2); // throws ShapeError', 'throws null, not throws ShapeError'],
    ['another error', 'add([1, 2], [1, 2, 3]); // throws DTypeError', 'not throws DTypeError'],
    ['another message', 'add([1, 2], [1, 2, 3]); // throws ShapeError: [7]', 'not throws ShapeError: [7]'],
    ['code that is not reached', 'if (scalar(1).rank > 1) add(1, 2).print(); // 3', 'is never reached'],
    ['a warning', 'const t = new GradientTape(); t.watch(tensor([true]));', 'warns GradientTape.watch'],
    ['an unexpected error', 'add([1, 2], [1, 2, 3]);', 'ShapeError'],
  ])('reports %s', async (_, code, problem) => {
    const problems = await runSnippet('page', imports.replace(/\n/g, ' ') + code);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('gives the console back', async () => {
    const { log } = console;
    await runSnippet('page', "throw new Error('x')");
    expect(console.log).toBe(log);
  });
});

describe('finding code', () => {
  it('joins the blocks of a page until one imports a backend', () => {
    const page = `# A\n${block("import '@wengert/backend-a';")}text\n${block("import 'b';")}${block("import { c } from '@wengert/backend-c';")}`;
    const found = pageSnippets('p.md', page);
    expect(found.map(({ name }) => name)).toEqual(['p.md:3', 'p.md:10']);
    expect(found[0].code.split('\n')).toEqual(['', '', "import '@wengert/backend-a';", '', '', '', "import 'b';"]);
  });

  it('leaves out what is not to run, for a reason only', () => {
    const [only] = pageSnippets('p.md', block('a;') + block('b;', 'ts no-run: needs a browser'));
    expect(only.code).toContain('b;');
    expect(only.runnable).not.toContain('b;');
    expect(() => pageSnippets('p.md', block('b;', 'ts no-run'))).toThrow('the reason');
    expect(() => pageSnippets('p.md', block('b;', 'typescript'))).toThrow("'typescript'");
    expect(() => pageSnippets('p.md', `${FENCE}ts\nb;`)).toThrow('not closed');
  });

  it('finds the examples of a source file', () => {
    const source = '/**\n * Adds.\n * @example\n * add(1, 2).print(); // 3\n */\nexport const x = 1;\n';
    const [example, ...rest] = exampleSnippets('packages/core/src/x.ts', source);
    expect(rest).toEqual([]);
    expect(example.name).toBe('packages/core/src/x.ts:3');
    expect(example.runnable.split('\n')[3]).toBe('add(1, 2).print(); // 3');
  });
});

describe('checking types', () => {
  it('names the line, and lets an example use what is exported', { timeout: 60_000 }, () => {
    const good = exampleSnippets(
      'packages/core/src/good.ts',
      '/**\n * @example\n * const y: Tensor = add(1, 2);\n */\nf;',
    );
    const bad = pageSnippets('p.md', `\n${block(`${imports}const n: string = add(1, 2);`)}`);
    const unknown = exampleSnippets('packages/core/src/bad.ts', '/**\n * @example\n * plus(1, 2);\n */\nf;');
    const problems = [...typeCheck([...good, ...bad, ...unknown]).values()].map((checked) => checked.problems.join());
    expect(problems).toEqual([
      '',
      expect.stringContaining("p.md:5: Type 'Tensor<Rank>' is not assignable to type 'string'"),
      expect.stringContaining("bad.ts:3: Cannot find name 'plus'"),
    ]);
  });
});
