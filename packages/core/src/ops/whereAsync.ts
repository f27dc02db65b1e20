import type { Backend } from '../backend.ts';
import { backendOf, type TensorLike, toTensor } from '../convert.ts';
import { hostTensor } from '../create/host.ts';
import type { TypedArray } from '../dtype.ts';
import { DTypeError, ShapeError } from '../errors.ts';
import { scoped } from '../opScope.ts';
import { castTo } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { normalizeAxis, sameShape, showShape, sizeOf, stridesOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { any } from './allAny.ts';
import { equal } from './comparison.ts';
import { gatherOp } from './gather.ts';
import { reshaped } from './reshape.ts';
import { topk } from './sort.ts';

// The shapes of these results follow from values, which have to be read first.

function mask(op: string, x: TensorLike, backend: Backend): Tensor {
  const tensor = toTensor(op, x, backend, 'bool');
  if (tensor.dtype !== 'bool') throw new DTypeError(`${op}: the mask must be bool, got ${tensor.dtype}; compare first`);
  return tensor;
}

/** The flat positions of what is not 0. */
function hits(data: TypedArray): number[] {
  return Array.from(data).flatMap((value, i) => (value === 0 ? [] : [i]));
}

/** The slices of `x` along `axis` that stand at positions which had to be waited for. */
const taken: (x: Tensor, at: readonly number[], axis: number) => Tensor = (x, at, axis) =>
  gatherOp([x, hostTensor('gather', x.backend, Int32Array.from(at), [at.length], 'int32')], { axis });

/**
 * The positions at which `condition` is true: an int32 matrix with a row of indices for each.
 * @example
 * (await whereAsync([true, false, true])).print(); // [[0], [2]]
 */
export async function whereAsync(condition: TensorLike): Promise<Tensor> {
  const backend = backendOf([condition]);
  const tensor = mask('whereAsync', condition, backend);
  const { shape } = tensor;
  const strides = stridesOf(shape);
  const found = hits(await tensor.data());
  const rows = found.flatMap((at) => strides.map((stride, axis) => Math.floor(at / stride) % shape[axis]));
  return hostTensor('whereAsync', backend, Int32Array.from(rows), [found.length, shape.length], 'int32');
}

/**
 * The slices of `tensor` where `mask` is true; the mask has the shape of one or several axes from `axis` on, which become
 * one.
 * @example
 * (await booleanMaskAsync([[1, 2], [3, 4]], [false, true])).print(); // [[3, 4]]
 */
export async function booleanMaskAsync(tensor: TensorLike, maskLike: TensorLike, axis = 0): Promise<Tensor> {
  const op = 'booleanMaskAsync';
  const backend = backendOf([tensor, maskLike]);
  const { shape } = toTensor(op, tensor, backend);
  const wanted = mask(op, maskLike, backend);
  const at = normalizeAxis(op, axis, shape);
  const end = at + wanted.rank;
  if (wanted.rank === 0 || !sameShape(shape.slice(at, end), wanted.shape)) {
    throw new ShapeError(
      `${op}: a mask of shape ${showShape(wanted.shape)} does not fit shape ${showShape(shape)} from axis ${at}`,
    );
  }
  const merged = [...shape.slice(0, at), sizeOf(wanted.shape), ...shape.slice(end)];
  const found = hits(await wanted.data());
  return scoped(() => taken(reshaped(toTensor(op, tensor, backend), merged), found, at))();
}

/**
 * The elements of the vector `x` that do not occur in the vector `y`, and their int32 positions in `x`.
 * @example
 * (await setdiff1dAsync([1, 2, 3, 2], [2]))[0].print(); // [1, 3]
 */
export async function setdiff1dAsync(x: TensorLike, y: TensorLike): Promise<[values: Tensor, indices: Tensor]> {
  const op = 'setdiff1dAsync';
  const backend = backendOf([x, y]);
  const [a, b] = [x, y].map((one) => toTensor(op, one, backend));
  if (a.dtype !== b.dtype) throw new DTypeError(`${op}: x is ${a.dtype} and y ${b.dtype}; cast one of them`);
  if (a.rank !== 1 || b.rank !== 1) {
    throw new ShapeError(`${op}: needs two vectors, got shapes ${showShape(a.shape)} and ${showShape(b.shape)}`);
  }
  const [from, without] = await Promise.all([a.data(), b.data()]);
  const excluded = new Set<number>(without);
  const kept = Array.from(from).flatMap((value, i) => (excluded.has(value) ? [] : [i]));
  return scoped((): [Tensor, Tensor] => [
    taken(toTensor(op, x, backend), kept, 0),
    hostTensor(op, backend, Int32Array.from(kept), [kept.length], 'int32'),
  ])();
}

/**
 * Whether each of `targets`, class numbers, is among the `k` largest of its row of `predictions`.
 * @example
 * (await inTopKAsync([[1, 9, 5], [7, 2, 3]], [2, 0], 2)).print(); // [true, true]
 */
export async function inTopKAsync(predictions: TensorLike, targets: TensorLike, k = 1): Promise<Tensor> {
  const op = 'inTopKAsync';
  const backend = backendOf([predictions, targets]);
  const [scores, classes] = [predictions, targets].map((x) => toTensor(op, x, backend));
  const lead = scores.shape.slice(0, -1);
  const count = scores.shape[lead.length];
  if (lead.length === 0 || !sameShape(lead, classes.shape)) {
    throw new ShapeError(
      `${op}: predictions of shape ${showShape(scores.shape)} need targets of shape ${showShape(lead)}, not ${showShape(classes.shape)}`,
    );
  }
  if (!(Number.isInteger(k) && k > 0 && k <= count)) {
    throw new ShapeError(`${op}: k = ${k} must be an integer in [1, ${count}] for shape ${showShape(scores.shape)}`);
  }
  // Nothing has to be read here; what was made before the first wait is gone after it.
  await null;
  return scoped(() => {
    const [rows, column] = [predictions, targets].map((x) => toTensor(op, x, backend));
    return any(equal(topk(rows, k).indices, reshaped(castTo(column, 'int32'), [...lead, 1])), -1);
  })();
}

export const whereAsyncSamples: Samples<typeof whereAsync> = ({ bools }) => [
  [bools([6])],
  [bools([2, 3, 2])],
  [bools([0])],
  [[true, false]],
];

export const whereAsyncSpace: Space<typeof whereAsync> = ({ bools, shape }) => [bools(shape(1))];

export const booleanMaskAsyncSamples: Samples<typeof booleanMaskAsync> = ({ uniform, bools }) => [
  [uniform([5]), bools([5])],
  [uniform([3, 4]), bools([3])],
  [uniform([3, 4]), bools([4]), -1],
  [uniform([2, 3, 2]), bools([2, 3])],
  [
    uniform([2, 2]),
    [
      [true, false],
      [false, true],
    ],
  ],
  [uniform([0, 2]), bools([0])],
];

export const booleanMaskAsyncSpace: Space<typeof booleanMaskAsync> = ({ tensor, bools, shape, int, pick }) => {
  const lengths = shape(1);
  const axis = int(0, lengths.length - 1);
  return [tensor(lengths), bools(lengths.slice(axis, int(axis + 1, lengths.length))), axis - pick(0, lengths.length)];
};

export const setdiff1dAsyncSamples: Samples<typeof setdiff1dAsync> = ({ indices, exactly }) => [
  [indices([8], 6), indices([3], 6)],
  [exactly([1, 2, 3, 2, 5]), exactly([2, 4])],
  [indices([0], 6), indices([3], 6)],
];

export const setdiff1dAsyncSpace: Space<typeof setdiff1dAsync> = ({ indices, length }) => [
  indices([length()], 6),
  indices([length()], 6),
];

export const inTopKAsyncSamples: Samples<typeof inTopKAsync> = ({ distinct, indices }) => [
  [distinct([4, 3]), indices([4], 3)],
  [distinct([4, 5]), indices([4], 5), 2],
  [distinct([2, 2, 3]), indices([2, 2], 3), 3],
  [distinct([0, 3]), indices([0], 3)],
];

export const inTopKAsyncSpace: Space<typeof inTopKAsync> = ({ distinct, indices, shape, length, int }) => {
  const [lead, classes] = [shape(1, 2), length(1)];
  return [distinct([...lead, classes]), indices(lead, classes), int(1, classes)];
};

export const whereAsyncBadSamples: BadSamples<typeof whereAsync> = ({ uniform, wrong }) => [
  { args: [uniform([2])], error: 'DTypeError', names: ['whereAsync', 'bool'] },
  { args: [wrong(null)], error: 'ArgumentError', names: ['whereAsync', 'null'] },
];

export const booleanMaskAsyncBadSamples: BadSamples<typeof booleanMaskAsync> = ({ uniform, bools, wrong }) => [
  { args: [uniform([3]), bools([2])], error: 'ShapeError', names: ['booleanMaskAsync', '[3]', '[2]'] },
  { args: [uniform([3]), bools([])], error: 'ShapeError', names: ['booleanMaskAsync', '[]'] },
  { args: [uniform([3]), bools([3]), 1], error: 'ShapeError', names: ['booleanMaskAsync', '1', '[3]'] },
  { args: [uniform([3]), uniform([3])], error: 'DTypeError', names: ['booleanMaskAsync', 'bool'] },
  { args: [wrong(null), bools([3])], error: 'ArgumentError', names: ['booleanMaskAsync', 'null'] },
];

export const setdiff1dAsyncBadSamples: BadSamples<typeof setdiff1dAsync> = ({ uniform, indices, bools, wrong }) => [
  { args: [indices([2], 2), bools([2])], error: 'DTypeError', names: ['setdiff1dAsync', 'int32', 'bool'] },
  { args: [uniform([2, 2]), uniform([2])], error: 'ShapeError', names: ['setdiff1dAsync', '[2,2]'] },
  { args: [wrong(null), uniform([2])], error: 'ArgumentError', names: ['setdiff1dAsync', 'null'] },
];

export const inTopKAsyncBadSamples: BadSamples<typeof inTopKAsync> = ({ uniform, indices, wrong }) => [
  { args: [uniform([3]), indices([], 3)], error: 'ShapeError', names: ['inTopKAsync', '[3]'] },
  { args: [uniform([2, 3]), indices([3], 3)], error: 'ShapeError', names: ['inTopKAsync', '[2,3]', '[3]'] },
  { args: [uniform([2, 3]), indices([2], 3), 4], error: 'ShapeError', names: ['inTopKAsync', '4', '[2,3]'] },
  { args: [wrong(null), indices([2], 3)], error: 'ArgumentError', names: ['inTopKAsync', 'null'] },
];
