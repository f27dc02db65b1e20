import '@wengert/backend-reference';
import '@wengert/backend-cpu';
import { add, cast, type DType, div, exp, mul, setBackend, sum, tensor } from '@wengert/core';
import { beforeAll, describe, expect, it } from 'vitest';

beforeAll(async () => {
  await setBackend('cpu');
});

const dtypes: DType[] = ['bool', 'int32', 'float32', 'float64'];

describe('promotion', () => {
  it.each(dtypes.flatMap((a, i) => dtypes.map((b, j) => [a, b, dtypes[Math.max(i, j)]] as const)))(
    '%s and %s give %s',
    (a, b, both) => {
      expect(add(tensor([1], [1], a), tensor([1], [1], b)).dtype).toBe(both);
    },
  );

  it('lets JavaScript numbers take the float beside them, at full precision', () => {
    const x = tensor([0], [1], 'float64');
    expect(add(x, 0.1).dtype).toBe('float64');
    expect(add(x, 0.1).dataSync()[0]).toBe(0.1);
    expect(add(tensor([0]), 0.1).dtype).toBe('float32');
    expect(add(tensor([1], [1], 'int32'), 0.5).dtype).toBe('float32');
    expect(add(tensor([1], [1], 'int32'), [0.5]).arraySync()).toEqual([1.5]);
  });

  it('takes typed arrays and booleans for what they are', () => {
    expect(tensor(new Float64Array([1])).dtype).toBe('float64');
    expect(tensor(new Float32Array([1])).dtype).toBe('float32');
    expect(tensor(new Int32Array([1])).dtype).toBe('int32');
    expect(tensor(new Uint8Array([1])).dtype).toBe('int32');
    expect(tensor([[true], [false]]).dtype).toBe('bool');
    expect(add(new Float64Array([1]), 1).dtype).toBe('float64');
  });

  it('divides integers to integers, as tfjs does', () => {
    const q = div(tensor([7, -7], [2], 'int32'), tensor([2, 2], [2], 'int32'));
    expect(q.dtype).toBe('int32');
    expect(q.arraySync()).toEqual([3, -4]);
  });

  it('computes in floats what has no integers, and counts bools', () => {
    expect(exp(tensor([0], [1], 'int32')).dtype).toBe('float32');
    expect(exp(tensor([0], [1], 'float64')).dtype).toBe('float64');
    expect(sum(tensor([true, true])).arraySync()).toBe(2);
    expect(mul(tensor([true, false]), tensor([true, true])).dtype).toBe('bool');
    expect(cast(tensor([1.9, -1.9, 0]), 'int32').arraySync()).toEqual([1, -1, 0]);
    expect(cast(tensor([0.5, 0, Number.NaN]), 'bool').arraySync()).toEqual([1, 0, 1]);
  });
});
