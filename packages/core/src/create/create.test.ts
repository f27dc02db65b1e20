import '@wengert/backend-reference';
import {
  eye,
  fill,
  linspace,
  memory,
  multinomial,
  ones,
  onesLike,
  randomUniform,
  range,
  ShapeError,
  scalar,
  signal,
  type Tensor,
  tensor,
  tensor1d,
  tensor2d,
  tensor3d,
  tensor4d,
  tensor5d,
  tensor6d,
  variable,
  zeros,
  zerosLike,
} from '@wengert/core';
import { describe, expect, it } from 'vitest';

describe('tensor', () => {
  it('takes flat and nested values', () => {
    expect(tensor([1, 2, 3, 4], [2, 2]).arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(tensor([[1, 2]], [1, 2]).shape).toEqual([1, 2]);
    expect(tensor([new Float32Array([1, 2]), new Float32Array([3, 4])]).dtype).toBe('float32');
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor(5).shape).toEqual([]);
  });

  it('rejects what does not fit, and leaks nothing', () => {
    const before = memory();
    const wrong: (() => unknown)[] = [
      () => tensor([1, 2, 3], [2, 2]),
      () => tensor([[1, 2], [3]]),
      () => tensor([[1, 2], 3] as never),
      () => tensor([[1, 2]], [2, 1]),
      () => tensor([1], [-1]),
      () => tensor2d([1, 2, 3]),
      () => tensor1d([[1]] as never),
      () => tensor3d([[1]]),
      () => tensor4d([[1]]),
      () => tensor5d([[1]]),
      () => tensor6d([1], [1, 1, 1, 1, 1] as never),
      () => scalar([1] as never),
    ];
    for (const make of wrong) expect(make).toThrow(expect.objectContaining({ name: 'ShapeError' }));
    for (const value of [null, undefined, 'text', {}, ['a'], [null], scalar]) {
      expect(() => tensor(value as never)).toThrow(TypeError);
    }
    expect(() => tensor([1], [1], 'float16' as never)).toThrow(/float16/);
    expect(memory()).toEqual(before);
  });

  it('is refused beyond what a tensor can hold, before memory is asked for', () => {
    const before = memory();
    for (const make of [
      () => zeros([2 ** 31]),
      () => tensor([1]).broadcastTo([2 ** 20, 2 ** 20]),
      () => eye(2 ** 20),
    ]) {
      expect(make).toThrow(expect.objectContaining({ name: 'ShapeError' }));
    }
    expect(memory().numTensors).toBe(before.numTensors + 1);
  });

  it('shows itself', () => {
    expect(tensor([[1, 2.5]]).toString()).toBe('Tensor\n[[1, 2.5]]');
    expect(tensor([true]).toString(true)).toBe('Tensor bool [1]\n[true]');
    expect(range(0, 10).toString()).toBe('Tensor\n[0, 1, 2, ..., 7, 8, 9]');
    const x: Tensor = scalar(1);
    x.dispose();
    expect(x.toString()).toBe('Tensor (disposed)');
  });
});

describe('fills and sequences', () => {
  it('have their values', () => {
    expect(zeros([2]).arraySync()).toEqual([0, 0]);
    expect(ones([1, 2], 'int32').arraySync()).toEqual([[1, 1]]);
    expect(fill([2], true).arraySync()).toEqual([1, 1]);
    expect(fill([0, 2], 3).shape).toEqual([0, 2]);
    expect(onesLike([[1, 2]]).arraySync()).toEqual([[1, 1]]);
    expect(zerosLike(tensor([1], [1], 'int32')).dtype).toBe('int32');
    expect(range(5, 0, -2).arraySync()).toEqual([5, 3, 1]);
    expect(range(0, 3).arraySync()).toEqual([0, 1, 2]);
    expect(linspace(0, 1, 5).arraySync()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(eye(2, 3, [2]).shape).toEqual([2, 2, 3]);
    expect(eye(2).arraySync()).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('reject nonsense', () => {
    expect(() => range(0, 1, 0)).toThrow(/step/);
    expect(() => linspace(0, 1, 0)).toThrow(/count/);
    expect(() => zeros([1.5])).toThrow(/shape/);
    expect(() => eye(-1)).toThrow(/shape/);
  });

  it('refuse what no tensor can hold before they make it', () => {
    const count = 2 ** 31;
    expect(() => linspace(0, 1, count)).toThrow(ShapeError);
    expect(() => range(0, count)).toThrow(ShapeError);
    expect(() => eye(count)).toThrow(ShapeError);
    expect(() => signal.hannWindow(count)).toThrow(ShapeError);
    expect(() => randomUniform([count])).toThrow(ShapeError);
    expect(() => multinomial([0, 0], count)).toThrow(ShapeError);
  });
});

describe('variable', () => {
  it('starts from values or a tensor, which it does not take over', () => {
    const x = tensor([1, 2]);
    const before = memory().numTensors;
    const v = variable(x, true, 'v');
    expect(memory().numTensors).toBe(before + 1);
    x.dispose();
    expect(v.arraySync()).toEqual([1, 2]);
    expect(v.name).toBe('v');
    expect(variable(1, true, undefined, 'int32').dtype).toBe('int32');
    const buffers = memory().numDataBuffers;
    for (let i = 0; i < 5; i++) {
      const next = v.mul(2);
      v.assign(next);
      next.dispose();
    }
    expect(memory().numDataBuffers).toBe(buffers);
    expect(v.arraySync()).toEqual([32, 64]);
  });
});
