import type { TensorLike } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import { bilinear } from '../op/bilinear.ts';
import type { OpFunction } from '../op/op.ts';
import { operands } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { broadcastShapes, type Shape, showShape, sizeOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { reshaped } from './reshape.ts';
import { countable, unbroadcast } from './sum.ts';

/** Attributes of `matMul`: whether the last two axes of an operand are exchanged first. */
export interface MatMul {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

export const matMulOp: OpFunction<readonly [a: Tensor, b: Tensor], MatMul, Tensor> = bilinear('matMul', {
  infer([a, b], { transposeA, transposeB }) {
    const [rows, inner] = matrixShape(a.shape, transposeA);
    const [other, columns] = matrixShape(b.shape, transposeB);
    if (inner !== other) {
      throw new ShapeError(
        `matMul: shapes ${showShape(a.shape)} and ${showShape(b.shape)} with transposeA=${transposeA} and transposeB=${transposeB} have inner lengths ${inner} and ${other}`,
      );
    }
    const batch = broadcastShapes('matMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
    return { shape: [...batch, rows, columns], dtype: a.dtype };
  },
  transpose: [
    (g, a, b, { transposeA, transposeB }) =>
      unbroadcast(transposeA ? matMul(b, g, transposeB, true) : matMul(g, b, false, !transposeB), a.shape),
    (g, a, b, { transposeA, transposeB }) =>
      unbroadcast(transposeB ? matMul(g, a, true, transposeA) : matMul(a, g, !transposeA, false), b.shape),
  ],
});

function matrixShape(shape: Shape, transpose: boolean): [rows: number, columns: number] {
  const [rows, columns] = shape.slice(-2);
  return transpose ? [columns, rows] : [rows, columns];
}

/**
 * Matrix product over the last two axes; the leading ones are a batch and broadcast. Bools are counted as int32.
 * @example
 * matMul([[1, 2]], [[3], [4]]).print(); // [[11]]
 */
export function matMul(a: TensorLike, b: TensorLike, transposeA = false, transposeB = false): Tensor {
  const [x, y] = operands('matMul', [a, b]).map(countable);
  if (x.rank < 2 || y.rank < 2) {
    throw new ShapeError(
      `matMul: shapes ${showShape(x.shape)} and ${showShape(y.shape)} must both have at least two axes; reshape vectors, or use dot`,
    );
  }
  const attrs: MatMul = { transposeA, transposeB };
  if (x.rank === 2 || y.rank > 2 || transposeA) return matMulOp([x, y], attrs);
  // One matrix on the right of all: the batch is more rows of the left one.
  matMulOp.op.infer([x, y], attrs);
  const rows = x.shape.slice(0, -1);
  const out = matMulOp([reshaped(x, [sizeOf(rows), x.shape[rows.length]]), y], attrs);
  return reshaped(out, [...rows, out.shape[1]]);
}

export const matMulSamples: Samples<typeof matMul> = ({ uniform, indices, bools }) => [
  [uniform([2, 3]), uniform([3, 4])],
  [uniform([3, 2]), uniform([3, 4]), true],
  [uniform([2, 3]), uniform([4, 3]), false, true],
  [uniform([3, 2]), uniform([4, 3]), true, true],
  [uniform([5, 2, 3]), uniform([5, 3, 2])],
  [uniform([2, 1, 3, 2]), uniform([4, 3, 2]), true, false],
  [uniform([2, 2, 3]), uniform([3, 4])],
  [uniform([2, 3, 2]), uniform([3, 4]), true],
  [uniform([2, 2, 3]), uniform([4, 3]), false, true],
  [uniform([2, 3]), uniform([2, 2, 3]), false, true],
  [uniform([1, 1]), uniform([1, 1])],
  [uniform([2, 0]), uniform([0, 3])],
  [uniform([0, 2]), uniform([2, 3])],
  [uniform([0, 2, 2]), uniform([2, 2])],
  [indices([2, 3], 5), indices([3, 2], 5)],
  [bools([2, 2]), bools([2, 2])],
];

export const matMulSpace: Space<typeof matMul> = ({ tensor, shape, length, narrowed, pick }) => {
  const batch = shape(0, 2);
  const [m, k, n, transposeA, transposeB] = [length(), length(), length(), pick(false, true), pick(false, true)];
  const a = tensor([...batch, ...(transposeA ? [k, m] : [m, k])]);
  return [a, tensor([...narrowed(batch), ...(transposeB ? [n, k] : [k, n])]), transposeA, transposeB];
};

export const matMulBadSamples: BadSamples<typeof matMul> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), uniform([4, 2])], error: 'ShapeError', names: ['matMul', '[2,3]', '[4,2]', '3', '4'] },
  { args: [uniform([2, 2, 3]), uniform([4, 2])], error: 'ShapeError', names: ['matMul', '[2,2,3]', '[4,2]'] },
  { args: [uniform([3]), uniform([3, 2])], error: 'ShapeError', names: ['matMul', '[3]', '[3,2]'] },
  { args: [uniform([2, 3]), uniform([3])], error: 'ShapeError', names: ['matMul', '[2,3]', '[3]'] },
  { args: [uniform([2, 2, 3]), uniform([3, 3, 2])], error: 'ShapeError', names: ['matMul', '[2]', '[3]'] },
  { args: [wrong(null), uniform([3, 2])], error: 'ArgumentError', names: ['matMul', 'null'] },
];

/**
 * The inner product of two vectors, or the product of a vector and a matrix or of two matrices.
 * @example
 * dot([1, 2], [3, 4]).print(); // 11
 */
export function dot(t1: TensorLike, t2: TensorLike): Tensor {
  const [a, b] = operands('dot', [t1, t2]).map(countable);
  const fits = [a, b].every(({ rank }) => rank === 1 || rank === 2);
  if (!fits || a.shape[a.rank - 1] !== b.shape[0]) {
    throw new ShapeError(
      `dot: shapes ${showShape(a.shape)} and ${showShape(b.shape)} must have one or two axes and the same inner length`,
    );
  }
  const row = a.rank === 1 ? reshaped(a, [1, a.size]) : a;
  const column = b.rank === 1 ? reshaped(b, [b.size, 1]) : b;
  const out = matMulOp([row, column], { transposeA: false, transposeB: false });
  return reshaped(out, [...a.shape.slice(0, -1), ...b.shape.slice(1)]);
}

export const dotSamples: Samples<typeof dot> = ({ uniform }) => [
  [uniform([3]), uniform([3])],
  [uniform([3]), uniform([3, 2])],
  [uniform([2, 3]), uniform([3])],
  [uniform([2, 3]), uniform([3, 2])],
  [uniform([0]), uniform([0])],
];

export const dotSpace: Space<typeof dot> = ({ uniform, length, pick }) => {
  const [m, k, n] = [length(), length(), length()];
  return [uniform(pick([k], [m, k])), uniform(pick([k], [k, n]))];
};

export const dotBadSamples: BadSamples<typeof dot> = ({ uniform, wrong }) => [
  { args: [uniform([3]), uniform([2])], error: 'ShapeError', names: ['dot', '[3]', '[2]'] },
  { args: [uniform([]), uniform([2])], error: 'ShapeError', names: ['dot', '[]', '[2]'] },
  { args: [uniform([2, 2, 2]), uniform([2])], error: 'ShapeError', names: ['dot', '[2,2,2]', '[2]'] },
  { args: [wrong(null), uniform([2])], error: 'ArgumentError', names: ['dot', 'null'] },
];

/**
 * All products of an element of `v1` and one of `v2`.
 * @example
 * outerProduct([1, 2], [3, 4]).print(); // [[3, 4], [6, 8]]
 */
export function outerProduct(v1: TensorLike, v2: TensorLike): Tensor {
  const [a, b] = operands('outerProduct', [v1, v2]);
  if (a.rank !== 1 || b.rank !== 1) {
    throw new ShapeError(`outerProduct: needs two vectors, got shapes ${showShape(a.shape)} and ${showShape(b.shape)}`);
  }
  return matMul(reshaped(a, [a.size, 1]), reshaped(b, [1, b.size]));
}

export const outerProductSamples: Samples<typeof outerProduct> = ({ uniform }) => [
  [uniform([3]), uniform([2])],
  [uniform([1]), [0.5, 2]],
  [uniform([0]), uniform([2])],
];

export const outerProductSpace: Space<typeof outerProduct> = ({ uniform, length }) => [
  uniform([length()]),
  uniform([length()]),
];

export const outerProductBadSamples: BadSamples<typeof outerProduct> = ({ uniform, wrong }) => [
  { args: [uniform([2, 2]), uniform([2])], error: 'ShapeError', names: ['outerProduct', '[2,2]', '[2]'] },
  { args: [uniform([2]), wrong(null)], error: 'ArgumentError', names: ['outerProduct', 'null'] },
];
