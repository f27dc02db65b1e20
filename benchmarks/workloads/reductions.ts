import { uniform } from '../src/inputs.ts';
import { maxColumns, softmax, sum, sumColumns, sumRows, transpose } from '../src/loops.ts';
import type { Problems } from '../src/problems.ts';
import type { AnyWorkload } from '../src/workload.ts';

const n = 1024;

interface Row {
  readonly task: 'sum' | 'sumAxis0' | 'sumAxis1' | 'maxAxis1' | 'softmax' | 'transpose';
  readonly title: string;
  readonly loop: (x: Float64Array, n: number) => Float64Array;
  readonly tolerance: number;
  readonly target: number;
}

const rows: readonly Row[] = [
  // A million float32 added one after the other lose digits; libraries may do that.
  { task: 'sum', title: 'sum of all', loop: sum, tolerance: 2e-4, target: 0.6 },
  { task: 'sumAxis0', title: 'sum over axis 0', loop: sumRows, tolerance: 1e-5, target: 0.6 },
  { task: 'sumAxis1', title: 'sum over axis 1', loop: sumColumns, tolerance: 1e-5, target: 0.9 },
  { task: 'maxAxis1', title: 'max over axis 1', loop: maxColumns, tolerance: 0, target: 0.25 },
  { task: 'softmax', title: 'softmax', loop: softmax, tolerance: 1e-5, target: 1.05 },
  { task: 'transpose', title: 'transpose, materialised', loop: transpose, tolerance: 0, target: 0.4 },
];

/** W3: reductions, softmax and the transpose of [1024, 1024]. */
export const reductionWorkloads: readonly AnyWorkload[] = rows.map(({ task, title, loop, tolerance, target }) => ({
  id: `W3-${task}`,
  title: `${title}, [1024,1024]`,
  task,
  problem: (): Problems['sum'] => ({ x: uniform([n, n], 0, 1, 1) }),
  expected: ({ x }: Problems['sum']) => [loop(Float64Array.from(x.data), n)],
  tolerance,
  target,
}));
