import { uniform } from '../src/inputs.ts';
import { addRows, chain } from '../src/loops.ts';
import type { AnyWorkload } from '../src/workload.ts';

const square = [1024, 1024];
const a = () => uniform(square, -4, 4, 1);
const b = () => uniform(square, -1, 1, 2);
const wide = ({ data }: { readonly data: Float32Array }): Float64Array => Float64Array.from(data);

/** W2: pointwise on a million elements. */
export const pointwiseWorkloads: readonly AnyWorkload[] = [
  {
    id: 'W2-add',
    title: 'add, 1M',
    task: 'add',
    problem: () => ({ a: a(), b: b() }),
    expected: (given) => [addRows(wide(given.a), wide(given.b))],
    tolerance: 1e-6,
    target: 1.05,
  },
  {
    id: 'W2-broadcastAdd',
    title: 'add, [1024,1024] + [1024]',
    task: 'broadcastAdd',
    problem: () => ({ a: a(), b: uniform([1024], -1, 1, 2) }),
    expected: (given) => [addRows(wide(given.a), wide(given.b))],
    tolerance: 1e-6,
    target: 0.4,
  },
  {
    id: 'W2-exp',
    title: 'exp, 1M',
    task: 'exp',
    problem: () => ({ x: a() }),
    expected: ({ x }) => [wide(x).map(Math.exp)],
    tolerance: 1e-6,
    target: 0.7,
  },
  {
    id: 'W2-tanh',
    title: 'tanh, 1M',
    task: 'tanh',
    problem: () => ({ x: a() }),
    expected: ({ x }) => [wide(x).map(Math.tanh)],
    tolerance: 2e-6,
    target: 0.7,
  },
  {
    id: 'W2-chain',
    title: 'tanh(a * b + c) * 0.5, 1M',
    task: 'chain',
    problem: () => ({ a: a(), b: b(), c: uniform(square, -1, 1, 3) }),
    expected: (given) => [chain(wide(given.a), wide(given.b), wide(given.c))],
    tolerance: 2e-6,
    target: 0.6,
  },
];
