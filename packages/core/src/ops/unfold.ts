import { type TensorLike, toTensor } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import { like, linear } from '../op/linear.ts';
import type { OpFunction } from '../op/op.ts';
import type { BadSamples, Draw, Samples, Space } from '../sampling.ts';
import { checkShape, normalizeAxis, type Shape, showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { countable } from './sum.ts';

/** Attributes of `unfold`: ascending axes, and for each the length of its windows, their distance, and the gaps inside. */
export interface Unfold {
  readonly axes: readonly number[];
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

/** Attributes of `fold`: those of the `unfold` that it transposes, and the lengths of the axes that this one had. */
export interface Fold extends Unfold {
  readonly size: readonly number[];
}

export const unfoldOp: OpFunction<readonly [x: Tensor], Unfold, Tensor> = linear('unfold', {
  infer: ([x], attrs) => like(x, unfoldedShape(x.shape, attrs)),
  transpose: (g, [x], attrs) => foldOp([g], { ...attrs, size: attrs.axes.map((axis) => x.shape[axis]) }),
});

export const foldOp: OpFunction<readonly [u: Tensor], Fold, Tensor> = linear('fold', {
  infer([u], attrs) {
    const shape = u.shape.slice(0, u.shape.length - attrs.axes.length);
    attrs.axes.forEach((axis, i) => {
      shape[axis] = attrs.size[i];
    });
    const whole = unfoldedShape(shape, attrs);
    if (showShape(whole) !== showShape(u.shape)) {
      throw new ShapeError(
        `fold: shape ${showShape(u.shape)} is not what unfolding ${showShape(shape)} gives, ${showShape(whole)}`,
      );
    }
    return like(u, shape);
  },
  transpose: (g, _inputs, { axes, window, strides, dilations }) => unfoldOp([g], { axes, window, strides, dilations }),
});

function unfoldedShape(shape: Shape, { axes, window, strides, dilations }: Unfold): number[] {
  const out = [...shape, ...window];
  axes.forEach((axis, i) => {
    out[axis] = windowCount(shape[axis], window[i], strides[i], dilations[i]);
  });
  return out;
}

/** How many windows fit along an axis. */
export function windowCount(length: number, window: number, stride: number, dilation: number): number {
  return Math.max(0, Math.floor((length - dilation * (window - 1) - 1) / stride) + 1);
}

type Numbers = number | readonly number[];

/** One positive integer per axis; a single number serves all. */
function perAxis(op: string, name: string, value: Numbers, count: number): number[] {
  const list = typeof value === 'number' ? new Array<number>(count).fill(value) : [...value];
  if (list.length !== count || !list.every((n) => Number.isInteger(n) && n > 0)) {
    throw new ShapeError(
      `${op}: ${name} ${JSON.stringify(value)} must be a positive integer for each of ${count} axes`,
    );
  }
  return list;
}

function normalized(
  op: string,
  shape: Shape,
  axis: Numbers,
  window: Numbers,
  strides: Numbers,
  dilations: Numbers,
): Unfold {
  const axes = (typeof axis === 'number' ? [axis] : axis).map((one) => normalizeAxis(op, one, shape));
  if (axes.some((one, i) => i > 0 && axes[i - 1] >= one)) {
    throw new ShapeError(`${op}: axes ${showShape(axes)} must ascend`);
  }
  return {
    axes,
    window: perAxis(op, 'window', window, axes.length),
    strides: perAxis(op, 'strides', strides, axes.length),
    dilations: perAxis(op, 'dilations', dilations, axes.length),
  };
}

/**
 * The windows of `x` along `axis` (one or several, ascending): each of these axes becomes the number of windows, and the
 * axes of the window come last. An element is repeated in every window that it lies in.
 * @example
 * unfold([1, 2, 3], 0, 2).print(); // [[1, 2], [2, 3]]
 */
export function unfold(
  x: TensorLike,
  axis: Numbers,
  window: Numbers,
  strides: Numbers = 1,
  dilations: Numbers = 1,
): Tensor {
  const tensor = toTensor('unfold', x);
  return unfoldOp([tensor], normalized('unfold', tensor.shape, axis, window, strides, dilations));
}

export const unfoldSamples: Samples<typeof unfold> = ({ uniform, bools }) => [
  [uniform([5]), 0, 3],
  [uniform([7]), 0, 2, 3],
  [uniform([7]), 0, 3, 1, 2],
  [uniform([2, 5, 6]), [1, 2], [2, 3], [2, 1], [1, 2]],
  [uniform([2, 4, 4, 2]), [-3, -2], 2, 2],
  [uniform([4, 3]), [0], [4]],
  [uniform([2]), 0, 3],
  [uniform([0, 4]), 1, 2],
  [bools([4]), 0, 2],
];

/** One or two axes of a tensor with `rank` of them, and windows along them. */
function windowsAlong({ order, int, pick }: Draw, rank: number) {
  const axes = order(rank)
    .slice(0, int(1, 2))
    .map((i) => i - pick(0, rank));
  const each = (most: number): number[] => axes.map(() => int(1, most));
  return { axes, window: each(3), strides: each(3), dilations: each(2) };
}

export const unfoldSpace: Space<typeof unfold> = (draw) => {
  const { tensor, shape, int, pick } = draw;
  const lengths = [...shape(1, 3), int(0, 6)];
  const each = windowsAlong(draw, lengths.length);
  return [
    tensor(lengths),
    ...pick([each.axes, each.window, each.strides, each.dilations] as const, [-1, int(1, 3)] as const),
  ];
};

export const unfoldBadSamples: BadSamples<typeof unfold> = ({ uniform, wrong }) => [
  { args: [uniform([4]), 1, 2], error: 'ShapeError', names: ['unfold', '1', '[4]'] },
  { args: [uniform([4, 4]), [1, 0], 2], error: 'ShapeError', names: ['unfold', '[1,0]'] },
  { args: [uniform([4]), 0, 0], error: 'ShapeError', names: ['unfold', 'window', '0'] },
  { args: [uniform([4]), 0, 2, 0.5], error: 'ShapeError', names: ['unfold', 'strides', '0.5'] },
  { args: [uniform([4]), 0, 2, 1, [1, 1]], error: 'ShapeError', names: ['unfold', 'dilations', '[1,1]'] },
  { args: [wrong(null), 0, 2], error: 'ArgumentError', names: ['unfold', 'null'] },
];

/**
 * The transpose of `unfold`: lays windows back to where they came from along `axis`, whose lengths were `size`, and sums
 * where they overlap.
 * @example
 * fold([[1, 2], [2, 3]], 0, 2, 3).print(); // [1, 4, 3]
 */
export function fold(
  u: TensorLike,
  axis: Numbers,
  window: Numbers,
  size: Numbers,
  strides: Numbers = 1,
  dilations: Numbers = 1,
): Tensor {
  const tensor = countable(toTensor('fold', u));
  const count = typeof axis === 'number' ? 1 : axis.length;
  const shape = tensor.shape.slice(0, Math.max(0, tensor.rank - count));
  const lengths = typeof size === 'number' ? [size] : [...size];
  checkShape('fold', lengths);
  if (lengths.length !== count) throw new ShapeError(`fold: size ${showShape(lengths)} must have ${count} lengths`);
  return foldOp([tensor], { ...normalized('fold', shape, axis, window, strides, dilations), size: lengths });
}

export const foldSamples: Samples<typeof fold> = ({ uniform, bools }) => [
  [uniform([3, 3]), 0, 3, 5],
  [uniform([2, 2]), 0, 2, 7, 3],
  [uniform([2, 2, 2, 2, 3]), [1, 2], [2, 3], [5, 6], [2, 1], [1, 2]],
  [uniform([2, 3, 2]), -1, 2, 4],
  [uniform([0, 3]), 0, 3, 2],
  [bools([3, 2]), 0, 2, 4],
];

export const foldSpace: Space<typeof fold> = (draw) => {
  const { tensor, list, length } = draw;
  const rank = draw.int(1, 3);
  const { axes, window, strides, dilations } = windowsAlong(draw, rank);
  const size = axes.map(() => draw.int(0, 6));
  const lengths = list(rank, () => length());
  axes.forEach((axis, i) => {
    lengths[axis < 0 ? axis + rank : axis] = windowCount(size[i], window[i], strides[i], dilations[i]);
  });
  return [
    tensor([...lengths, ...window]),
    axes.map((axis) => (axis < 0 ? axis + rank : axis)),
    window,
    size,
    strides,
    dilations,
  ];
};

export const foldBadSamples: BadSamples<typeof fold> = ({ uniform, wrong }) => [
  { args: [uniform([3, 3]), 0, 3, 6], error: 'ShapeError', names: ['fold', '[3,3]', '[4,3]'] },
  { args: [uniform([3, 3]), 0, 2, 4], error: 'ShapeError', names: ['fold', '[3,3]', '[3,2]'] },
  { args: [uniform([3, 3]), 1, 3, 5], error: 'ShapeError', names: ['fold', '1', '[3]'] },
  { args: [uniform([3, 3]), 0, 3, [5, 5]], error: 'ShapeError', names: ['fold', '[5,5]'] },
  { args: [wrong(null), 0, 3, 5], error: 'ArgumentError', names: ['fold', 'null'] },
];
