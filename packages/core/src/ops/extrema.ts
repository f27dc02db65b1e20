import { type TensorLike, toTensor } from '../convert.ts';
import type { TypedArray } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import type { OpFunction } from '../op/op.ts';
import { primitive } from '../op/primitive.ts';
import { castTo } from '../promote.ts';
import { refusedByAxis } from '../samplePatterns.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { around, dropAxes, keepAxes, normalizeAxis, showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { divOp, sub } from './arithmetic.ts';
import { equal } from './comparison.ts';
import { neg } from './pointwise.ts';
import { reshaped } from './reshape.ts';
import { countable, type Reduce, reduce, sumOp } from './sum.ts';
import { select } from './where.ts';

/** Attributes of `argMax`. */
export interface ArgMax {
  readonly axis: number;
}

/** Equals share the gradient equally. */
/* @__NO_SIDE_EFFECTS__ */
function extremum(name: string): OpFunction<readonly [x: Tensor], Reduce, Tensor> {
  const found = (x: Tensor, y: Tensor, axes: readonly number[]): { hit: Tensor; count: Tensor } => {
    const hit = equal(x, reshaped(y, keepAxes(x.shape, axes)));
    return { hit, count: sumOp([castTo(hit, x.dtype)], { axes }) };
  };
  return primitive<readonly [Tensor], Reduce, Tensor>(name, {
    infer: ([x], { axes }) => ({ shape: dropAxes(x.shape, axes), dtype: x.dtype }),
    saves: [0, 'y'],
    vjp(g, [x], y, { axes }) {
      const { hit, count } = found(x, y, axes);
      const kept = keepAxes(x.shape, axes);
      // Nothing equals a NaN: then all get 0 / 0.
      return select(g, hit, reshaped(divOp(g, count), kept), reshaped(divOp(0, count), kept));
    },
    jvp([t], [x], y, { axes }) {
      if (t === null) return null;
      const { hit, count } = found(x, y, axes);
      return divOp(sumOp([select(t, hit, t, 0)], { axes }), count);
    },
  });
}

export const maxOp: OpFunction<readonly [x: Tensor], Reduce, Tensor> = extremum('max');

export const minOp: OpFunction<readonly [x: Tensor], Reduce, Tensor> = extremum('min');

export const argMaxOp: OpFunction<readonly [x: Tensor], ArgMax, Tensor> = primitive('argMax', {
  infer([x], { axis }) {
    if (x.shape[axis] === 0) {
      throw new ShapeError(`argMax, argMin: axis ${axis} of shape ${showShape(x.shape)} is empty and has no extremum`);
    }
    return { shape: dropAxes(x.shape, [axis]), dtype: 'int32' };
  },
  vjp: null,
  host([x], { axis }, [out]) {
    const [before, length, after] = around(x.shape, axis);
    for (let o = 0; o < before * after; o++)
      out.data[o] = placeOfLargest(x.data, o + (o - (o % after)) * (length - 1), after, length);
  },
});

/** Among `length` elements that are `step` apart. NaN never wins, and yields to the first number. */
function placeOfLargest(x: TypedArray, first: number, step: number, length: number): number {
  let best = 0;
  let value = x[first];
  for (let i = 1; i < length; i++) {
    const other = x[first + i * step];
    if (other > value || (Number.isNaN(value) && !Number.isNaN(other))) {
      best = i;
      value = other;
    }
  }
  return best;
}

/**
 * The largest element over `axis` (default: all axes), NaN if there is one. Equals share the gradient equally.
 * @example
 * max([[1, 5], [3, 4]], 1).print(); // [5, 4]
 */
export function max(x: TensorLike, axis?: number | readonly number[] | null, keepDims = false): Tensor {
  return reduce('max', toTensor('max', x), axis, keepDims, (y, axes) => maxOp([y], { axes }));
}

/**
 * The smallest element over `axis` (default: all axes), NaN if there is one. Equals share the gradient equally.
 * @example
 * min([[1, 5], [3, 4]], 1).print(); // [1, 3]
 */
export function min(x: TensorLike, axis?: number | readonly number[] | null, keepDims = false): Tensor {
  return reduce('min', toTensor('min', x), axis, keepDims, (y, axes) => minOp([y], { axes }));
}

/**
 * The int32 position of the largest element along `axis`, the first of equals. It has no derivative.
 * @example
 * argMax([[1, 5], [4, 3]], 1).print(); // [1, 0]
 */
export function argMax(x: TensorLike, axis = 0): Tensor {
  const tensor = toTensor('argMax', x);
  return argMaxOp([tensor], { axis: normalizeAxis('argMax', axis, tensor.shape) });
}

/**
 * The int32 position of the smallest element along `axis`, the first of equals. It has no derivative.
 * @example
 * argMin([[1, 5], [4, 3]], 1).print(); // [0, 1]
 */
export function argMin(x: TensorLike, axis = 0): Tensor {
  const tensor = countable(toTensor('argMin', x));
  const at = normalizeAxis('argMin', axis, tensor.shape);
  // -1 - x reverses the order of all int32, where -x does not move the lowest one; floats it would round.
  const reversed =
    tensor.dtype === 'int32' ? sub(toTensor('argMin', -1, tensor.backend, 'int32'), tensor) : neg(tensor);
  return argMaxOp([reversed], { axis: at });
}

const samples: Samples<typeof max> = ({ distinct, exactly, indices, bools, uniform }) => [
  [distinct([2, 3, 4]), 1],
  [distinct([2, 3, 4]), [0, -1], true],
  [distinct([2, 3])],
  [exactly([3])],
  [indices([4, 3], 3), 0],
  [bools([4, 3]), -1],
  [uniform([])],
  [uniform([0, 2]), 1],
];

const positionSamples: Samples<typeof argMax> = ({ distinct, exactly, indices, bools }) => [
  [distinct([2, 3, 4]), 1],
  [distinct([2, 3, 4]), -1],
  [distinct([5])],
  [exactly([2, 7, 7, 1, 1])],
  [indices([4, 3], 3), 1],
  [bools([6])],
  [distinct([0, 2]), 1],
];

export const maxSamples: Samples<typeof max> = samples;
export const minSamples: Samples<typeof min> = samples;
export const argMaxSamples: Samples<typeof argMax> = positionSamples;

const positionSpace: Space<typeof argMax> = ({ distinct, shape, axis }) => {
  const lengths = shape(1);
  return [distinct(lengths), axis(lengths.length)];
};

export const argMaxSpace: Space<typeof argMax> = positionSpace;
export const argMinSamples: Samples<typeof argMin> = positionSamples;

export const argMinSpace: Space<typeof argMin> = positionSpace;

export const maxBadSamples: BadSamples<typeof max> = refusedByAxis('max');
export const minBadSamples: BadSamples<typeof min> = refusedByAxis('min');

/* @__NO_SIDE_EFFECTS__ */
function refusedPositions(op: string): BadSamples<typeof argMax> {
  return (generator) => [
    ...refusedByAxis(op)(generator),
    { args: [generator.uniform([2, 0]), 1], error: 'ShapeError', names: [op, '[2,0]'] },
  ];
}

export const argMaxBadSamples: BadSamples<typeof argMax> = refusedPositions('argMax');
export const argMinBadSamples: BadSamples<typeof argMin> = refusedPositions('argMin');
