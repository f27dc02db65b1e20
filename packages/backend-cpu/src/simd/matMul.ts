import { type KernelTable, sizeOf } from '@wengert/core/functions';
import { broadcastStrides, walk } from '../strides.ts';
import { addressOf, isFloat32, makeOnHeap, onHeap, scratch } from './access.ts';
import { multiplier } from './gemm.ts';
import { transposeMatrix } from './transpose.ts';
import { dotRows, multiplyFlat } from './vectors.ts';

/** Fewer multiplications cost less in a plain loop. */
const FEWEST = 512;
/** For fewer rows packing does not pay. */
const FLAT = 4;
const BYTES = 4;

/** One product [m, depth] × [depth, n] of operands as they lie in memory, from addresses into an address. */
type Product = (a: number, b: number, out: number) => void;

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
  const multiply = multiplier(m, n, depth);
  const [stepA, stepB] = [transposeA ? m : depth, transposeB ? depth : n];
  return (a, b, out) => {
    const left = { address: a, step: stepA, transposed: transposeA };
    multiply(left, { address: b, step: stepB, transposed: transposeB }, out);
  };
}

/** Matrix products of float32. */
export const matMul: KernelTable = {
  matMul: onHeap(([a, b], { transposeA, transposeB }, [out]) => {
    let [m, n] = out.shape.slice(-2);
    const depth = a.shape[a.shape.length - (transposeA ? 2 : 1)];
    if (!isFloat32(out) || m * n * depth < FEWEST) return null;
    let batch = out.shape.slice(0, -2);
    const leadingA = a.shape.slice(0, -2);
    const leadingB = b.shape.slice(0, -2);
    if (batch.includes(0)) return null;
    // One right operand for all rows of the batch: they are one taller matrix.
    if (!transposeA && sizeOf(leadingB) === 1 && sizeOf(leadingA) === sizeOf(batch)) {
      m *= sizeOf(batch);
      batch = [];
    }
    const [result, to] = makeOnHeap(out);
    const [fromA, fromB] = [addressOf(a), addressOf(b)];
    const product = productOf(m, n, depth, transposeA, transposeB);
    const strides = [
      broadcastStrides(batch, batch).map((step) => step * m * n * BYTES),
      broadcastStrides(leadingA, batch).map((step) => step * m * depth * BYTES),
      broadcastStrides(leadingB, batch).map((step) => step * n * depth * BYTES),
    ];
    walk({ dims: [...batch], strides }, batch.length, ([o, ia, ib]) => product(fromA + ia, fromB + ib, to + o));
    return [result];
  }),
};
