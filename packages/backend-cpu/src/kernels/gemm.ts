import { allocate, type DType, type TypedArray } from '@wengert/core/functions';
import { own, perDType } from '../own.ts';

/** Rows, columns and depth of the blocks: what is in use at a time stays in the second-level cache. */
const ROWS = 64;
const COLUMNS = 256;
const DEPTH = 256;
/** The columns of a panel of the right operand, which the innermost loop takes at a time, beside two rows. */
const PANEL = 4;

/** `sum + x * y` in the arithmetic of a dtype. */
export type MultiplyAdd = (sum: number, x: number, y: number) => number;

/** A matrix inside a block: element (i, j) is `data[offset + i * row + j * column]`. */
export interface Matrix {
  readonly data: TypedArray;
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

/** Writes `rows` × `depth` elements of the left operand from (row, k) on, row by row, to the start of `to`. */
export type FillLeft = (to: TypedArray, row: number, rows: number, k: number, depth: number) => void;

/** Adds 2 rows of the left operand times 4 packed columns to the sums. */
function microLoop(
  f: MultiplyAdd,
  left: TypedArray,
  l: number,
  right: TypedArray,
  r: number,
  depth: number,
  sums: TypedArray,
  s: number,
  width: number,
): void {
  const m = l + depth;
  const t = s + width;
  let a0 = sums[s];
  let a1 = sums[s + 1];
  let a2 = sums[s + 2];
  let a3 = sums[s + 3];
  let b0 = sums[t];
  let b1 = sums[t + 1];
  let b2 = sums[t + 2];
  let b3 = sums[t + 3];
  for (let k = 0; k < depth; k++, r += 4) {
    const a = left[l + k];
    const b = left[m + k];
    const y0 = right[r];
    const y1 = right[r + 1];
    const y2 = right[r + 2];
    const y3 = right[r + 3];
    a0 = f(a0, a, y0);
    a1 = f(a1, a, y1);
    a2 = f(a2, a, y2);
    a3 = f(a3, a, y3);
    b0 = f(b0, b, y0);
    b1 = f(b1, b, y1);
    b2 = f(b2, b, y2);
    b3 = f(b3, b, y3);
  }
  sums[s] = a0;
  sums[s + 1] = a1;
  sums[s + 2] = a2;
  sums[s + 3] = a3;
  sums[t] = b0;
  sums[t + 1] = b1;
  sums[t + 2] = b2;
  sums[t + 3] = b3;
}

/** Panels of 4 columns, row after row; columns beyond the last are zero. Blocks of `block` rows follow each other. */
const packLoop = perDType(
  (
    to: TypedArray,
    data: TypedArray,
    offset: number,
    row: number,
    column: number,
    depth: number,
    columns: number,
    block: number,
  ): void => {
    let at = 0;
    for (let start = 0; start < depth; start += block) {
      const end = Math.min(start + block, depth);
      for (let left = 0; left < columns; left += 4) {
        const count = Math.min(4, columns - left);
        for (let k = start; k < end; k++, at += 4) {
          const from = offset + k * row + left * column;
          for (let j = 0; j < 4; j++) to[at + j] = j < count ? data[from + j * column] : 0;
        }
      }
    }
  },
);

/** Copies rows × depth elements of which the columns are contiguous. */
const transposeLoop = perDType(
  (to: TypedArray, data: TypedArray, from: number, column: number, rows: number, depth: number): void => {
    for (let k = 0; k < depth; k++, from += column) {
      for (let i = 0; i < rows; i++) to[i * depth + k] = data[from + i];
    }
  },
);

/** How products are summed: in memory of which dtype, and by which formula. */
interface Arithmetic {
  readonly type: DType;
  readonly f: MultiplyAdd;
  readonly micro: typeof microLoop;
}

const double: Arithmetic = { type: 'float64', f: (sum, x, y) => sum + x * y, micro: own(microLoop) };
const integer: Arithmetic = { type: 'int32', f: (sum, x, y) => (sum + Math.imul(x, y)) | 0, micro: own(microLoop) };

/** In double, or in wrapping int32. */
export function arithmeticOf(dtype: DType): Arithmetic {
  return dtype === 'int32' ? integer : double;
}

const NOTHING = new Uint8Array(0);

/** Multiplies matrices of one dtype, keeping its working memory from one product to the next. */
export class Gemm {
  readonly #dtype: DType;
  readonly #arithmetic: Arithmetic;
  #left: TypedArray = NOTHING;
  #right: TypedArray = NOTHING;
  #sums: TypedArray = NOTHING;

  constructor(dtype: DType) {
    this.#dtype = dtype;
    this.#arithmetic = arithmeticOf(dtype);
  }

  /** Stores left [m, depth] times right [depth, n] in `out`, from `offset` on, row by row. */
  multiply(m: number, n: number, depth: number, left: FillLeft, right: Matrix, out: TypedArray, offset: number): void {
    const { f, micro } = this.#arithmetic;
    this.#reserve(m, n, depth);
    for (let column = 0; column < n; column += COLUMNS) {
      const columns = Math.min(COLUMNS, n - column);
      const width = columns + ((PANEL - (columns % PANEL)) % PANEL);
      const from = right.offset + column * right.column;
      packLoop(this.#dtype)(this.#right, right.data, from, right.row, right.column, depth, columns, DEPTH);
      for (let row = 0; row < m; row += ROWS) {
        const rows = Math.min(ROWS, m - row);
        this.#sums.fill(0);
        for (let k = 0; k < depth; k += DEPTH) {
          const deep = Math.min(DEPTH, depth - k);
          left(this.#left, row, rows, k, deep);
          for (let j = 0; j < width; j += PANEL) {
            const panel = k * width + j * deep;
            for (let i = 0; i < rows; i += 2) {
              micro(f, this.#left, i * deep, this.#right, panel, deep, this.#sums, i * width + j, width);
            }
          }
        }
        for (let i = 0; i < rows; i++) {
          out.set(this.#sums.subarray(i * width, i * width + columns), offset + (row + i) * n + column);
        }
      }
    }
  }

  #reserve(m: number, n: number, depth: number): void {
    // An odd last row is computed together with one that nobody reads.
    const rows = Math.min(ROWS, m + 1);
    const width = Math.min(COLUMNS, n + PANEL - 1);
    this.#left = this.#atLeast(this.#left, rows * Math.min(DEPTH, depth));
    this.#right = this.#atLeast(this.#right, width * depth);
    this.#sums = this.#atLeast(this.#sums, rows * width);
  }

  #atLeast(memory: TypedArray, length: number): TypedArray {
    return memory !== NOTHING && memory.length >= length ? memory : allocate(this.#arithmetic.type, length);
  }
}

/** Reads the left operand from a matrix. */
export function fillFrom(dtype: DType, { data, offset, row: step, column }: Matrix): FillLeft {
  return (to, row, rows, k, depth) => {
    const from = offset + row * step + k * column;
    if (column !== 1) return transposeLoop(dtype)(to, data, from, column, rows, depth);
    for (let i = 0; i < rows; i++) to.set(data.subarray(from + i * step, from + i * step + depth), i * depth);
  };
}
