import { type Block, type KernelTable, type Output, type Storage, sizeOf } from '@wengert/core/functions';
import { broadcastStrides, walk } from '../strides.ts';
import { addressOf, isFloat32, makeOnHeap, onHeap, scratch } from './access.ts';
import { multiplier, type Product } from './gemm.ts';
import { transposeMatrix } from './transpose.ts';
import { dotRows, multiplyFlat } from './vectors.ts';

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
    if (!isFloat32(out) || m * n * depth < FEWEST) return null;
    if (rank > 2) return batched(a, b, m, n, depth, transposeA, transposeB, out);
    const [result, to] = makeOnHeap(out);
    const [from, other] = [addressOf(a), addressOf(b)];
    productOf(m, n, depth, transposeA, transposeB)(from, other, to);
    return [result];
  }),
};

/** A product for each position of the leading axes. */
function batched(
  a: Block,
  b: Block,
  m: number,
  n: number,
  depth: number,
  transposeA: boolean,
  transposeB: boolean,
  out: Output,
): Storage[] | null {
  const [batch, leadingA, leadingB] = [out, a, b].map(({ shape }) => shape.slice(0, -2));
  if (batch.includes(0)) return null;
  const [result, to] = makeOnHeap(out);
  const [fromA, fromB] = [addressOf(a), addressOf(b)];
  // One right operand for all rows of the batch: they are one taller matrix.
  if (!transposeA && sizeOf(leadingB) === 1 && sizeOf(leadingA) === sizeOf(batch)) {
    productOf(m * sizeOf(batch), n, depth, false, transposeB)(fromA, fromB, to);
    return [result];
  }
  const product = productOf(m, n, depth, transposeA, transposeB);
  const strides = [
    broadcastStrides(batch, batch).map((step) => step * m * n * BYTES),
    broadcastStrides(leadingA, batch).map((step) => step * m * depth * BYTES),
    broadcastStrides(leadingB, batch).map((step) => step * n * depth * BYTES),
  ];
  walk({ dims: [...batch], strides }, batch.length, ([o, ia, ib]) => product(fromA + ia, fromB + ib, to + o));
  return [result];
}
