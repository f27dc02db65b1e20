import { type TensorLike, toTensor } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { showShape } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import { reshape } from './reshape.ts';
import { broadcasted } from './sum.ts';

/**
 * `x` as a whole, repeated `reps[i]` times along each axis i.
 * @example
 * tile([1, 2], [2]).print(); // [1, 2, 1, 2]
 */
export function tile(x: TensorLike, reps: readonly number[]): SameRank {
  const tensor = toTensor('tile', x);
  const { shape } = tensor;
  if (reps.length !== shape.length || !reps.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new ShapeError(`tile: ${showShape(reps)} must be one count for each axis of shape ${showShape(shape)}`);
  }
  // Each axis gets one of its own before it, along which broadcasting repeats.
  const lifted = reshape(
    tensor,
    shape.flatMap((n) => [1, n]),
  );
  const repeated = broadcasted(
    lifted,
    shape.flatMap((n, i) => [reps[i], n]),
  );
  return reshape(
    repeated,
    shape.map((n, i) => n * reps[i]),
  );
}

export const tileSamples: Samples<typeof tile> = ({ uniform, bools }) => [
  [uniform([3]), [2]],
  [uniform([2, 3]), [2, 3]],
  [uniform([2, 1, 2]), [1, 3, 2]],
  [uniform([2, 3]), [1, 1]],
  [uniform([2]), [0]],
  [uniform([0, 2]), [2, 2]],
  [uniform([]), []],
  [bools([2]), [2]],
];

export const tileSpace: Space<typeof tile> = ({ tensor, shape, int }) => {
  const lengths = shape(0, 3);
  return [tensor(lengths), lengths.map(() => int(0, 3))];
};

export const tileBadSamples: BadSamples<typeof tile> = ({ uniform, wrong }) => [
  { args: [uniform([2, 3]), [2]], error: 'ShapeError', names: ['tile', '[2]', '[2,3]'] },
  { args: [uniform([2]), [-1]], error: 'ShapeError', names: ['tile', '[-1]', '[2]'] },
  { args: [wrong(null), []], error: 'ArgumentError', names: ['tile', 'null'] },
];
