import {
  type Block,
  type DType,
  type KernelTable,
  type Output,
  sizeOf,
  type TypedArray,
} from '@wengert/core/functions';
import { perDType } from '../own.ts';
import { type CpuStorage, make, view } from '../storage.ts';
import { broadcastStrides, walk } from '../strides.ts';

/** A matrix inside a block: element (i, j) is `data[offset + i * row + j * column]`. */
interface Matrix {
  readonly data: TypedArray;
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

/** Shorter rows of sums cost more than they are worth. */
const SHORT = 8;

/** Dot products of rows of a and columns of b. */
const dotLoop = perDType(
  (
    out: TypedArray,
    o: number,
    m: number,
    n: number,
    depth: number,
    a: TypedArray,
    ia: number,
    rowA: number,
    stepA: number,
    b: TypedArray,
    ib: number,
    stepB: number,
    columnB: number,
    wraps: boolean,
  ): void => {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let p = ia + i * rowA;
        let q = ib + j * columnB;
        let sum = 0;
        if (wraps) for (let k = 0; k < depth; k++, p += stepA, q += stepB) sum = (sum + Math.imul(a[p], b[q])) | 0;
        else {
          let k = 0;
          let other = 0;
          for (; k < depth - 1; k += 2, p += 2 * stepA, q += 2 * stepB) {
            sum += a[p] * b[q];
            other += a[p + stepA] * b[q + stepB];
          }
          if (k < depth) sum += a[p] * b[q];
          sum += other;
        }
        out[o++] = sum;
      }
    }
  },
);

/** A row of a times a matrix whose rows are contiguous: sums whole rows, each scaled. */
const rowsLoop = perDType(
  (
    sums: Float64Array,
    n: number,
    depth: number,
    a: TypedArray,
    ia: number,
    stepA: number,
    b: TypedArray,
    ib: number,
    rowB: number,
  ): void => {
    sums.fill(0);
    for (let k = 0; k < depth; k++) {
      const scale = a[ia + k * stepA];
      const from = ib + k * rowB;
      for (let j = 0; j < n; j++) sums[j] += scale * b[from + j];
    }
  },
);

/** One product [m, depth] × [depth, n]. */
function product(dtype: DType, out: TypedArray, o: number, m: number, n: number, depth: number, a: Matrix, b: Matrix) {
  if (n === 1 && m > 1 && a.row === 1) {
    // A column is a row of the transposed product.
    const [left, right] = [b, a].map((x) => ({ ...x, row: x.column, column: x.row }));
    return product(dtype, out, o, 1, m, depth, left, right);
  }
  const wraps = dtype === 'int32';
  if (wraps || b.column !== 1 || n < SHORT) {
    dotLoop(dtype)(out, o, m, n, depth, a.data, a.offset, a.row, a.column, b.data, b.offset, b.row, b.column, wraps);
    return;
  }
  const sums = new Float64Array(n);
  const loop = rowsLoop(dtype);
  for (let i = 0; i < m; i++) {
    loop(sums, n, depth, a.data, a.offset + i * a.row, a.column, b.data, b.offset, b.row);
    out.set(sums, o + i * n);
  }
}

/** The last two axes of a block, perhaps transposed, read as rows × columns. */
function lastAxes(block: Block, transposed: boolean): Matrix {
  const columns = block.shape[block.shape.length - 1];
  const data = view(block);
  return transposed ? { data, offset: 0, row: 1, column: columns } : { data, offset: 0, row: columns, column: 1 };
}

/** Computes one product, from the elements that lie before its operands and before its result. */
type Product = (a: number, b: number, out: number) => void;

/** A product for each position of the leading axes, of which there are some, as they are prepared for their lengths. */
export function eachProduct(
  [a, b]: readonly Block[],
  transposeA: boolean,
  out: Output,
  prepare: (m: number, n: number, depth: number) => Product,
): void {
  const [rows, n] = out.shape.slice(-2);
  const depth = a.shape[a.shape.length - (transposeA ? 2 : 1)];
  const [all, leadingA, leadingB] = [out, a, b].map(({ shape }) => shape.slice(0, -2));
  // One right operand for all rows of the batch: they are one taller matrix.
  const joined = !transposeA && sizeOf(leadingB) === 1 && sizeOf(leadingA) === sizeOf(all);
  const batch = joined ? [] : all;
  const product = prepare(joined ? rows * sizeOf(all) : rows, n, depth);
  const strides = [out, a, b].map(({ shape }) => {
    return broadcastStrides(shape.slice(0, -2), batch).map((step) => step * sizeOf(shape.slice(-2)));
  });
  walk({ dims: [...batch], strides }, batch.length, ([o, ia, ib]) => product(ia, ib, o));
}

/** Matrix products, one for each position of the leading axes. */
export const matMul: KernelTable = {
  matMul([a, b], { transposeA, transposeB }, [out]) {
    if (out.dtype === 'bool') return null;
    const result: CpuStorage = make(out);
    const { data } = result;
    if (data.length === 0) return [result];
    const [left, right] = [lastAxes(a, transposeA), lastAxes(b, transposeB)];
    eachProduct([a, b], transposeA, out, (m, n, depth) => (ia, ib, o) => {
      product(out.dtype, data, o, m, n, depth, { ...left, offset: ia }, { ...right, offset: ib });
    });
    return [result];
  },
};
