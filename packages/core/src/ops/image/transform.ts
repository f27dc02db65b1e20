import type { TensorLike } from '../../convert.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';
import { composite } from '../../op/composite.ts';
import type { OpFunction } from '../../op/op.ts';
import { operands } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { showShape } from '../../shape.ts';
import type { SameRank } from '../../signatures.ts';
import type { Tensor } from '../../tensor.ts';
import { divOp, mod, sub } from '../arithmetic.ts';
import { equal, less, lessEqual } from '../comparison.ts';
import { add, mul, neg } from '../pointwise.ts';
import { reshaped } from '../reshape.ts';
import { floor } from '../rounding.ts';
import { slicedAlong } from '../slice.ts';
import { select } from '../where.ts';
import { checkSize, constant, interpolatedAt, nearest, perPixel, pixelsAt } from './pixels.ts';

const FILLS = ['constant', 'reflect', 'wrap', 'nearest'] as const;

/** What is seen beyond the edges of an image: one value, its mirror image, itself again, or its edge. */
export type FillMode = (typeof FILLS)[number];

/** Attributes of `transform`. */
export interface Transform {
  readonly interpolation: 'nearest' | 'bilinear';
  readonly fillMode: FillMode;
  readonly fillValue: number;
  readonly outputShape: readonly [height: number, width: number];
}

export const transformOp: OpFunction<readonly [image: Tensor, transforms: Tensor], Transform, Tensor> = composite(
  'transform',
  {
    infer: ([{ shape, dtype }], { outputShape }) => ({ shape: [shape[0], ...outputShape, shape[3]], dtype }),
    compose([image, transforms], { interpolation, fillMode, fillValue, outputShape }) {
      const [count, height, width] = image.shape;
      const entry = (i: number): Tensor => reshaped(slicedAlong(transforms, 1, i, 1), [transforms.shape[0], 1, 1]);
      const ramp = (length: number, shape: number[]): Tensor =>
        constant(
          transforms,
          Array.from({ length }, (_, i) => i),
          shape,
        );
      const [rows, columns] = [ramp(outputShape[0], [outputShape[0], 1]), ramp(outputShape[1], [outputShape[1]])];
      const plane = (i: number, offset: Tensor | number): Tensor =>
        add(add(mul(entry(i), columns), mul(entry(i + 1), rows)), offset);
      const scale = plane(6, 1);
      const vanishes = equal(scale, 0);
      const divisor = select(scale, vanishes, 1, scale);
      const y = folded(divOp(plane(3, entry(5)), divisor), height, fillMode);
      const x = folded(divOp(plane(0, entry(2)), divisor), width, fillMode);
      const batch = constant(
        image,
        Array.from({ length: count }, (_, i) => i),
        [count, 1, 1],
        'int32',
      );
      const found =
        interpolation === 'nearest'
          ? pixelsAt(image, batch, nearest(y), nearest(x), fillValue)
          : interpolatedAt(image, batch, [y, x], [floor(y), floor(x)], fillValue);
      return select(found, perPixel(vanishes), fillValue, found);
    },
  },
);

/** Coordinates beyond an axis of that length, brought back into it. */
function folded(at: Tensor, length: number, mode: FillMode): Tensor {
  if (mode === 'constant') return at;
  const last = length - 1;
  return clamped(mode === 'reflect' ? mirrored(at, length) : mode === 'wrap' ? wrapped(at, length) : at, last);
}

function clamped(at: Tensor, last: number): Tensor {
  const above = select(at, less(last, at), last, at);
  return select(at, less(above, 0), 0, above);
}

function mirrored(at: Tensor, length: number): Tensor {
  const turn = mod(at, 2 * length);
  return select(turn, lessEqual(length, turn), sub(2 * length - 1, turn), turn);
}

/** As in TensorFlow, the gap between the last pixel and the first of the next copy belongs to neither. */
function wrapped(at: Tensor, length: number): Tensor {
  const step = Math.max(1, length - 1);
  const back = sub(at, mul(floor(divOp(at, step)), length));
  const forth = add(at, mul(add(floor(divOp(neg(at), step)), 1), length));
  return select(at, less(at, 0), forth, select(at, less(length - 1, at), back, at));
}

/**
 * Images [batch, height, width, channels] under projective maps. A row of `transforms`, one for all images or one each,
 * is [a0, a1, a2, b0, b1, b2, c0, c1] and takes output point (x, y) to input point ((a0 x + a1 y + a2) / k,
 * (b0 x + b1 y + b2) / k) with k = c0 x + c1 y + 1. `outputShape` is [height, width] (default: the input's).
 * @example
 * transform([[[[1], [2]]]], [[1, 0, 1, 0, 1, 0, 0, 0]]).print(); // [[[[2], [0]]]]
 */
export function transform(
  image: TensorLike,
  transforms: TensorLike,
  interpolation: 'nearest' | 'bilinear' = 'nearest',
  fillMode: FillMode = 'constant',
  fillValue = 0,
  outputShape?: readonly number[] | null,
): SameRank {
  const [x, maps] = operands('transform', [image, transforms], 'float');
  const fits = x.rank === 4 && maps.rank === 2 && maps.shape[1] === 8 && [1, x.shape[0]].includes(maps.shape[0]);
  if (!fits) {
    throw new ShapeError(
      `transform: needs images [batch, height, width, channels] and transforms [batch or 1, 8]; got ${showShape(x.shape)} and ${showShape(maps.shape)}`,
    );
  }
  if ((interpolation !== 'nearest' && interpolation !== 'bilinear') || !FILLS.includes(fillMode)) {
    throw new ArgumentError(`transform: unknown interpolation '${interpolation}' or fill mode '${fillMode}'`);
  }
  const size = checkSize('transform', outputShape ?? x.shape.slice(1, 3), 0);
  return transformOp([x, maps], { interpolation, fillMode, fillValue, outputShape: size });
}

export const transformSamples: Samples<typeof transform> = ({ uniform, exactly }) => [
  ...FILLS.map(
    (mode): Parameters<typeof transform> => [
      uniform([2, 3, 4, 2]),
      exactly([[1.1, 0.23, -1.37, -0.13, 0.91, 0.71, 0.03, -0.02]]),
      'bilinear',
      mode,
      0.5,
    ],
  ),
  ...FILLS.map(
    (mode): Parameters<typeof transform> => [
      uniform([1, 3, 3, 1]),
      exactly([[2.03, 0.07, -3.11, 0.05, -1.93, 2.21, 0, 0]]),
      'nearest',
      mode,
      -1,
      [4, 2],
    ],
  ),
  [
    uniform([2, 2, 2, 1]),
    exactly([
      [0.9, 0.1, 0.17, 0.2, 0.8, 0.31, 0, 0],
      [-0.7, 0.2, 1.13, 0.1, 0.6, 0.07, 0.1, 0],
    ]),
    'bilinear',
  ],
];

export const transformSpace: Space<typeof transform> = ({ uniform, exactly, list, int, length, pick }) => {
  const [batch, height, width] = [length(1), int(1, 4), int(1, 4)];
  const row = (): number[] => [
    ...list(6, (i) => (i % 4 === 0 ? 0.83 : 0.011) + int(-9, 9) / 7.3),
    ...list(2, () => int(-3, 3) / 71),
  ];
  const maps = exactly(list(pick(1, batch), row));
  const size = pick(undefined, null, [int(1, 4), int(1, 4)]);
  const images = uniform([batch, height, width, length()], -1, 1);
  return [images, maps, pick('nearest', 'bilinear'), pick(undefined, ...FILLS), pick(undefined, 0.5), size];
};

export const transformBadSamples: BadSamples<typeof transform> = ({ uniform, wrong }) => [
  { args: [uniform([2, 2, 1]), uniform([1, 8])], error: 'ShapeError', names: ['transform', '[2,2,1]'] },
  { args: [uniform([3, 2, 2, 1]), uniform([2, 8])], error: 'ShapeError', names: ['transform', '[2,8]'] },
  { args: [uniform([1, 2, 2, 1]), uniform([1, 6])], error: 'ShapeError', names: ['transform', '[1,6]'] },
  {
    args: [uniform([1, 2, 2, 1]), uniform([1, 8]), 'nearest', wrong('mirror')],
    error: 'ArgumentError',
    names: ['transform', 'mirror'],
  },
  { args: [wrong(null), uniform([1, 8])], error: 'ArgumentError', names: ['transform', 'null'] },
];
