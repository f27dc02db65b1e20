import { type TensorLike, toTensor } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import { linear } from '../op/linear.ts';
import type { OpFunction } from '../op/op.ts';
import type { Rank, ShapeOf } from '../rank.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import {
  broadcastAxes,
  checkShape,
  dropAxes,
  keepAxes,
  normalizeAxes,
  type Shape,
  sameShape,
  showShape,
} from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { castOp } from './cast.ts';
import { reshaped } from './reshape.ts';

/** Attributes of the reductions: ascending axes, which are dropped. */
export interface Reduce {
  readonly axes: readonly number[];
}

/** Attributes of `broadcastTo`. */
export interface BroadcastTo {
  readonly shape: Shape;
}

export const sumOp: OpFunction<readonly [x: Tensor], Reduce, Tensor> = linear('sum', {
  infer: ([x], { axes }) => ({ shape: dropAxes(x.shape, axes), dtype: x.dtype }),
  transpose: (g, [x], { axes }) => broadcasted(reshaped(g, keepAxes(x.shape, axes)), x.shape),
});

export const broadcastToOp: OpFunction<readonly [x: Tensor], BroadcastTo, Tensor> = linear('broadcastTo', {
  infer([x], { shape }) {
    const from = x.shape;
    const offset = shape.length - from.length;
    if (offset < 0 || from.some((n, i) => n !== 1 && n !== shape[i + offset])) {
      throw new ShapeError(`broadcastTo: shape ${showShape(from)} does not broadcast to ${showShape(shape)}`);
    }
    return { shape, dtype: x.dtype };
  },
  transpose: (g, [x]) => unbroadcast(g, x.shape),
});

/** `x` repeated to `shape`: itself where it has it already. For rules. */
export function broadcasted(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : broadcastToOp([x], { shape });
}

/** The transpose of broadcasting: the sum over what was repeated. */
export function unbroadcast(g: Tensor, shape: Shape): Tensor {
  if (sameShape(g.shape, shape)) return g;
  const axes = broadcastAxes(shape, g.shape);
  return reshaped(axes.length === 0 ? g : sumOp([g], { axes }), shape);
}

/**
 * The reductions' common front: normalises the axes, reduces, and restores them with length 1 where `keepDims` asks.
 */
export function reduce(
  op: string,
  x: Tensor,
  axis: number | readonly number[] | null | undefined,
  keepDims: boolean,
  apply: (x: Tensor, axes: readonly number[]) => Tensor,
): Tensor {
  const axes = normalizeAxes(op, axis, x.shape);
  const y = apply(x, axes);
  return keepDims ? reshaped(y, keepAxes(x.shape, axes)) : y;
}

/**
 * Sum over `axis` (default: all axes). Bools are counted as int32; the sum over nothing is 0.
 * @example
 * sum([[1, 2], [3, 4]], 0).print(); // [4, 6]
 */
export function sum(x: TensorLike, axis?: number | readonly number[] | null, keepDims = false): Tensor {
  const tensor = toTensor('sum', x);
  return reduce('sum', tensor, axis, keepDims, (y, axes) => sumOp([countable(y)], { axes }));
}

/** Bools as int32, for ops that add. */
export function countable(x: Tensor): Tensor {
  return x.dtype === 'bool' ? castOp([x], { dtype: 'int32' }) : x;
}

export const sumSamples: Samples<typeof sum> = ({ uniform }) => [
  [uniform([2, 3, 4]), 1],
  [uniform([2, 3, 4]), [0, -1], true],
  [uniform([2, 3])],
  [uniform([])],
  [uniform([3, 0]), 1],
];

export const sumBadSamples: BadSamples<typeof sum> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), 2], error: 'ShapeError', names: ['sum', '[2,3]', '2'] },
  { args: [uniform([2, 3]), 0.5], error: 'ShapeError', names: ['sum', '0.5'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['sum', 'null'] },
];

/**
 * `x` repeated along new leading axes and axes of length 1 until it has `shape`.
 * @example
 * broadcastTo([1, 2], [2, 2]).print(); // [[1, 2], [1, 2]]
 */
export function broadcastTo<R extends Rank = Rank>(x: TensorLike, shape: ShapeOf<R>): Tensor<R> {
  checkShape('broadcastTo', shape);
  return broadcastToOp([toTensor('broadcastTo', x)], { shape: [...shape] }) as Tensor<R>;
}

export const broadcastToSamples: Samples<typeof broadcastTo> = ({ uniform }) => [
  [uniform([2, 1]), [2, 3]],
  [uniform([3]), [2, 3]],
  [uniform([]), [2, 2]],
  [uniform([1, 2]), [0, 2]],
];

export const broadcastToSpace: Space<typeof broadcastTo> = ({ tensor, shape, narrowed }) => {
  const lengths = shape();
  return [tensor(narrowed(lengths)), lengths];
};

export const broadcastToBadSamples: BadSamples<typeof broadcastTo> = ({ uniform }) => [
  { args: [uniform([2, 3]), [2, 4]], error: 'ShapeError', names: ['broadcastTo', '[2,3]', '[2,4]'] },
  { args: [uniform([2, 3]), [3]], error: 'ShapeError', names: ['broadcastTo'] },
];
