import type { Backend } from '@wengert/core/functions';
import { backendOf, type Family } from './backend.ts';
import { conv } from './kernels/conv.ts';
import { matMul } from './kernels/matMul.ts';
import { movement as plainMovement } from './kernels/movement.ts';
import { pool } from './kernels/pool.ts';
import { reductions as plainReductions } from './kernels/reductions.ts';
import { softmax as plainSoftmax } from './kernels/softmax.ts';
import { gather } from './simd/movement/gather.ts';
import { scatter } from './simd/movement/scatter.ts';
import { strided } from './simd/movement/strided.ts';
import { transpose } from './simd/movement/transpose.ts';
import { conv as convSimd } from './simd/products/conv.ts';
import { matMul as matMulSimd } from './simd/products/matMul.ts';
import { argMax } from './simd/reductions/argMax.ts';
import { moments } from './simd/reductions/moments.ts';
import { reductions as reductionsSimd } from './simd/reductions/reductions.ts';
import { norm } from './simd/rows/norm.ts';
import { scan } from './simd/rows/scan.ts';
import { softmax as softmaxSimd } from './simd/rows/softmax.ts';
import { pool as poolSimd } from './simd/windows/pool.ts';

/** Slicing, repeating, gathering and scattering. */
const movement: Family = { plain: plainMovement, fast: transpose };

/** Gathering and scattering, by indices or by strides, faster than the plain loops that serve without it. */
export const indexing: Family = {
  plain: {},
  fast: /* @__PURE__ */ Object.assign({}, strided, transpose, gather, scatter),
};

/** Sums, maxima and the like. */
export const reductions: Family = { plain: plainReductions, fast: reductionsSimd };

/** Running sums and products, and where the largest elements stand, faster than the loops that serve without it. */
export const scans: Family = { plain: {}, fast: /* @__PURE__ */ Object.assign({}, scan, argMax) };

/** Products of matrices. */
export const products: Family = { plain: matMul, fast: matMulSimd };

/** Softmax and its logarithm; without it they are composed. */
export const softmax: Family = { plain: plainSoftmax, fast: softmaxSimd };

/** Convolutions in all directions. */
export const convolutions: Family = { plain: conv, fast: convSimd };

/** Largest elements and means of windows, and depthwise convolutions; without it they are composed. */
export const pooling: Family = { plain: pool, fast: poolSimd };

/** Moments, and normalisation by them; without it they are composed. */
export const normalization: Family = { plain: {}, fast: /* @__PURE__ */ Object.assign({}, moments, norm) };

export type { Family };

/** All of them. */
export const everything: readonly Family[] = [
  movement,
  indexing,
  reductions,
  scans,
  products,
  softmax,
  convolutions,
  pooling,
  normalization,
];

/**
 * A cpu backend with the kernels of these families only, and those of elementwise ops and of movement, which all
 * derivatives need: for programs that count every byte of their bundles. Ops of other families are composed where they
 * can be, and otherwise throw `UnsupportedOpError`. The entry registers nothing.
 * @example
 * import { cpuBackendWith, products, reductions } from '@wengert/backend-cpu/families';
 * import { add, setBackend } from '@wengert/core/functions';
 * await setBackend(cpuBackendWith([reductions, products]));
 * add([1, 2], 1).print(); // [2, 3]
 */
export function cpuBackendWith(families: readonly Family[]): Backend {
  return backendOf([movement, ...families]);
}
