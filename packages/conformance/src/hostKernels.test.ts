import { createReferenceBackend } from '@wengert/backend-reference';
import {
  allocate,
  argMaxOp,
  choleskyOp,
  cumprodOp,
  cumsumOp,
  type DType,
  eighOp,
  fftOp,
  type Op,
  qrOp,
  type Shape,
  type Spec,
  searchSortedOp,
  setBackend,
  sizeOf,
  slogdetOp,
  solveOp,
  sortOp,
  type TypedArray,
  tensor,
  topkOp,
  triangularSolveOp,
  type Values,
} from '@wengert/core';
import { expect, it } from 'vitest';
import { randomFrom } from './random.ts';

const reference = createReferenceBackend();
const random = randomFrom('host kernels');
const FLOATS: readonly DType[] = ['float32', 'float64'];
const BATCHES: readonly Shape[] = [[], [3], [2, 2], [0]];

const EPSILON: Record<DType, number> = { float32: 2 ** -23, float64: 2 ** -52, int32: 0, bool: 0 };

function zeros({ shape, dtype }: Spec): Values {
  return { shape, dtype, data: allocate(dtype, sizeOf(shape)) };
}

function uniform(shape: Shape, dtype: DType): Values {
  const values = zeros({ shape, dtype });
  for (let i = 0; i < values.data.length; i++)
    values.data[i] = dtype === 'bool' ? Math.round(random()) : 8 * random() - 4;
  return values;
}

/** Adds `4 n` to the diagonals, so that the matrices are well conditioned. */
function dominant(shape: Shape, dtype: DType): Values {
  const x = uniform(shape, dtype);
  const n = shape[shape.length - 1];
  for (let i = 0; i < x.data.length; i++) if ((i % (n * n)) % (n + 1) === 0) x.data[i] += 4 * n;
  return x;
}

function onHost<A>(op: Op<A>, inputs: readonly Values[], attrs: A, outputs: readonly Spec[]): readonly TypedArray[] {
  const results = outputs.map(zeros);
  const before = inputs.map(({ data }) => data.slice());
  op.host?.(inputs, attrs, results);
  expect(inputs.map(({ data }) => data)).toEqual(before);
  return results.map(({ data }) => data);
}

function expected<A>(op: Op<A>, inputs: readonly Values[], attrs: A, outputs: readonly Spec[]): readonly TypedArray[] {
  const blocks = inputs.map((x) => ({ ...x, storage: reference.write(x.data.slice(), x) }));
  const storages = reference.kernels.get(op.name)?.(
    blocks,
    attrs,
    outputs.map((out) => ({ ...out, scoped: false })),
  );
  return (storages ?? []).map((storage, i) => reference.readSync?.({ ...outputs[i], storage }) ?? allocate('bool', 0));
}

/** Expects the reference's results but for a rounding of each element, and 1000 in double of the largest one. */
function agree<A>(op: Op<A>, inputs: readonly Values[], attrs: A, ...outputs: readonly Spec[]): void {
  const oracle = expected(op, inputs, attrs, outputs);
  for (const [k, actual] of onHost(op, inputs, attrs, outputs).entries()) {
    let largest = 0;
    for (const x of oracle[k]) if (Number.isFinite(x)) largest = Math.max(largest, Math.abs(x));
    expect(actual.length).toBe(oracle[k].length);
    for (const [i, x] of actual.entries()) {
      const bound = EPSILON[outputs[k].dtype] * Math.abs(oracle[k][i]) + EPSILON.float64 * 1000 * largest;
      if (x === oracle[k][i] || (Number.isNaN(x) && Number.isNaN(oracle[k][i]))) continue;
      expect(Math.abs(x - oracle[k][i]), `${op.name} ${inputs[0].shape}, output ${k}[${i}]`).toBeLessThanOrEqual(bound);
    }
  }
}

it.each(FLOATS)('solve and factorize %s', (dtype) => {
  for (const batch of BATCHES) {
    for (const n of [0, 1, 2, 5, 17]) {
      const a = dominant([...batch, n, n], dtype);
      for (const m of [0, 1, 4]) {
        const b = uniform([...batch, n, m], dtype);
        agree(solveOp.op, [a, b], {}, b);
        for (let bits = 0; bits < 8; bits++) {
          const attrs = { lower: (bits & 1) > 0, transpose: (bits & 2) > 0, unitDiagonal: (bits & 4) > 0 };
          const small = { ...a, data: a.data.map((x, i) => (i % (n + 1) === 0 ? x : x / (4 * n))) };
          agree(triangularSolveOp.op, [small, b], attrs, b);
        }
      }
      agree(choleskyOp.op, [a], {}, a);
      agree(slogdetOp.op, [a], {}, { shape: batch, dtype }, { shape: batch, dtype });
      agree(eighOp.op, [uniform([...batch, n, n], dtype)], {}, { shape: [...batch, n], dtype }, a);
      for (const m of [n, n + 3]) {
        const tall = uniform([...batch, m, n], dtype);
        agree(qrOp.op, [tall], {}, tall, a);
      }
    }
  }
});

it('find, add and sort along an axis', () => {
  for (const dtype of [...FLOATS, 'int32', 'bool'] as const) {
    for (const shape of [[5], [2, 3], [3, 1, 4], [2, 3, 4, 5], [2, 0], [33]]) {
      const x = uniform(shape, dtype);
      if (FLOATS.includes(dtype)) {
        for (let i = 0; i < x.data.length; i++) if (i % 3 === 0) x.data[i] = i % 2 ? NaN : 1;
      }
      for (const axis of shape.keys()) {
        const kept = shape.filter((_, i) => i !== axis);
        if (shape[axis] > 0) agree(argMaxOp.op, [x], { axis }, { shape: kept, dtype: 'int32' });
        for (const exclusive of [true, false]) {
          for (const reverse of [true, false]) {
            if (dtype !== 'bool') agree(cumsumOp.op, [x], { axis, exclusive, reverse }, x);
          }
        }
      }
      for (const descending of [true, false]) agree(sortOp.op, [x], { descending }, x, { shape, dtype: 'int32' });
    }
  }
});

it('multiply along an axis as the composition does', async () => {
  await setBackend(reference);
  for (const dtype of [...FLOATS, 'int32'] as const) {
    for (const shape of [[5], [2, 3], [3, 1, 4], [2, 0], [33]]) {
      const x = uniform(shape, dtype);
      // Zeros, too many for a rule that divides; and what may become of them.
      for (let i = 0; i < x.data.length; i += 7) x.data[i] = 0;
      if (FLOATS.includes(dtype) && shape.length > 1 && x.data.length > 0) [x.data[1], x.data[2]] = [Infinity, NaN];
      for (const axis of shape.keys()) {
        for (const exclusive of [true, false]) {
          for (const reverse of [true, false]) {
            const attrs = { axis, exclusive, reverse };
            const composed = cumprodOp.op.compose?.([tensor(x.data, shape, dtype)], attrs) ?? [];
            const oracle = composed[0].dataSync();
            for (const [i, actual] of onHost(cumprodOp.op, [x], attrs, [x])[0].entries()) {
              const bound = 64 * EPSILON[dtype] * Math.abs(oracle[i]);
              if (!Object.is(actual, oracle[i])) expect(Math.abs(actual - oracle[i])).toBeLessThanOrEqual(bound);
            }
          }
        }
      }
    }
  }
  const large = Int32Array.of(2 ** 30 + 1, 3, 2 ** 31 - 1, 5);
  const attrs = { axis: 0, exclusive: false, reverse: false };
  expect(
    onHost(cumprodOp.op, [{ shape: [4], dtype: 'int32', data: large }], attrs, [{ shape: [4], dtype: 'int32' }]),
  ).toEqual([large.map((_, i) => large.slice(0, i + 1).reduce((a, b) => Math.imul(a, b)))]);
});

/** Expects exactly what the composition gives on the reference. */
function agreeWithComposition<A>(op: Op<A>, inputs: readonly Values[], attrs: A, ...outputs: readonly Spec[]): void {
  const tensors = inputs.map(({ data, shape, dtype }) => tensor(data.slice(), shape, dtype));
  const composed = (op.compose?.(tensors, attrs) ?? []).map((y) => y.dataSync());
  expect(onHost(op, inputs, attrs, outputs)).toEqual(composed);
}

it('find the first in order, and places in sequences, as the compositions do', async () => {
  await setBackend(reference);
  for (const dtype of [...FLOATS, 'int32', 'bool'] as const) {
    for (const shape of [[5], [3, 1], [2, 300], [2, 0], [0, 3]]) {
      const x = uniform(shape, dtype);
      if (FLOATS.includes(dtype)) for (let i = 0; i < x.data.length; i += 3) x.data[i] = i % 2 ? NaN : 1;
      const length = shape[shape.length - 1];
      for (const k of [0, Math.min(length, 2), length]) {
        const kept = [...shape.slice(0, -1), k];
        agreeWithComposition(topkOp.op, [x], { k }, { shape: kept, dtype }, { shape: kept, dtype: 'int32' });
      }
      const sorted = { ...x, data: onHost(sortOp.op, [x], { descending: false }, [x, { shape, dtype: 'int32' }])[0] };
      for (const count of [0, 1, 7]) {
        const values = uniform([...shape.slice(0, -1), count], dtype);
        if (count > 0 && length > 0 && values.data.length > 0) values.data[0] = sorted.data[0];
        for (const right of [true, false]) {
          agreeWithComposition(searchSortedOp.op, [sorted, values], { right }, { ...values, dtype: 'int32' });
        }
      }
    }
  }
});

it('give NaN, zeros and infinities where there is no result', () => {
  const square = (...values: number[]): Values => {
    return { shape: [2, 2], dtype: 'float64', data: Float64Array.from(values) };
  };
  const scalar: Spec = { shape: [], dtype: 'float64' };
  agree(choleskyOp.op, [square(1, 2, 2, 1)], {}, square());
  agree(slogdetOp.op, [square(1, 2, 2, 4)], {}, scalar, scalar);
  expect(onHost(slogdetOp.op, [square(1, 2, 2, 4)], {}, [scalar, scalar])[1]).toEqual(Float64Array.of(-Infinity));
  agree(eighOp.op, [square(1, NaN, 0, 1)], {}, { shape: [2], dtype: 'float64' }, square());
  agree(qrOp.op, [square(0, 0, 0, 0)], {}, square(), square());
});

it('pivot', () => {
  const a: Values = { shape: [2, 2], dtype: 'float64', data: Float64Array.of(0, 1, 1, 0) };
  const b: Values = { shape: [2, 1], dtype: 'float64', data: Float64Array.of(2, 3) };
  expect(onHost(solveOp.op, [a, b], {}, [b])[0]).toEqual(Float64Array.of(3, 2));
});

it.each(FLOATS)('transform %s of any length', (dtype) => {
  for (const shape of [[1], [2], [8], [3, 16], [3], [2, 7], [30], [0], [2, 0], [101]]) {
    const [re, im] = [uniform(shape, dtype), uniform(shape, dtype)];
    for (const inverse of [false, true]) agree(fftOp.op, [re, im], { inverse }, re, im);
  }
});
