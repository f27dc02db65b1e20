import type { Spec } from '../backend.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { hostTensor } from '../create/host.ts';
import { convertValues } from '../dtype.ts';
import { composite } from '../op/composite.ts';
import { NO_ATTRS, type OpFunction } from '../op/op.ts';
import { floatOperand } from '../promote.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import type { Tensor } from '../tensor.ts';
import { checkImages, type Padding, type Pair, pairOf, resolvePads, windowGrid } from '../window.ts';
import { stopGradientOp } from './alias.ts';
import { argMaxOp } from './extrema.ts';
import { gatherOp, scatterAddOp, steps } from './gather.ts';
import { add, mul } from './pointwise.ts';
import { reshaped } from './reshape.ts';
import { padded, sliced } from './slice.ts';
import { broadcasted, countable, sumOp } from './sum.ts';
import { foldOp, type Unfold, unfoldOp } from './unfold.ts';

/** Attributes of the poolings of images [N, H, W, C], for height and width each. */
export interface Pool {
  readonly window: Pair;
  readonly strides: Pair;
  readonly pads: readonly [Pair, Pair];
}

const NO_PADS: Pool['pads'] = [
  [0, 0],
  [0, 0],
];

function pooledShape({ shape }: Spec, attrs: Pool): [n: number, height: number, width: number, channels: number] {
  const [height, width] = windowGrid(shape, attrs.window, { ...attrs, dilations: [1, 1] });
  return [shape[0], height, width, shape[3]];
}

function unfolding({ window, strides }: Omit<Pool, 'pads'>): Unfold {
  return { axes: [1, 2], window, strides, dilations: [1, 1] };
}

/** The images with `value` around them. */
function bordered(x: Tensor, { pads }: Pool, value: number): Tensor {
  return pads.flat().every((n) => n === 0) ? x : padded(x, [[0, 0], ...pads, [0, 0]], value);
}

/** The images with a border that never is the largest. */
function loweredAround(x: Tensor, attrs: Pool): Tensor {
  return bordered(x, attrs, x.dtype === 'int32' ? -(2 ** 31) : -Infinity);
}

/** The transpose of a border of zeros. */
function cropped(g: Tensor, [[top], [left]]: Pool['pads'], shape: readonly number[]): Tensor {
  return sliced(g, [0, top, left, 0], shape);
}

/**
 * Where in the images, flattened, the largest element of each window stands: the first of equals, a NaN only where
 * there is nothing else.
 */
export const maxPoolIndicesOp: OpFunction<readonly [x: Tensor], Omit<Pool, 'pads'>, Tensor> = composite(
  'maxPoolIndices',
  {
    saves: [],
    infer: ([x], attrs) => ({ shape: pooledShape(x, { ...attrs, pads: NO_PADS }), dtype: 'int32' }),
    compose([x], attrs) {
      const [height, width] = attrs.window;
      const [, , row, channels] = x.shape;
      const windows = unfoldOp([x], unfolding(attrs));
      const grid = windows.shape.slice(0, 4);
      const best = argMaxOp([reshaped(windows, [...grid, height * width])], { axis: 4 });
      const rows = steps(x, height, row * channels, [height, 1]);
      const inside = reshaped(add(rows, steps(x, width, channels)), [height * width]);
      const [n, down, across] = grid;
      const corners = add(
        steps(x, down, attrs.strides[0] * row * channels, [down, 1, 1]),
        add(steps(x, across, attrs.strides[1] * channels, [across, 1]), steps(x, channels, 1)),
      );
      const images = add(corners, steps(x, n, x.shape[1] * row * channels, [n, 1, 1, 1]));
      return add(images, gatherOp([inside, best], { axis: 0 }));
    },
  },
);

export const maxPoolOp: OpFunction<readonly [x: Tensor], Pool, Tensor> = composite('maxPool', {
  saves: [0],
  infer: ([x], attrs) => ({ shape: pooledShape(x, attrs), dtype: x.dtype }),
  compose([x], attrs) {
    const images = loweredAround(x, attrs);
    return gatherOp([reshaped(images, [images.size]), winners(images, attrs)], { axis: 0 });
  },
  vjp(g, [x], _y, attrs) {
    const images = loweredAround(stopGradientOp([x], NO_ATTRS), attrs);
    const back = scatterAddOp([g, winners(images, attrs)], { axis: 0, size: images.size });
    return cropped(reshaped(back, images.shape), attrs.pads, x.shape);
  },
});

function winners(images: Tensor, { window, strides }: Pool): Tensor {
  return maxPoolIndicesOp([stopGradientOp([images], NO_ATTRS)], { window, strides });
}

export const avgPoolOp: OpFunction<readonly [x: Tensor], Pool, Tensor> = composite('avgPool', {
  saves: [],
  infer: ([x], attrs) => ({ shape: pooledShape(x, attrs), dtype: x.dtype }),
  compose([x], attrs) {
    const windows = unfoldOp([bordered(x, attrs, 0)], unfolding(attrs));
    return mul(sumOp([windows], { axes: [4, 5] }), weights(windows, x.shape, attrs));
  },
  vjp(g, [x], _y, attrs) {
    const size = attrs.pads.map(([low, high], i) => x.shape[i + 1] + low + high);
    const shared = mul(g, weights(g, x.shape, attrs));
    const windows = broadcasted(reshaped(shared, [...g.shape, 1, 1]), [...g.shape, ...attrs.window]);
    return cropped(foldOp([windows], { ...unfolding(attrs), size }), attrs.pads, x.shape);
  },
});

/** One over how many elements of each window lie inside the image. */
function weights(like: Tensor, shape: readonly number[], { window, strides, pads }: Pool): Tensor | number {
  if (pads.flat().every((n) => n === 0)) return 1 / (window[0] * window[1]);
  const [rows, columns] = ([0, 1] as const).map((i) =>
    Array.from({ length: like.shape[i + 1] }, (_, at) => {
      const begin = at * strides[i] - pads[i][0];
      return Math.max(0, Math.min(begin + window[i], shape[i + 1]) - Math.max(begin, 0));
    }),
  );
  const values = rows.flatMap((m) => columns.map((n) => 1 / (m * n)));
  const grid = [rows.length, columns.length, 1];
  return hostTensor('avgPool', like.backend, convertValues(values, like.dtype), grid, like.dtype);
}

function pooled(
  op: OpFunction<readonly [x: Tensor], Pool, Tensor>,
  x: Tensor,
  filterSize: number | Pair,
  strides: number | Pair,
  pad: Padding,
): Tensor {
  const { name } = op.op;
  checkImages(name, x);
  const images = x.rank === 4 ? x : reshaped(x, [1, ...x.shape]);
  const window = pairOf(name, 'filterSize', filterSize);
  const steps = { strides: pairOf(name, 'strides', strides), dilations: [1, 1] } as const;
  const pads = resolvePads(name, pad, images.shape, window, steps);
  const out = op([images], { window, strides: steps.strides, pads });
  return x.rank === 4 ? out : reshaped(out, out.shape.slice(1));
}

/**
 * The largest element of each window of one image or a batch of them [batch, height, width, channels]. The gradient goes
 * to the first of equals; NaN is passed over.
 * @example
 * maxPool([[[1], [2]], [[3], [4]]], 2, 2, 'valid').print(); // [[[4]]]
 */
export function maxPool(x: TensorLike, filterSize: number | Pair, strides: number | Pair, pad: Padding): Tensor {
  return pooled(maxPoolOp, countable(toTensor('maxPool', x)), filterSize, strides, pad);
}

/**
 * The mean over each window of one image or a batch of them [batch, height, width, channels], of the elements that lie
 * inside the image.
 * @example
 * avgPool([[[1], [2]], [[3], [4]]], 2, 2, 'valid').print(); // [[[2.5]]]
 */
export function avgPool(x: TensorLike, filterSize: number | Pair, strides: number | Pair, pad: Padding): Tensor {
  return pooled(avgPoolOp, floatOperand('avgPool', x), filterSize, strides, pad);
}

const samples: Samples<typeof maxPool> = ({ distinct, indices }) => [
  [distinct([2, 4, 4, 2]), 2, 2, 'valid'],
  [distinct([5, 4, 1]), [3, 2], 1, 'valid'],
  [distinct([1, 5, 5, 2]), 2, 2, 'same'],
  [distinct([4, 3, 2]), 3, [1, 2], 'same'],
  [distinct([2, 3, 4, 1]), 2, [1, 3], 1],
  [
    distinct([1, 3, 4, 1]),
    [2, 3],
    2,
    [
      [0, 0],
      [1, 0],
      [2, 1],
      [0, 0],
    ],
  ],
  [distinct([1, 2, 2, 1]), 3, 1, 'valid'],
  [distinct([0, 4, 4, 1]), 2, 2, 'same'],
  [indices([3, 3, 1], 9), 2, 1, 'same'],
];

const refused =
  (op: string): BadSamples<typeof maxPool> =>
  ({ uniform, wrong }) => [
    { args: [uniform([4, 4]), 2, 2, 'same'], error: 'ShapeError', names: [op, '[4,4]'] },
    { args: [uniform([4, 4, 1]), 0, 2, 'same'], error: 'ShapeError', names: [op, 'filterSize', '0'] },
    { args: [uniform([4, 4, 1]), 2, [1, -1], 'same'], error: 'ShapeError', names: [op, 'strides', '[1,-1]'] },
    { args: [uniform([4, 4, 1]), 2, 2, 0.5], error: 'ShapeError', names: [op, 'pad', '0.5'] },
    { args: [uniform([4, 4, 1]), 2, 2, wrong(null)], error: 'ArgumentError', names: [op, 'pad', 'null'] },
    { args: [wrong(null), 2, 2, 'same'], error: 'ArgumentError', names: [op, 'null'] },
  ];

export const maxPoolSamples: Samples<typeof maxPool> = samples;
export const maxPoolBadSamples: BadSamples<typeof maxPool> = refused('maxPool');
export const avgPoolSamples: Samples<typeof avgPool> = samples;
export const avgPoolBadSamples: BadSamples<typeof avgPool> = refused('avgPool');
