import { backendOf, type TensorLike } from '../../convert.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';
import { composite } from '../../op/composite.ts';
import type { OpFunction } from '../../op/op.ts';
import { indexOperand, operands } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { showShape } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { minimum } from '../arithmetic.ts';
import { logicalAnd } from '../comparison.ts';
import { add, mul } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { floor } from '../rounding.ts';
import { slicedAlong } from '../slice.ts';
import { select } from '../where.ts';
import { checkSize, constant, interpolatedAt, nearest, perPixel, pixelsAt, within } from './pixels.ts';

/** Attributes of `cropAndResize`. */
export interface CropAndResize {
  readonly cropSize: readonly [height: number, width: number];
  readonly method: 'bilinear' | 'nearest';
  readonly extrapolationValue: number;
}

export const cropAndResizeOp: OpFunction<
  readonly [image: Tensor, boxes: Tensor, boxInd: Tensor],
  CropAndResize,
  Tensor
> = composite('cropAndResize', {
  infer: ([{ shape, dtype }, boxes], { cropSize }) => ({ shape: [boxes.shape[0], ...cropSize, shape[3]], dtype }),
  compose([image, boxes, boxInd], { cropSize, method, extrapolationValue }) {
    const [bottom, right] = [image.shape[1] - 1, image.shape[2] - 1];
    const [y, x] = [places(boxes, 0, cropSize[0], bottom), places(boxes, 1, cropSize[1], right)];
    const inside = logicalAnd(within(y, bottom), within(x, right));
    const batch = reshaped(boxInd, [boxInd.size, 1, 1]);
    // The last pixel is the end of the last interval: on its edge the derivative is that from inside.
    const first = (at: Tensor, last: number): Tensor => minimum(floor(at), Math.max(0, last - 1));
    const found =
      method === 'nearest'
        ? pixelsAt(image, batch, nearest(y), nearest(x), null)
        : interpolatedAt(image, batch, [y, x], [first(y, bottom), first(x, right)], null);
    return select(found, perPixel(inside), found, extrapolationValue);
  },
});

/** Where the pixels of the crops stand in the image along one axis. Both ends are met exactly. */
function places(boxes: Tensor, axis: number, count: number, last: number): Tensor {
  const shares = Array.from({ length: count }, (_, i) => (count === 1 ? 0.5 : i / (count - 1)));
  const part = (column: number, factors: readonly number[]): Tensor => {
    const edge = reshaped(slicedAlong(boxes, 1, column, 1), [boxes.shape[0], 1, 1]);
    return mul(edge, constant(boxes, factors, axis === 0 ? [count, 1] : [1, count]));
  };
  const from = part(
    axis,
    shares.map((share) => 1 - share),
  );
  return mul(add(from, part(axis + 2, shares)), last);
}

/**
 * Parts of the images [batch, height, width, channels], each brought to `cropSize` [height, width]. A row of `boxes` is
 * [y1, x1, y2, x2], where 0 is the first row or column of the image and 1 the last; `boxInd` names its image. Points
 * outside give `extrapolationValue`. Differentiable in the image, and for 'bilinear' in the boxes.
 * @example
 * cropAndResize([[[[1], [2]], [[3], [4]]]], [[0, 0, 1, 1]], [0], [1, 1]).print(); // [[[[2.5]]]]
 */
export function cropAndResize(
  image: TensorLike,
  boxes: TensorLike,
  boxInd: TensorLike,
  cropSize: readonly number[],
  method: 'bilinear' | 'nearest' = 'bilinear',
  extrapolationValue = 0,
): Tensor {
  const [x, corners] = operands('cropAndResize', [image, boxes], 'float');
  const at = indexOperand('cropAndResize', boxInd, backendOf([x]));
  const count = corners.shape[0];
  if (x.rank !== 4 || corners.rank !== 2 || corners.shape[1] !== 4 || at.rank !== 1 || at.size !== count) {
    throw new ShapeError(
      `cropAndResize: needs images [batch, height, width, channels], boxes [n, 4] and box indices [n]; got ${[x, corners, at].map(({ shape }) => showShape(shape)).join(', ')}`,
    );
  }
  if (method !== 'bilinear' && method !== 'nearest') {
    throw new ArgumentError(`cropAndResize: method must be 'bilinear' or 'nearest', got '${String(method)}'`);
  }
  const size = checkSize('cropAndResize', cropSize, 1);
  return cropAndResizeOp([x, corners, at], { cropSize: size, method, extrapolationValue });
}

export const cropAndResizeSamples: Samples<typeof cropAndResize> = ({ uniform, exactly, indices }) => [
  [uniform([2, 3, 3, 1]), exactly([[0.11, 0.12, 0.77, 0.83]]), [1], [2, 1]],
  [
    uniform([2, 2, 3, 1]),
    exactly([
      [-0.23, 0.91, 0.57, 0.17],
      [0.31, 0.09, 1.37, 0.93],
    ]),
    indices([2], 2),
    [2, 2],
    'bilinear',
    -1.5,
  ],
  [uniform([1, 2, 3, 2]), exactly([[0.13, 0.29, 0.83, 0.71]]), [0], [2, 1], 'nearest', 2],
  [uniform([1, 1, 2, 1]), exactly([[0.2, 0.1, 0.4, 0.7]]), [0], [2, 2]],
  [uniform([1, 2, 2, 1]), uniform([0, 4]), indices([0], 1), [2, 2]],
];

export const cropAndResizeSpace: Space<typeof cropAndResize> = ({ uniform, indices, length, int, pick }) => {
  const [batch, count, channels] = [length(1), length(), length()];
  const images = uniform([batch, int(1, 4), int(1, 4), channels], -1, 1);
  const box = [uniform([count, 4], -0.3, 1.3), indices([count], batch), [int(1, 3), int(1, 3)]] as const;
  return [images, ...box, pick(undefined, 'bilinear', 'nearest'), pick(undefined, 0, -1.5)];
};

export const cropAndResizeBadSamples: BadSamples<typeof cropAndResize> = ({ uniform, wrong }) => [
  {
    args: [uniform([2, 2, 1]), uniform([1, 4]), [0], [1, 1]],
    error: 'ShapeError',
    names: ['cropAndResize', '[2,2,1]'],
  },
  { args: [uniform([1, 2, 2, 1]), uniform([4]), [0], [1, 1]], error: 'ShapeError', names: ['cropAndResize', '[4]'] },
  { args: [uniform([1, 2, 2, 1]), uniform([1, 4]), [0, 0], [1, 1]], error: 'ShapeError', names: ['cropAndResize'] },
  {
    args: [uniform([1, 2, 2, 1]), uniform([1, 4]), [0], [0, 1]],
    error: 'ShapeError',
    names: ['cropAndResize', '[0,1]'],
  },
  {
    args: [uniform([1, 2, 2, 1]), uniform([1, 4]), [0], [1, 1], wrong('cubic')],
    error: 'ArgumentError',
    names: ['cropAndResize', 'cubic'],
  },
  { args: [wrong(null), uniform([1, 4]), [0], [1, 1]], error: 'ArgumentError', names: ['cropAndResize', 'null'] },
];
