import { type TensorLike, toTensor } from '../../convert.ts';
import { hostTensor } from '../../create/host.ts';
import { convertValues, type DType } from '../../dtype.ts';
import { ShapeError } from '../../errors.ts';
import { castTo, floatOperand } from '../../promote.ts';
import type { BadSamples } from '../../sampling.ts';
import { type Shape, showShape } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { sub } from '../arithmetic.ts';
import { lessEqual, logicalAnd } from '../comparison.ts';
import { gatherOp } from '../gather.ts';
import { add, mul } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { floor } from '../rounding.ts';
import { select } from '../where.ts';

/** The argument as a batch of images in floats. Throws `ShapeError` unless it has four axes. */
export function imagesOperand(op: string, images: TensorLike): Tensor {
  const x = floatOperand(op, images);
  if (x.rank !== 4) {
    throw new ShapeError(
      `${op}: images of shape [batch, height, width, channels] are needed, got ${showShape(x.shape)}`,
    );
  }
  return x;
}

/** A height and a width. Throws `ShapeError` unless both are integers of at least `least`. */
export function checkSize(op: string, size: Shape, least: number): [height: number, width: number] {
  if (size.length !== 2 || !size.every((n) => Number.isInteger(n) && n >= least)) {
    throw new ShapeError(
      `${op}: the size must be [height, width], integers of at least ${least}; got ${showShape(size)}`,
    );
  }
  return [size[0], size[1]];
}

/** Numbers known to the host, beside `like`. */
export function constant(like: Tensor, values: readonly number[], shape: Shape, dtype: DType = like.dtype): Tensor {
  return hostTensor('image', like.backend, convertValues(values, dtype), shape, dtype);
}

/** a + (b - a) t. */
export function lerp(a: Tensor, b: Tensor, t: Tensor): Tensor {
  return add(a, mul(sub(b, a), t));
}

/** The nearest whole number, upwards from the middle between two. */
export function nearest(x: Tensor): Tensor {
  return floor(add(x, 0.5));
}

/** Where 0 <= x <= last; NaN is nowhere. */
export function within(x: Tensor, last: number): Tensor {
  return logicalAnd(lessEqual(0, x), lessEqual(x, last));
}

/** `x` with an axis of length 1 more at the end. */
export function perPixel(x: Tensor): Tensor {
  return reshaped(x, [...x.shape, 1]);
}

/**
 * The pixels [..., channels] of `images` at whole numbers that broadcast, and `fill` where these are outside: null where
 * nobody looks at those.
 */
export function pixelsAt(images: Tensor, batch: Tensor, rows: Tensor, columns: Tensor, fill: number | null): Tensor {
  const [count, height, width, channels] = images.shape;
  const [inRows, inColumns] = [within(rows, height - 1), within(columns, width - 1)];
  const whole = (n: number): Tensor => toTensor('image', n, images.backend, 'int32');
  const safe = (at: Tensor, inside: Tensor): Tensor => castTo(select(at, inside, at, 0), 'int32');
  const row = add(mul(batch, whole(height)), safe(rows, inRows));
  const places = add(mul(row, whole(width)), safe(columns, inColumns));
  const found = gatherOp([reshaped(images, [count * height * width, channels]), places], { axis: 0 });
  return fill === null ? found : select(found, perPixel(logicalAnd(inRows, inColumns)), found, fill);
}

/** As `pixelsAt` at any point: bilinear interpolation of four pixels, of which `top` and `left` name the first. */
export function interpolatedAt(
  images: Tensor,
  batch: Tensor,
  [y, x]: readonly [Tensor, Tensor],
  [top, left]: readonly [Tensor, Tensor],
  fill: number | null,
): Tensor {
  const across = perPixel(sub(x, left));
  const line = (row: Tensor): Tensor =>
    lerp(pixelsAt(images, batch, row, left, fill), pixelsAt(images, batch, row, add(left, 1), fill), across);
  return lerp(line(top), line(add(top, 1)), perPixel(sub(y, top)));
}

/** What every function of a batch of images refuses. */
/* @__NO_SIDE_EFFECTS__ */
export function refusedByImages(op: string): BadSamples<(images: TensorLike) => unknown> {
  return ({ uniform, wrong }) => [
    { args: [uniform([2, 3, 3])], error: 'ShapeError', names: [op, '[2,3,3]'] },
    { args: [wrong(null)], error: 'ArgumentError', names: [op, 'null'] },
  ];
}
