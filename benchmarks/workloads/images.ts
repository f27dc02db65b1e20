import { conv2d, maxPool } from '../src/imageLoops.ts';
import { uniform } from '../src/inputs.ts';
import type { AnyWorkload } from '../src/workload.ts';

const shape = [8, 28, 28, 16];
const convolution = { batch: 8, height: 28, width: 28, inputs: 16, outputs: 32, size: 3 };

/** W4: convolution and pooling of images [8, 28, 28, 16]. */
export const imageWorkloads: readonly AnyWorkload[] = [
  {
    id: 'W4-conv2d',
    title: 'conv2d 3x3 to 32 channels, [8,28,28,16]',
    task: 'conv2d',
    problem: () => ({ x: uniform(shape, -1, 1, 1), filter: uniform([3, 3, 16, 32], -1, 1, 2) }),
    expected: ({ x, filter }) => [conv2d(Float64Array.from(x.data), Float64Array.from(filter.data), convolution)],
    tolerance: 1e-5,
    target: 0.9,
  },
  {
    id: 'W4-maxPool',
    title: 'maxPool 2x2, [8,28,28,16]',
    task: 'maxPool',
    problem: () => ({ x: uniform(shape, -1, 1, 1) }),
    expected: ({ x }) => [maxPool(Float64Array.from(x.data), shape).out],
    tolerance: 0,
    target: 0.3,
  },
];
