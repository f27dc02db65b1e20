import { type TensorLike, toTensor } from '../../convert.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';
import { composite } from '../../op/composite.ts';
import type { OpFunction } from '../../op/op.ts';
import { floatOperand } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { showShape } from '../../shape.ts';
import type { SameRank } from '../../signatures.ts';
import type { Tensor } from '../../tensor.ts';
import { gatherOp } from '../gather.ts';
import { reshaped } from '../reshape.ts';
import { checkSize, constant, lerp } from './pixels.ts';

/** Attributes of the resizings of [batch, height, width, channels]. */
export interface Resize {
  readonly size: readonly [height: number, width: number];
  /** The centres of the corner pixels stay where they are. */
  readonly alignCorners: boolean;
  /** Pixels reach from one whole number to the next, so that their centres lie in between. */
  readonly halfPixelCenters: boolean;
}

/** How many pixels of the input one of the output stands for. */
function ratio(from: number, to: number, { alignCorners }: Resize): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function resizedSpec([{ shape, dtype }]: readonly [Pick<Tensor, 'shape' | 'dtype'>], { size }: Resize) {
  return { shape: [shape[0], ...size, shape[3]], dtype };
}

export const resizeBilinearOp: OpFunction<readonly [x: Tensor], Resize, Tensor> = composite('resizeBilinear', {
  infer: resizedSpec,
  compose: ([x], attrs) => [1, 2].reduce((y, axis) => interpolated(y, axis, attrs), x),
});

function interpolated(x: Tensor, axis: number, attrs: Resize): Tensor {
  const [from, to] = [x.shape[axis], attrs.size[axis - 1]];
  const step = ratio(from, to, attrs);
  const places = range(to).map((i) => {
    const at = attrs.halfPixelCenters ? (i + 0.5) * step - 0.5 : i * step;
    return Math.min(Math.max(at, 0), from - 1);
  });
  const taken = (round: (at: number) => number): Tensor =>
    gatherOp([x, constant(x, places.map(round), [to], 'int32')], { axis });
  // One for each channel where pixels are neighbours: rows as short as a pixel cost more than they do.
  const [copies, shape] = axis === 1 ? [1, [to, 1, 1]] : [x.shape[3], [to, x.shape[3]]];
  const shares = Array.from({ length: to * copies }, (_, i) => places[Math.floor(i / copies)] % 1);
  return lerp(taken(Math.floor), taken(Math.ceil), constant(x, shares, shape));
}

export const resizeNearestNeighborOp: OpFunction<readonly [x: Tensor], Resize, Tensor> = composite(
  'resizeNearestNeighbor',
  { infer: resizedSpec, compose: ([x], attrs) => [1, 2].reduce((y, axis) => picked(y, axis, attrs), x) },
);

function picked(x: Tensor, axis: number, attrs: Resize): Tensor {
  const [from, to] = [x.shape[axis], attrs.size[axis - 1]];
  const step = ratio(from, to, attrs);
  const places = range(to).map((i) => {
    const at = (attrs.halfPixelCenters ? i + 0.5 : i) * step;
    return Math.min(attrs.alignCorners ? Math.round(at) : Math.floor(at), from - 1);
  });
  return gatherOp([x, constant(x, places, [to], 'int32')], { axis });
}

/** One image as a batch of one; checks and normalises what the resizings take. */
function resized(
  op: string,
  x: Tensor,
  size: readonly number[],
  alignCorners: boolean,
  halfPixelCenters: boolean,
  apply: (x: Tensor, attrs: Resize) => Tensor,
): Tensor {
  if (x.rank !== 3 && x.rank !== 4) {
    throw new ShapeError(
      `${op}: an image [height, width, channels] or a batch of them is needed, got shape ${showShape(x.shape)}`,
    );
  }
  const wanted = checkSize(op, size, 0);
  if (alignCorners && halfPixelCenters) {
    throw new ArgumentError(`${op}: alignCorners and halfPixelCenters exclude each other`);
  }
  const [height, width] = x.shape.slice(-3);
  if (height * width === 0 && wanted[0] * wanted[1] > 0) {
    throw new ShapeError(`${op}: an image of shape ${showShape(x.shape)} has no pixels to take`);
  }
  const batch = x.rank === 4 ? x : reshaped(x, [1, ...x.shape]);
  const y = apply(batch, { size: wanted, alignCorners, halfPixelCenters });
  return x.rank === 4 ? y : reshaped(y, y.shape.slice(1));
}

/**
 * An image [height, width, channels], or a batch of them, in another `size` [height, width], interpolated between the
 * four pixels around.
 * @example
 * resizeBilinear([[[1], [3]]], [1, 4], true).print(); // [[[1], [1.666667], [2.333333], [3]]]
 */
export function resizeBilinear(
  images: TensorLike,
  size: readonly number[],
  alignCorners = false,
  halfPixelCenters = false,
): SameRank {
  const x = floatOperand('resizeBilinear', images);
  return resized('resizeBilinear', x, size, alignCorners, halfPixelCenters, (y, attrs) => resizeBilinearOp([y], attrs));
}

/**
 * An image [height, width, channels], or a batch of them, in another `size` [height, width], each pixel that of the
 * input that is nearest.
 * @example
 * resizeNearestNeighbor([[[1], [3]]], [1, 4]).print(); // [[[1], [1], [3], [3]]]
 */
export function resizeNearestNeighbor(
  images: TensorLike,
  size: readonly number[],
  alignCorners = false,
  halfPixelCenters = false,
): SameRank {
  const x = toTensor('resizeNearestNeighbor', images);
  return resized('resizeNearestNeighbor', x, size, alignCorners, halfPixelCenters, (y, attrs) =>
    resizeNearestNeighborOp([y], attrs),
  );
}

type Resizing = typeof resizeBilinear;

const samples: Samples<Resizing> = ({ uniform, indices }) => [
  [uniform([2, 3, 4, 2]), [5, 3]],
  [uniform([3, 4, 1]), [6, 7], true],
  [uniform([1, 3, 2, 2]), [2, 5], false, true],
  [uniform([1, 4, 5, 1]), [1, 1], true],
  [uniform([0, 2, 2, 1]), [3, 3]],
  [indices([1, 2, 2, 1], 9), [3, 3]],
];

/* @__NO_SIDE_EFFECTS__ */
function refused(op: string): BadSamples<Resizing> {
  return ({ uniform, wrong }) => [
    { args: [uniform([2, 3]), [2, 2]], error: 'ShapeError', names: [op, '[2,3]'] },
    { args: [uniform([2, 3, 1]), [2]], error: 'ShapeError', names: [op, '[2]'] },
    { args: [uniform([2, 3, 1]), [2, 0.5]], error: 'ShapeError', names: [op, '0.5'] },
    { args: [uniform([2, 3, 1]), [2, 2], true, true], error: 'ArgumentError', names: [op, 'alignCorners'] },
    { args: [uniform([0, 3, 1]), [2, 2]], error: 'ShapeError', names: [op, '[0,3,1]'] },
    { args: [wrong(null), [2, 2]], error: 'ArgumentError', names: [op, 'null'] },
  ];
}

export const resizeBilinearSamples: Samples<typeof resizeBilinear> = samples;

const resizingSpace: Space<Resizing> = ({ tensor, list, int, length, pick }) => {
  const images = [...pick([], [length()]), length(1), length(1), length()];
  const [align, half] = pick([undefined, undefined], [true, false], [false, true], [false, false]);
  return [tensor(images), list(2, () => int(0, 6)), align, half];
};

export const resizeBilinearSpace: Space<typeof resizeBilinear> = resizingSpace;
export const resizeBilinearBadSamples: BadSamples<typeof resizeBilinear> = refused('resizeBilinear');
export const resizeNearestNeighborSamples: Samples<typeof resizeNearestNeighbor> = samples;

export const resizeNearestNeighborSpace: Space<typeof resizeNearestNeighbor> = resizingSpace;
export const resizeNearestNeighborBadSamples: BadSamples<typeof resizeNearestNeighbor> =
  refused('resizeNearestNeighbor');
