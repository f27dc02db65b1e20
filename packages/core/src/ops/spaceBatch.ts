import { type TensorLike, toTensor } from '../convert.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { showShape, sizeOf } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { reshaped } from './reshape.ts';
import { padded, sliced } from './slice.ts';
import { permuted } from './transpose.ts';

type Pairs = readonly (readonly number[])[];

function check(op: string, x: Tensor, block: readonly number[], name: string, pairs: Pairs): void {
  const whole = (n: number): boolean => Number.isInteger(n) && n >= 0;
  const fits =
    block.length < x.rank &&
    pairs.length === block.length &&
    block.every((n) => whole(n) && n > 0) &&
    pairs.every((pair) => pair.length === 2 && pair.every(whole));
  if (!fits) {
    throw new ShapeError(
      `${op}: block shape ${showShape(block)} and ${name} ${JSON.stringify(pairs)} must name fewer axes than shape ${showShape(x.shape)} has, all alike`,
    );
  }
}

/** Numbers from `from` up to, not including, `to`. */
function count(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/**
 * Interleaves the batch into the axes after it: each gets `blockShape[i]` times longer, and then loses `crops[i]` elements
 * at its two ends. The inverse of `spaceToBatchND`.
 * @example
 * batchToSpaceND([[[1], [3]], [[2], [4]]], [2], [[0, 0]]).print(); // [[[1], [2], [3], [4]]]
 */
export function batchToSpaceND(x: TensorLike, blockShape: readonly number[], crops: Pairs): SameRank {
  const tensor = toTensor('batchToSpaceND', x);
  check('batchToSpaceND', tensor, blockShape, 'crops', crops);
  const [batch, ...shape] = tensor.shape;
  const n = blockShape.length;
  const blocks = sizeOf(blockShape);
  const long = shape.map((length, i) => length * (blockShape[i] ?? 1));
  if (batch % blocks !== 0 || crops.some(([low, high], i) => low + high > long[i])) {
    throw new ShapeError(
      `batchToSpaceND: shape ${showShape(tensor.shape)} cannot be divided into blocks ${showShape(blockShape)} and cropped by ${JSON.stringify(crops)}`,
    );
  }
  const apart = reshaped(tensor, [...blockShape, batch / blocks, ...shape]);
  const between = count(0, n).flatMap((i) => [n + 1 + i, i]);
  const woven = permuted(apart, [n, ...between, ...count(2 * n + 1, apart.rank)]);
  return sliced(
    reshaped(woven, [batch / blocks, ...long]),
    [0, ...long.map((_, i) => crops[i]?.[0] ?? 0)],
    [batch / blocks, ...long.map((length, i) => length - (crops[i]?.[0] ?? 0) - (crops[i]?.[1] ?? 0))],
  );
}

/**
 * Pads the axes after the first by `paddings` with zeros, and moves their blocks of `blockShape` elements into the batch.
 * @example
 * spaceToBatchND([[[1], [2], [3], [4]]], [2], [[0, 0]]).print(); // [[[1], [3]], [[2], [4]]]
 */
export function spaceToBatchND(x: TensorLike, blockShape: readonly number[], paddings: Pairs): SameRank {
  const tensor = toTensor('spaceToBatchND', x);
  check('spaceToBatchND', tensor, blockShape, 'paddings', paddings);
  const around = tensor.shape.map((_, i): [number, number] => {
    const [low, high] = paddings[i - 1] ?? [0, 0];
    return [low, high];
  });
  const wide = around.every(([low, high]) => low + high === 0) ? tensor : padded(tensor, around, 0);
  const [batch, ...shape] = wide.shape;
  const n = blockShape.length;
  if (blockShape.some((block, i) => shape[i] % block !== 0)) {
    throw new ShapeError(
      `spaceToBatchND: shape ${showShape(tensor.shape)} with paddings ${JSON.stringify(paddings)} cannot be divided into blocks ${showShape(blockShape)}`,
    );
  }
  const short = shape.map((length, i) => length / (blockShape[i] ?? 1));
  const apart = reshaped(wide, [batch, ...blockShape.flatMap((block, i) => [short[i], block]), ...shape.slice(n)]);
  const inside = count(0, n).map((i) => 2 * i + 2);
  const outside = count(0, n).map((i) => 2 * i + 1);
  const sorted = permuted(apart, [...inside, 0, ...outside, ...count(2 * n + 1, apart.rank)]);
  return reshaped(sorted, [batch * sizeOf(blockShape), ...short]);
}

/**
 * Moves blocks of channels into the image: the depth becomes `blockSize`² times smaller, height and width `blockSize`
 * times larger.
 * @example
 * depthToSpace([[[[1, 2, 3, 4]]]], 2).print(); // [[[[1], [2]], [[3], [4]]]]
 */
export function depthToSpace(x: TensorLike, blockSize: number, dataFormat: 'NHWC' | 'NCHW' = 'NHWC'): SameRank {
  const tensor = toTensor('depthToSpace', x);
  if (dataFormat !== 'NHWC' && dataFormat !== 'NCHW') {
    throw new ArgumentError(`depthToSpace: unknown dataFormat ${String(dataFormat)}; use NHWC or NCHW`);
  }
  const first = dataFormat === 'NCHW';
  const depth = tensor.shape[first ? 1 : 3];
  const block = blockSize * blockSize;
  if (tensor.rank !== 4 || !Number.isInteger(blockSize) || blockSize < 2 || depth % block !== 0) {
    throw new ShapeError(
      `depthToSpace: the depth of shape ${showShape(tensor.shape)} (${dataFormat}) must be a multiple of ${blockSize} squared, with blocks of at least 2`,
    );
  }
  const [batch, height, width] = first ? [tensor.shape[0], ...tensor.shape.slice(2)] : tensor.shape;
  const sizes = [blockSize, blockSize, depth / block];
  const out = [height * blockSize, width * blockSize];
  if (first) {
    const woven = permuted(reshaped(tensor, [batch, ...sizes, height, width]), [0, 3, 4, 1, 5, 2]);
    return reshaped(woven, [batch, sizes[2], ...out]);
  }
  const woven = permuted(reshaped(tensor, [batch, height, width, ...sizes]), [0, 1, 3, 2, 4, 5]);
  return reshaped(woven, [batch, ...out, sizes[2]]);
}

export const batchToSpaceNDSamples: Samples<typeof batchToSpaceND> = ({ uniform, indices }) => [
  [
    uniform([4, 2, 3, 2]),
    [2, 2],
    [
      [1, 0],
      [0, 2],
    ],
  ],
  [uniform([6, 2]), [3], [[0, 1]]],
  [
    uniform([3, 2, 2]),
    [1, 3],
    [
      [0, 0],
      [1, 1],
    ],
  ],
  [indices([2, 3], 9), [2], [[0, 0]]],
  [uniform([0, 2]), [2], [[0, 0]]],
];

export const batchToSpaceNDSpace: Space<typeof batchToSpaceND> = ({ tensor, shape, list, int }) => {
  const block = list(int(1, 2), () => int(1, 3));
  const batch = int(0, 2) * block.reduce((product, n) => product * n, 1);
  const lengths = block.map(() => int(1, 3));
  return [tensor([batch, ...lengths, ...shape(0, 2)]), block, block.map(() => [int(0, 1), int(0, 1)] as const)];
};

export const spaceToBatchNDSamples: Samples<typeof spaceToBatchND> = ({ uniform, indices }) => [
  [
    uniform([1, 3, 4, 2]),
    [2, 2],
    [
      [1, 0],
      [0, 0],
    ],
  ],
  [uniform([2, 4]), [3], [[0, 2]]],
  [
    uniform([1, 2, 2]),
    [1, 2],
    [
      [0, 0],
      [1, 1],
    ],
  ],
  [indices([1, 6], 9), [2], [[0, 0]]],
  [uniform([0, 4]), [2], [[0, 0]]],
];

export const spaceToBatchNDSpace: Space<typeof spaceToBatchND> = ({ tensor, shape, list, int }) => {
  const block = list(int(1, 2), () => int(1, 3));
  const lengths = block.map(() => int(0, 4));
  const pads = block.map((n, i) => {
    const low = int(0, 2);
    return [low, (n - ((lengths[i] + low) % n)) % n] as const;
  });
  return [tensor([int(0, 2), ...lengths, ...shape(0, 2)]), block, pads];
};

export const depthToSpaceSamples: Samples<typeof depthToSpace> = ({ uniform, indices }) => [
  [uniform([2, 1, 2, 8]), 2],
  [uniform([1, 2, 1, 9]), 3],
  [uniform([2, 8, 1, 2]), 2, 'NCHW'],
  [indices([1, 1, 1, 4], 9), 2],
  [uniform([0, 1, 1, 4]), 2],
];

export const depthToSpaceSpace: Space<typeof depthToSpace> = ({ tensor, length, int, pick }) => {
  const block = int(2, 3);
  const channels = int(1, 2) * block ** 2;
  const [batch, height, width] = [length(), length(), length()];
  return pick(
    [tensor([batch, height, width, channels]), block],
    [tensor([batch, height, width, channels]), block, 'NHWC'],
    [tensor([batch, channels, height, width]), block, 'NCHW'],
  );
};

export const batchToSpaceNDBadSamples: BadSamples<typeof batchToSpaceND> = ({ uniform, wrong }) => [
  { args: [uniform([3, 2]), [2], [[0, 0]]], error: 'ShapeError', names: ['batchToSpaceND', '[3,2]', '[2]'] },
  { args: [uniform([4, 2]), [2, 2], [[0, 0]]], error: 'ShapeError', names: ['batchToSpaceND', '[4,2]', '[2,2]'] },
  { args: [uniform([2, 2]), [2], [[4, 1]]], error: 'ShapeError', names: ['batchToSpaceND', '[[4,1]]'] },
  { args: [wrong(null), [1], [[0, 0]]], error: 'ArgumentError', names: ['batchToSpaceND', 'null'] },
];

export const spaceToBatchNDBadSamples: BadSamples<typeof spaceToBatchND> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), [2], [[0, 0]]], error: 'ShapeError', names: ['spaceToBatchND', '[2,3]', '[2]'] },
  { args: [uniform([2, 2]), [2], [[0, -2]]], error: 'ShapeError', names: ['spaceToBatchND', '[[0,-2]]'] },
  { args: [wrong(null), [1], [[0, 0]]], error: 'ArgumentError', names: ['spaceToBatchND', 'null'] },
];

export const depthToSpaceBadSamples: BadSamples<typeof depthToSpace> = ({ uniform, wrong }) => [
  { args: [uniform([1, 1, 1, 4]), 3], error: 'ShapeError', names: ['depthToSpace', '[1,1,1,4]', '3'] },
  { args: [uniform([1, 4]), 2], error: 'ShapeError', names: ['depthToSpace', '[1,4]'] },
  { args: [uniform([1, 1, 1, 4]), 2, wrong('NHW')], error: 'ArgumentError', names: ['depthToSpace', 'NHW'] },
  { args: [wrong(null), 2], error: 'ArgumentError', names: ['depthToSpace', 'null'] },
];
