import type { KernelTable } from '@wengert/core/functions';
import type { Device } from '../program.ts';
import { argMaxKernels } from './argMax.ts';
import { convKernels } from './conv.ts';
import { joiningKernels } from './joining.ts';
import { matMulKernels } from './matMul.ts';
import { movementKernels } from './movement.ts';
import { paddingKernels } from './padding.ts';
import { poolGradientKernels } from './poolGradient.ts';
import { poolingKernels } from './pooling.ts';
import { reductionKernels } from './reductions.ts';
import { scanKernels } from './scan.ts';
import { scatteringKernels } from './scattering.ts';
import { softmaxKernels } from './softmax.ts';
import { sortingKernels } from './sorting.ts';

/** All kernels but the pointwise ones, by op name. Nothing is compiled before a kernel is called. */
export function webglKernels(device: Device): KernelTable {
  return {
    ...movementKernels(device),
    ...paddingKernels(device),
    ...joiningKernels(device),
    ...reductionKernels(device),
    ...argMaxKernels(device),
    ...matMulKernels(device),
    ...convKernels(device),
    ...scatteringKernels(device),
    ...scanKernels(device),
    ...poolingKernels(device),
    ...poolGradientKernels(device),
    ...softmaxKernels(device),
    ...sortingKernels(device),
  };
}
