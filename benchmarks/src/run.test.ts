import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workloads } from './fixtures/workloads.ts';
import { thisMachine } from './machine.ts';
import { markdownReport, meetsTarget, ratioOf } from './report.ts';
import { runBenchmarks } from './run.ts';

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', `${name}.ts`);

test('wrong results are reported and not timed, and nothing that fails stops the others', async () => {
  const { entrants, rows } = await runBenchmarks({
    workloadsFile: fixture('workloads'),
    workloads,
    contestantFiles: ['honest', 'falsified', 'unable', 'broken', 'slow'].map(fixture),
    rounds: 2,
    seconds: 0.01,
  });
  const [row] = rows;
  expect(row.cells.honest).toMatchObject({ kind: 'figure', samples: 2 });
  expect(row.cells.falsified).toEqual({ kind: 'wrong', reason: 'the error is 0.10, allowed is 0.000001' });
  expect(row.cells.unable).toEqual({ kind: 'unable', reason: 'does not have it' });
  expect(row.cells.broken).toEqual({ kind: 'unable', reason: 'does not start: ended with code 1: Error: not here' });
  // Far behind, it has had one process of the two.
  expect(row.cells.slow).toMatchObject({ kind: 'figure', samples: 1 });

  const machine = thisMachine();
  const text = markdownReport({ date: '', command: '', machine, versions: {}, rounds: 2, contestants: entrants, rows });
  expect(text).toContain('| wrong<sup>1</sup> | -<sup>2</sup> | -<sup>3</sup> |');
  expect(text).toContain('1. falsified: wrong, not timed: the error is 0.10, allowed is 0.000001');
  expect(text).toContain('2. unable: does not have it');
});

test('the ratio is to the fastest peer, and the target is held against it', () => {
  const contestants = [
    { id: 'own', title: 'own', role: 'wengert' },
    { id: 'slow', title: 'slow', role: 'peer' },
    { id: 'fast', title: 'fast', role: 'peer' },
    { id: 'loop', title: 'loop', role: 'bound' },
  ] as const;
  const took = (median: number) => ({ kind: 'figure', median, spread: 0, samples: 1 }) as const;
  const cells = { own: took(3), slow: took(12), fast: took(6), loop: took(1) };
  const row = { id: 'r', title: 'r', unit: 'ms', cells };
  expect(ratioOf(row, contestants)).toBe(0.5);
  expect(meetsTarget({ ...row, target: 0.5 }, contestants)).toBe(true);
  expect(meetsTarget({ ...row, target: 0.4 }, contestants)).toBe(false);
  expect(meetsTarget({ ...row, most: 2 }, contestants)).toBe(false);
  expect(meetsTarget(row, contestants)).toBeUndefined();
});
