import { type TensorLike, toTensor } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import { linear } from '../op/linear.ts';
import type { OpFunction } from '../op/op.ts';
import type { Rank, ShapeOf } from '../rank.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import {
  checkShape,
  dropAxes,
  normalizeAxes,
  normalizeAxis,
  type Shape,
  sameShape,
  showShape,
  sizeOf,
} from '../shape.ts';
import { tensorSpace } from '../spacePatterns.ts';
import type { Tensor } from '../tensor.ts';

/** Attributes of `reshape`. */
export interface Reshape {
  readonly shape: Shape;
}

export const reshapeOp: OpFunction<readonly [x: Tensor], Reshape, Tensor> = linear('reshape', {
  shares: true,
  infer([x], { shape }) {
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      throw new ShapeError(
        `reshape: shape ${showShape(x.shape)} has ${sizeOf(x.shape)} elements, ${showShape(shape)} has ${sizeOf(shape)}`,
      );
    }
    return { shape, dtype: x.dtype };
  },
  transpose: (g, [x]) => reshaped(g, x.shape),
});

/** `x` under `shape`: itself where it has it already. For rules. */
export function reshaped(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : reshapeOp([x], { shape });
}

/**
 * The same values under another shape; one length may be -1 and is then inferred. Shares the memory of `x`.
 * @example
 * reshape([1, 2, 3, 4], [2, -1]).print(); // [[1, 2], [3, 4]]
 */
export function reshape<R extends Rank = Rank>(x: TensorLike, shape: ShapeOf<R>): Tensor<R> {
  const tensor = toTensor('reshape', x);
  return reshapeOp([tensor], { shape: resolveShape('reshape', tensor.shape, shape) }) as Tensor<R>;
}

/** `to` with its -1, if it has one, replaced by the length that fits the elements of `from`. */
export function resolveShape(op: string, from: Shape, to: Shape): Shape {
  const unknown = to.indexOf(-1);
  if (unknown < 0) {
    checkShape(op, to);
    return [...to];
  }
  const rest = to.map((n, i) => (i === unknown ? 1 : n));
  checkShape(op, rest);
  const length = sizeOf(from) / sizeOf(rest);
  if (!Number.isInteger(length)) {
    throw new ShapeError(
      `${op}: shape ${showShape(from)} has ${sizeOf(from)} elements, which ${showShape(to)} cannot hold`,
    );
  }
  rest[unknown] = length;
  return rest;
}

export const reshapeSamples: Samples<typeof reshape> = ({ uniform }) => [
  [uniform([2, 3]), [3, 2]],
  [uniform([2, 3]), [-1]],
  [uniform([1]), []],
  [uniform([0, 3]), [3, 0]],
];

export const reshapeSpace: Space<typeof reshape> = ({ tensor, shape, pick }) => {
  const lengths = shape();
  const [, ...rest] = lengths;
  return [
    tensor(lengths),
    pick([...lengths].reverse(), [-1], [...lengths, 1], lengths.length === 0 ? [1, -1] : [-1, ...rest]),
  ];
};

export const reshapeBadSamples: BadSamples<typeof reshape> = ({ uniform }) => [
  { args: [uniform([2, 3]), [4]], error: 'ShapeError', names: ['reshape', '[2,3]', '[4]'] },
  { args: [uniform([2, 3]), [-1, -1]], error: 'ShapeError', names: ['reshape'] },
  { args: [uniform([2, 3]), [-1, 4]], error: 'ShapeError', names: ['reshape', '[2,3]'] },
];

/**
 * Inserts an axis of length 1 before `axis` (default 0).
 * @example
 * expandDims([1, 2], 1).print(); // [[1], [2]]
 */
export function expandDims(x: TensorLike, axis = 0): Tensor {
  const tensor = toTensor('expandDims', x);
  const at = normalizeAxis('expandDims', axis, [...tensor.shape, 1]);
  return reshapeOp([tensor], { shape: [...tensor.shape.slice(0, at), 1, ...tensor.shape.slice(at)] });
}

export const expandDimsSamples: Samples<typeof expandDims> = ({ uniform }) => [
  [uniform([2, 3]), 1],
  [uniform([2, 3]), -1],
  [uniform([])],
];

export const expandDimsSpace: Space<typeof expandDims> = ({ tensor, shape, int }) => {
  const lengths = shape();
  return [tensor(lengths), int(-lengths.length - 1, lengths.length)];
};

/**
 * Removes axes of length 1: all of them, or those given.
 * @example
 * squeeze([[[1], [2]]]).print(); // [1, 2]
 */
export function squeeze(x: TensorLike, axis?: readonly number[]): Tensor {
  const tensor = toTensor('squeeze', x);
  const axes =
    axis === undefined
      ? tensor.shape.flatMap((n, i) => (n === 1 ? [i] : []))
      : normalizeAxes('squeeze', axis, tensor.shape);
  const long = axes.find((i) => tensor.shape[i] !== 1);
  if (long !== undefined) {
    throw new ShapeError(`squeeze: axis ${long} of shape ${showShape(tensor.shape)} has not length 1`);
  }
  return reshapeOp([tensor], { shape: dropAxes(tensor.shape, axes) });
}

export const squeezeSamples: Samples<typeof squeeze> = ({ uniform }) => [
  [uniform([1, 2, 1])],
  [uniform([1, 2, 1]), [-1]],
];

export const squeezeSpace: Space<typeof squeeze> = ({ tensor, list, int, pick }) => {
  const lengths = list(int(0, 4), () => pick(1, 1, 2, 0));
  const ones = lengths.flatMap((n, i) => (n === 1 ? [i - pick(0, lengths.length)] : []));
  return [tensor(lengths), pick(undefined, ones, ones.slice(1), [...ones].reverse())];
};

export const squeezeBadSamples: BadSamples<typeof squeeze> = ({ uniform }) => [
  { args: [uniform([2, 3]), [1]], error: 'ShapeError', names: ['squeeze', '[2,3]'] },
];

/**
 * All elements along one axis.
 * @example
 * flatten([[1, 2], [3, 4]]).print(); // [1, 2, 3, 4]
 */
export function flatten(x: TensorLike): Tensor {
  const tensor = toTensor('flatten', x);
  return reshapeOp([tensor], { shape: [tensor.size] });
}

export const flattenSamples: Samples<typeof flatten> = ({ uniform }) => [[uniform([2, 3])], [uniform([])]];

export const flattenSpace: Space<typeof flatten> = tensorSpace;
