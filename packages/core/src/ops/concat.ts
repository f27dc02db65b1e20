import { type TensorLike, toTensor } from '../convert.ts';
import { zerosOf } from '../create/host.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { composite } from '../op/composite.ts';
import { like, linear } from '../op/linear.ts';
import type { OpFunction } from '../op/op.ts';
import { operands } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { dropAxes, normalizeAxis, type Shape, sameShape, showShape } from '../shape.ts';
import type { SameRank } from '../signatures.ts';
import type { Tensor } from '../tensor.ts';
import { reshaped } from './reshape.ts';
import { slicedAlong } from './slice.ts';

/** Attributes of `concat`. */
export interface Concat {
  readonly axis: number;
}

/** Attributes of `split`: the lengths of the parts along `axis`. */
export interface Split {
  readonly axis: number;
  readonly sizes: readonly number[];
}

export const concatOp: OpFunction<readonly Tensor[], Concat, Tensor> = linear('concat', {
  infer(xs, { axis }) {
    const [first] = xs;
    const odd = xs.find(
      (x) => x.shape.length !== first.shape.length || !sameShape(rest(x.shape, axis), rest(first.shape, axis)),
    );
    if (odd !== undefined) {
      throw new ShapeError(
        `concat: shapes ${showShape(first.shape)} and ${showShape(odd.shape)} may differ along axis ${axis} only`,
      );
    }
    return like(first, lengthened(first.shape, axis, total(xs.map((x) => x.shape[axis]))));
  },
  transpose(g, xs, { axis }, needs) {
    let begin = 0;
    return xs.map(({ shape }, i) => {
      begin += shape[axis];
      return needs[i] ? slicedAlong(g, axis, begin - shape[axis], shape[axis]) : null;
    });
  },
});

/** One slice for each part, differentiated as a whole: slices one by one would each be padded back to all of `x`. */
export const splitOp: OpFunction<readonly [x: Tensor], Split, readonly Tensor[]> = composite('split', {
  outputs: 'many',
  saves: [],
  infer: ([x], { axis, sizes }) => sizes.map((size) => like(x, lengthened(x.shape, axis, size))),
  compose([x], { axis, sizes }) {
    let begin = 0;
    return sizes.map((size) => {
      begin += size;
      return slicedAlong(x, axis, begin - size, size);
    });
  },
  vjp(g, [x], _parts, { axis, sizes }) {
    const given = g.filter((part) => part !== null);
    const [{ backend, dtype }] = given;
    const parts = g.map((part, i) => part ?? zerosOf(backend, { shape: lengthened(x.shape, axis, sizes[i]), dtype }));
    return concatOp(parts, { axis });
  },
});

function rest(shape: Shape, axis: number): number[] {
  return dropAxes(shape, [axis]);
}

function lengthened(shape: Shape, axis: number, length: number): number[] {
  return shape.map((n, i) => (i === axis ? length : n));
}

function total(lengths: readonly number[]): number {
  return lengths.reduce((sum, n) => sum + n, 0);
}

function listed(op: string, tensors: readonly TensorLike[]): Tensor[] {
  if (!Array.isArray(tensors) || tensors.length === 0)
    throw new ArgumentError(`${op}: needs an array of at least one tensor`);
  return operands(op, tensors);
}

/**
 * The tensors one after the other along `axis`, in which alone their shapes may differ.
 * @example
 * concat([[1, 2], [3]]).print(); // [1, 2, 3]
 */
export function concat(tensors: readonly TensorLike[], axis = 0): SameRank {
  const xs = listed('concat', tensors);
  return concatOp(xs, { axis: normalizeAxis('concat', axis, xs[0].shape) });
}

export const concatSamples: Samples<typeof concat> = ({ uniform, indices }) => [
  [[uniform([2]), uniform([3])]],
  [[uniform([2, 3]), uniform([2, 1]), uniform([2, 2])], -1],
  [[uniform([1, 2, 2]), uniform([1, 3, 2])], 1],
  [[uniform([0, 2]), uniform([2, 2])]],
  [[uniform([2]), [0.5, 2]]],
  [[indices([2], 5), indices([1], 5)]],
];

export const concatSpace: Space<typeof concat> = ({ tensor, shape, length, list, int, pick }) => {
  const lengths = shape(1);
  const along = int(0, lengths.length - 1);
  const tensors = list(int(1, 3), () => tensor(lengthened(lengths, along, length())));
  return [tensors, along - pick(0, lengths.length)];
};

export const concatBadSamples: BadSamples<typeof concat> = ({ uniform, wrong }) => [
  { args: [[uniform([2, 3]), uniform([2, 2])]], error: 'ShapeError', names: ['concat', '[2,3]', '[2,2]', '0'] },
  { args: [[uniform([2]), uniform([2, 2])]], error: 'ShapeError', names: ['concat', '[2]', '[2,2]'] },
  { args: [[uniform([2]), uniform([2])], 1], error: 'ShapeError', names: ['concat', '1', '[2]'] },
  { args: [[uniform([]), uniform([])]], error: 'ShapeError', names: ['concat', '[]'] },
  { args: [[]], error: 'ArgumentError', names: ['concat'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['concat'] },
  { args: [[uniform([2]), wrong(null)]], error: 'ArgumentError', names: ['concat', 'null'] },
];

/**
 * The tensors, of one shape, one after the other along a new axis before `axis`.
 * @example
 * stack([[1, 2], [3, 4]]).print(); // [[1, 2], [3, 4]]
 */
export function stack(tensors: readonly TensorLike[], axis = 0): Tensor {
  const xs = listed('stack', tensors);
  const { shape } = xs[0];
  const odd = xs.find((x) => !sameShape(x.shape, shape));
  if (odd !== undefined) {
    throw new ShapeError(`stack: shapes ${showShape(shape)} and ${showShape(odd.shape)} differ`);
  }
  const at = normalizeAxis('stack', axis, [...shape, 1]);
  const lifted = [...shape.slice(0, at), 1, ...shape.slice(at)];
  return concatOp(
    xs.map((x) => reshaped(x, lifted)),
    { axis: at },
  );
}

export const stackSamples: Samples<typeof stack> = ({ uniform }) => [
  [[uniform([2, 3]), uniform([2, 3]), uniform([2, 3])], 1],
  [[uniform([]), uniform([]), 0.5]],
  [[uniform([0, 2]), uniform([0, 2])], 1],
];

export const stackSpace: Space<typeof stack> = ({ tensor, shape, list, int }) => {
  const lengths = shape(0, 3);
  return [list(int(1, 3), () => tensor(lengths)), int(-lengths.length - 1, lengths.length)];
};

export const stackBadSamples: BadSamples<typeof stack> = ({ uniform, wrong }) => [
  { args: [[uniform([2]), uniform([3])]], error: 'ShapeError', names: ['stack', '[2]', '[3]'] },
  { args: [[uniform([2])], 2], error: 'ShapeError', names: ['stack', '2'] },
  { args: [[]], error: 'ArgumentError', names: ['stack'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['stack'] },
];

/**
 * The parts of `x` along `axis`: that many equal ones, or ones of the given lengths, of which one may be -1 and is
 * then inferred.
 * @example
 * split([1, 2, 3, 4], 2)[1].print(); // [3, 4]
 */
export function split<T extends Tensor = Tensor>(
  x: TensorLike,
  numOrSizeSplits: number | readonly number[],
  axis = 0,
): T[] {
  const tensor = toTensor('split', x);
  const at = normalizeAxis('split', axis, tensor.shape);
  const sizes = partSizes(tensor.shape, at, numOrSizeSplits);
  return sizes.length === 0 ? [] : ([...splitOp([tensor], { axis: at, sizes })] as T[]);
}

function partSizes(shape: Shape, axis: number, numOrSizes: number | readonly number[]): number[] {
  const length = shape[axis];
  const given = typeof numOrSizes === 'number' ? equalParts(length, numOrSizes) : [...numOrSizes];
  const open = given.indexOf(-1);
  if (open >= 0) given[open] = length - total(given) - 1;
  if (total(given) !== length || !given.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new ShapeError(
      `split: axis ${axis} of shape ${showShape(shape)} cannot be split into ${JSON.stringify(numOrSizes)}`,
    );
  }
  return given;
}

function equalParts(length: number, count: number): number[] {
  return Number.isInteger(count) && count > 0 ? new Array<number>(count).fill(length / count) : [NaN];
}

export const splitSamples: Samples<typeof split> = ({ uniform, bools }) => [
  [uniform([4]), 2],
  [uniform([2, 5]), [1, 4], -1],
  [uniform([5, 2]), [2, -1, 0]],
  [uniform([0, 2]), 2, 1],
  [bools([4]), [1, 3]],
];

export const splitSpace: Space<typeof split> = ({ tensor, shape, list, int, pick }) => {
  const lengths = shape(1);
  const along = int(0, lengths.length - 1);
  const axis = along - pick(0, lengths.length);
  const sizes = list(int(1, 3), () => int(0, 2));
  const [first, ...others] = sizes;
  return pick(
    [tensor(lengthened(lengths, along, sizes.length * first)), sizes.length, axis],
    [tensor(lengthened(lengths, along, total(sizes))), pick(sizes, [-1, ...others]), axis],
  );
};

export const splitBadSamples: BadSamples<typeof split> = ({ uniform, wrong }) => [
  { args: [uniform([5]), 2], error: 'ShapeError', names: ['split', '2', '[5]'] },
  { args: [uniform([4]), 0], error: 'ShapeError', names: ['split', '0', '[4]'] },
  { args: [uniform([5]), [2, 2]], error: 'ShapeError', names: ['split', '[2,2]', '[5]'] },
  { args: [uniform([5]), [-1, -1]], error: 'ShapeError', names: ['split', '[-1,-1]', '[5]'] },
  { args: [uniform([4]), 2, 1], error: 'ShapeError', names: ['split', '1', '[4]'] },
  { args: [wrong(null), 1], error: 'ArgumentError', names: ['split', 'null'] },
];

/**
 * The tensors that lie one after the other along `axis`, without that axis.
 * @example
 * unstack([[1, 2], [3, 4]])[1].print(); // [3, 4]
 */
export function unstack(x: TensorLike, axis = 0): Tensor[] {
  const tensor = toTensor('unstack', x);
  const at = normalizeAxis('unstack', axis, tensor.shape);
  const sizes = new Array<number>(tensor.shape[at]).fill(1);
  if (sizes.length === 0) return [];
  return splitOp([tensor], { axis: at, sizes }).map((part) => reshaped(part, rest(tensor.shape, at)));
}

export const unstackSamples: Samples<typeof unstack> = ({ uniform }) => [[uniform([2, 3, 2]), 1], [uniform([2, 0])]];

export const unstackSpace: Space<typeof unstack> = ({ tensor, shape, axis }) => {
  const lengths = shape(1);
  return [tensor(lengths), axis(lengths.length)];
};

export const unstackBadSamples: BadSamples<typeof unstack> = ({ uniform, wrong }) => [
  { args: [uniform([2]), 1], error: 'ShapeError', names: ['unstack', '1', '[2]'] },
  { args: [uniform([])], error: 'ShapeError', names: ['unstack', '[]'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['unstack', 'null'] },
];
