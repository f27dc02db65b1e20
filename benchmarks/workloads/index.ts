import type { AnyWorkload } from '../src/workload.ts';
import { gradientWorkloads } from './gradients.ts';
import { imageWorkloads } from './images.ts';
import { matMulWorkloads } from './matMul.ts';
import { pointwiseWorkloads } from './pointwise.ts';
import { reductionWorkloads } from './reductions.ts';

/** Every row that is timed or measured in a process of its own, in the order of the table. */
export const workloads: readonly AnyWorkload[] = [
  ...matMulWorkloads,
  ...pointwiseWorkloads,
  ...reductionWorkloads,
  ...imageWorkloads,
  ...gradientWorkloads,
];
