import type { TensorLike } from '../../convert.ts';
import { hostTensor } from '../../create/host.ts';
import { ArgumentError } from '../../errors.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import type { SameRank } from '../../signatures.ts';
import { gatherOp } from '../gather.ts';
import { reshaped } from '../reshape.ts';
import { reverseOp } from '../reverse.ts';
import { select } from '../where.ts';
import { constant, imagesOperand, refusedByImages } from './pixels.ts';

/**
 * The images [batch, height, width, channels], left and right exchanged.
 * @example
 * flipLeftRight([[[[1], [2]]]]).print(); // [[[[2], [1]]]]
 */
export function flipLeftRight(image: TensorLike): SameRank {
  return reverseOp([imagesOperand('flipLeftRight', image)], { axes: [2] });
}

/** Which pixel of the image each one of the output takes, and whether it takes one; what takes none names the first. */
function rotatedPlaces(
  height: number,
  width: number,
  radians: number,
  centerX: number,
  centerY: number,
): [places: Int32Array, seen: Uint8Array] {
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  const places = new Int32Array(height * width);
  const seen = new Uint8Array(height * width);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const dx = column - centerX;
      const dy = row - centerY;
      const x = Math.round(dx * cos - dy * sin + centerX);
      const y = Math.round(dx * sin + dy * cos + centerY);
      if (x < 0 || x >= width || y < 0 || y >= height) continue;
      places[at] = y * width + x;
      seen[at] = 1;
    }
  }
  return [places, seen];
}

/**
 * The images [batch, height, width, channels] turned counter-clockwise by `radians` about `center`: [x, y], or one number
 * for both, as shares of width and height. What comes from outside is `fillValue`: one number, or one per channel, to
 * which a fourth channel adds 255.
 * @example
 * rotateWithOffset([[[[1], [2]], [[3], [4]]]], 0, 7, [0, 0]).print(); // [[[[1], [2]], [[3], [4]]]]
 */
export function rotateWithOffset(
  image: TensorLike,
  radians: number,
  fillValue: number | readonly [number, number, number] = 0,
  center: number | readonly [number, number] = 0.5,
): SameRank {
  const x = imagesOperand('rotateWithOffset', image);
  const [batch, height, width, channels] = x.shape;
  if (!Number.isFinite(radians)) throw new ArgumentError(`rotateWithOffset: radians must be finite, got ${radians}`);
  const [shareX, shareY] = typeof center === 'number' ? [center, center] : center;
  const [places, seen] = rotatedPlaces(height, width, radians, width * shareX, height * shareY);
  const fills = Array.from({ length: channels }, (_, c) =>
    typeof fillValue === 'number' ? fillValue : (fillValue[c] ?? 255),
  );
  const count = height * width;
  const indices = hostTensor('rotateWithOffset', x.backend, places, [count], 'int32');
  const taken = gatherOp([reshaped(x, [batch, count, channels]), indices], { axis: 1 });
  const mask = hostTensor('rotateWithOffset', x.backend, seen, [count, 1], 'bool');
  return reshaped(select(taken, mask, taken, constant(x, fills, [channels])), x.shape);
}

export const flipLeftRightSamples: Samples<typeof flipLeftRight> = ({ uniform, indices }) => [
  [uniform([2, 2, 3, 2])],
  [indices([1, 2, 2, 1], 9)],
  [uniform([0, 2, 2, 1])],
];

export const flipLeftRightSpace: Space<typeof flipLeftRight> = ({ tensor, list, length }) => [
  tensor(list(4, () => length())),
];

export const flipLeftRightBadSamples: BadSamples<typeof flipLeftRight> = refusedByImages('flipLeftRight');

export const rotateWithOffsetSamples: Samples<typeof rotateWithOffset> = ({ uniform }) => [
  [uniform([2, 4, 3, 1]), 0.7],
  [uniform([1, 3, 5, 4]), -2.1, [0.5, 1, -1], [0.2, 0.7]],
  [uniform([1, 2, 2, 2]), 1, 3],
  [uniform([0, 2, 2, 1]), 1],
];

export const rotateWithOffsetSpace: Space<typeof rotateWithOffset> = ({ uniform, length, pick }) => {
  const fills = [pick(undefined, 0, 0.5), [0.5, 1, -1] as const] as const;
  const images = [length(), length(1), length(1)];
  const angle = pick(0.7, -2.1, 1, 3.3);
  return pick(
    [uniform([...images, length()]), angle, fills[0], pick(undefined, 0.3, [0.2, 0.7])],
    [uniform([...images, 3]), angle, fills[1]],
  );
};

export const rotateWithOffsetBadSamples: BadSamples<typeof rotateWithOffset> = (generator) => [
  ...refusedByImages('rotateWithOffset')(generator).map(({ args: [image], ...rest }) => ({
    args: [image, 1] as Parameters<typeof rotateWithOffset>,
    ...rest,
  })),
  { args: [generator.uniform([1, 2, 2, 1]), NaN], error: 'ArgumentError', names: ['rotateWithOffset', 'NaN'] },
];
