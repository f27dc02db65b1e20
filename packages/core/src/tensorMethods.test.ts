import { inspect } from 'node:util';
import { createReferenceBackend } from '@wengert/backend-reference';
import { complex, grad, hvp, keep, mul, ones, setBackend, sum, tensor, zeros } from '@wengert/core';
import { expect, it } from 'vitest';

const x = tensor([1.5, 0, -2, 3]);

it('methods that are no functions give other shapes', () => {
  expect(tensor([[7]]).asScalar().shape).toEqual([]);
  expect(tensor([[1, 2]]).as1D().shape).toEqual([2]);
  expect(x.as2D(2, 2).arraySync()).toEqual([
    [1.5, 0],
    [-2, 3],
  ]);
  expect(x.as3D(1, 4, 1).shape).toEqual([1, 4, 1]);
  expect(x.as4D(1, 2, 1, 2).shape).toEqual([1, 2, 1, 2]);
  expect(x.as5D(1, 2, 1, 2, 1).shape).toEqual([1, 2, 1, 2, 1]);
  expect(x.reshapeAs(tensor([[1], [2], [3], [4]])).shape).toEqual([4, 1]);
  expect(() => x.asScalar()).toThrow(/\[4\]/);
});

it('and other dtypes', () => {
  expect([x.toFloat().dtype, x.asType('int32').dtype]).toEqual(['float32', 'int32']);
  expect(x.toInt().arraySync()).toEqual([1, 0, -2, 3]);
  expect(x.toBool().arraySync()).toEqual([1, 0, 1, 1]);
});

it('where is a method of the values', () => {
  expect(x.where([true, false, false, true], 9).arraySync()).toEqual([1.5, 9, 9, 3]);
  expect(grad((y) => y.where([true, false, true, false], 0))(x).arraySync()).toEqual([1, 0, 1, 0]);
});

it('a tensor becomes a variable', () => {
  const v = x.variable(false, 'from a tensor');
  expect([v.trainable, v.name, v.arraySync()]).toEqual([false, 'from a tensor', x.arraySync()]);
  v.dispose();
});

it('errors name what was called, and show what was given', () => {
  expect(() => zeros([Number.NaN])).toThrow('zeros: [NaN]');
  expect(() => ones([-1])).toThrow('ones: [-1]');
  expect(() => keep(null as never)).toThrow('keep: a tensor is needed, got null');
  expect(() => hvp((y) => sum(mul(y, y)), x, tensor([1]))).toThrow(/^hvp/);
});

it('consoles show the values, or what the tensor is where they cannot be had at once', async () => {
  const x = tensor([1, 2], undefined, 'int32');
  expect(inspect(x)).toBe(x.toString());
  expect(inspect(complex([1], [2]))).toContain('[1, 2]');
  x.dispose();
  expect(inspect(x)).toBe('Tensor (disposed)');

  const { readSync, borrowSync, ...waiting } = createReferenceBackend();
  await setBackend({ ...waiting, name: 'waiting' });
  expect(inspect(tensor([1, 2], undefined, 'int32'))).toBe("Tensor on 'waiting'");
});
