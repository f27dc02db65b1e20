import { type TensorLike, toTensor } from '../convert.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { NO_ATTRS } from '../op/op.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { showShape } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { aliasOp } from './alias.ts';
import { concatOp } from './concat.ts';
import { reverseOp } from './reverse.ts';
import { slicedAlong } from './slice.ts';

/**
 * `x` with its mirror image around it: `paddings` holds, for each axis, how many elements come before and after. The edge
 * itself is repeated where `mode` is 'symmetric', and is not where it is 'reflect'.
 * @example
 * mirrorPad([1, 2, 3], [[2, 1]], 'reflect').print(); // [3, 2, 1, 2, 3, 2]
 */
export function mirrorPad(
  x: TensorLike,
  paddings: readonly (readonly [number, number])[],
  mode: 'reflect' | 'symmetric',
): SameRank {
  const tensor = toTensor('mirrorPad', x);
  const { shape } = tensor;
  if (mode !== 'reflect' && mode !== 'symmetric') {
    throw new ArgumentError(`mirrorPad: unknown mode ${String(mode)}; use 'reflect' or 'symmetric'`);
  }
  const edge = mode === 'reflect' ? 1 : 0;
  const fits = (n: number, axis: number): boolean => Number.isInteger(n) && n >= 0 && n <= shape[axis] - edge;
  const valid = paddings.every((pair, axis) => pair.length === 2 && pair.every((n) => fits(n, axis)));
  if (tensor.rank === 0 || paddings.length !== tensor.rank || !valid) {
    throw new ShapeError(
      `mirrorPad: paddings ${JSON.stringify(paddings)} must be a pair for each axis of shape ${showShape(shape)}, each at most its length${edge ? ' less 1' : ''}`,
    );
  }
  let y = tensor;
  for (const [axis, [low, high]] of paddings.entries()) {
    if (low + high === 0) continue;
    const from = y;
    const mirrored = (begin: number, count: number): Tensor[] =>
      count === 0 ? [] : [reverseOp([slicedAlong(from, axis, begin, count)], { axes: [axis] })];
    y = concatOp([...mirrored(edge, low), y, ...mirrored(shape[axis] - edge - high, high)], { axis });
  }
  return y === tensor ? aliasOp([y], NO_ATTRS) : y;
}

export const mirrorPadSamples: Samples<typeof mirrorPad> = ({ uniform, indices, bools }) => [
  [uniform([4]), [[3, 2]], 'reflect'],
  [uniform([3]), [[3, 1]], 'symmetric'],
  [
    uniform([2, 3]),
    [
      [1, 0],
      [2, 2],
    ],
    'reflect',
  ],
  [
    uniform([2, 3]),
    [
      [0, 2],
      [0, 0],
    ],
    'symmetric',
  ],
  [
    uniform([2, 3]),
    [
      [0, 0],
      [0, 0],
    ],
    'reflect',
  ],
  [
    uniform([0, 2]),
    [
      [0, 0],
      [1, 1],
    ],
    'symmetric',
  ],
  [indices([3], 9), [[1, 1]], 'reflect'],
  [bools([3]), [[1, 1]], 'symmetric'],
];

export const mirrorPadSpace: Space<typeof mirrorPad> = ({ tensor, shape, int, pick }) => {
  const mode = pick('reflect', 'symmetric');
  const lengths = shape();
  const most = (n: number): number => Math.max(0, mode === 'reflect' ? n - 1 : n);
  return [tensor(lengths), lengths.map((n) => [int(0, most(n)), int(0, most(n))] as const), mode];
};

export const mirrorPadBadSamples: BadSamples<typeof mirrorPad> = ({ uniform, wrong }) => [
  { args: [uniform([2]), [[2, 0]], 'reflect'], error: 'ShapeError', names: ['mirrorPad', '[[2,0]]', '[2]'] },
  { args: [uniform([2]), [[0, 3]], 'symmetric'], error: 'ShapeError', names: ['mirrorPad', '[[0,3]]', '[2]'] },
  { args: [uniform([]), [], 'symmetric'], error: 'ShapeError', names: ['mirrorPad', '[]'] },
  { args: [uniform([2]), [[1, 1]], wrong('edge')], error: 'ArgumentError', names: ['mirrorPad', 'edge'] },
  { args: [wrong(null), [[1, 1]], 'reflect'], error: 'ArgumentError', names: ['mirrorPad', 'null'] },
];
