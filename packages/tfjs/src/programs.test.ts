import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { classifyRing } from './programs/classifier.ts';
import { findRow } from './programs/convolutions.ts';
import { derivatives } from './programs/derivatives.ts';
import { fitParabola } from './programs/polynomial.ts';
import { runCells } from './programs/recurrent.ts';
import { cluster, summary } from './programs/statistics.ts';

const folder = join(import.meta.dirname, 'programs');

/** What tfjs's types say of a program whose import is tfjs's: the programs here are ones that a tfjs user could have. */
function problemsUnderTfjs(): string[] {
  const dist = join(import.meta.dirname, '../../../node_modules/@tensorflow/tfjs-core/dist');
  const texts = new Map(
    readdirSync(folder).map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return [join(folder, name), text.replace("'@wengert/tfjs'", "'@tensorflow/tfjs-core'")];
    }),
  );
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (path, version) => {
    const text = texts.get(path);
    return text === undefined ? getSourceFile(path, version) : ts.createSourceFile(path, text, version);
  };
  const chained = join(dist, 'public/chained_ops/register_all_chained_ops.d.ts');
  const program = ts.createProgram([...texts.keys(), chained], options, host);
  return [...texts.keys()].flatMap((path) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(path))
      .map(
        ({ messageText, start }) =>
          `${path.slice(folder.length + 1)}:${texts.get(path)?.slice(0, start).split('\n').length}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
      ),
  );
}

test('the programs are tfjs programs: they compile against its types too', { timeout: 120_000 }, () => {
  expect(problemsUnderTfjs()).toEqual([]);
});

describe('tfjs programs run', () => {
  test('a parabola', async () => {
    const [before, after] = await fitParabola();
    expect(after).toBeLessThan(before / 20);
  });

  test('a network, which leaves nothing behind', () => {
    expect(classifyRing()).toEqual({ accuracy: 1, leaked: 0 });
  });

  test('convolutions', async () => {
    const [before, after, ...shape] = await findRow();
    expect(after).toBeLessThan(before / 5);
    expect(shape).toEqual([4, 2, 2, 1]);
  });

  test('statistics', async () => {
    const centres = cluster(
      [
        [0, 0],
        [0, 2],
        [10, 10],
        [10, 12],
      ],
      5,
    );
    expect(centres.sort(([a], [b]) => a - b)).toEqual([
      [0, 1],
      [10, 11],
    ]);
    expect(await summary()).toEqual({
      total: 22,
      rank: 2,
      rows: 3,
      size: 6,
      normalized: [
        [-1, -1],
        [0, -0],
        [1, 1],
      ],
      changed: [
        [1, 2],
        [3, 4],
        [5, 9],
      ],
      difference: [[1], [1], [2]],
      top: [2, 4, 7],
      at: [1, 1, 1],
      row: [1, 2, 1, 2],
      mask: [
        [0, 0],
        [1, 1],
        [1, 1],
      ],
      kept: [0, 0, 3, 4, 5, 7],
      places: 4,
      dtype: 'bool',
      max: 7,
    });
  });

  test('derivatives', () => {
    expect(derivatives()).toEqual({
      first: 12,
      second: 12,
      product: [5, 2],
      value: 5,
      slope: [2, 4],
      both: [1, 6],
      clipped: 1,
      variable: [2, 4, 6],
    });
  });

  test('recurrent cells', async () => {
    const found = await runCells();
    expect(found).toMatchObject({ shapes: new Array(4).fill([1, 2]), wall: true, backend: 'cpu' });
    expect(found.kernels).toBeGreaterThan(0);
  });
});
