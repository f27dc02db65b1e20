import { type KernelTable, sizeOf } from '@wengert/core/functions';
import { eachProduct } from '../../kernels/matMul.ts';
import { addressOf, isFloat32, makeOnHeap, onHeap, scratch } from '../access.ts';
import { transposeMatrix } from '../movement/transpose.ts';
import { dotRows, multiplyFlat } from './flatProducts.ts';
import { multiplier, type Product } from './gemm.ts';

/** Fewer multiplications cost less in a plain loop. */
const FEWEST = 512;
/** For fewer rows packing does not pay. */
const FLAT = 4;
const BYTES = 4;

/** Chooses the way for all products of one kernel. */
function productOf(m: number, n: number, depth: number, transposeA: boolean, transposeB: boolean): Product {
  if (n === 1 && m > 1) {
    // A column is a row of the transposed product.
    const product = productOf(1, m, depth, transposeB, !transposeA);
    return (a, b, out) => product(b, a, out);
  }
  // One row is the same transposed; few are turned, because the flat loops read them along their rows.
  if (m <= FLAT) {
    const turned = transposeA && m > 1 ? scratch(m * depth * BYTES) : 0;
    const flat = transposeB ? dotRows : multiplyFlat;
    return (a, b, out) => {
      if (turned !== 0) transposeMatrix(turned, a, depth, m);
      flat(m, n, depth, turned || a, b, out);
    };
  }
  return multiplier(m, n, depth, transposeA, transposeB);
}

/** Matrix products of float32. */
export const matMul: KernelTable = {
  matMul: onHeap(([a, b], { transposeA, transposeB }, [out]) => {
    const rank = out.shape.length;
    const [m, n] = [out.shape[rank - 2], out.shape[rank - 1]];
    const depth = a.shape[a.shape.length - (transposeA ? 2 : 1)];
    if (!isFloat32(out) || m * n * depth < FEWEST || sizeOf(out.shape) === 0) return null;
    const [result, to] = makeOnHeap(out);
    const [from, other] = [addressOf(a), addressOf(b)];
    if (rank === 2) productOf(m, n, depth, transposeA, transposeB)(from, other, to);
    else {
      eachProduct([a, b], transposeA, out, (...lengths) => {
        const product = productOf(...lengths, transposeA, transposeB);
        return (ia, ib, o) => product(from + ia * BYTES, other + ib * BYTES, to + o * BYTES);
      });
    }
    return [result];
  }),
};
