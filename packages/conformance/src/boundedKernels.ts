import { factorisation, fourier } from './normwise.ts';
import type { BoundedKernel, Passage } from './passage.ts';
import { bilinear, conversion, linear, pointwise, selection } from './passages.ts';
import { TOLERANCES } from './tolerance.ts';

const PASSAGES: readonly (readonly [Passage, readonly string[]])[] = [
  [linear, ['transpose', 'broadcastTo', 'reverse', 'slice', 'pad', 'concat', 'gather', 'unfold']],
  [linear, ['sum', 'cumsum', 'scatterAdd', 'fold']],
  [bilinear, ['matMul', 'conv']],
  [selection, ['max', 'min', 'argMax', 'sort']],
  [conversion, ['cast']],
  [fourier, ['fft']],
  [factorisation, ['triangularSolve', 'cholesky', 'solve', 'slogdet', 'eigh', 'qr']],
];

const passageOf = new Map(PASSAGES.flatMap(([passage, ops]) => ops.map((op) => [op, passage] as const)));

/** A kernel for every op in the table of tolerances; those not named above are pointwise. */
export const boundedKernels: ReadonlyMap<string, BoundedKernel> = new Map(
  [...TOLERANCES].map(([op, tolerance]) => [op, (passageOf.get(op) ?? pointwise)(op, tolerance)]),
);
