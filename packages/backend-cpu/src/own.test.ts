import { afterEach, expect, it, vi } from 'vitest';
import { generator, run } from './agreement.ts';
import { createCpuBackend } from './createCpuBackend.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

it('gives the same results where a content security policy forbids to compile', async () => {
  const forbidden = vi.fn(function refuse() {
    throw new EvalError('refused by the content security policy');
  });
  vi.stubGlobal('Function', forbidden);
  vi.resetModules();
  const strict = (await import('./createCpuBackend.ts')).createCpuBackend();
  const free = createCpuBackend();
  const random = generator(5);
  const image = random([2, 7, 9, 3], 'float32');
  const square = random([33, 33], 'float32');
  const few = random([33], 'float32', 1, 2);
  const window = {
    strides: [1, 1],
    pads: [
      [1, 1],
      [1, 1],
    ],
    dilations: [1, 1],
  };
  const cases = [
    ['exp', [square], {}, square],
    // Loops that several ops share are copied for the second of them.
    ['exp', [few], {}, few],
    ['log', [few], {}, few],
    ['add', [square, random([33], 'float32')], {}, square],
    ['transpose', [square], { perm: [1, 0] }, square],
    ['softmax', [square], { axis: 0 }, square],
    ['sum', [square], { axes: [1] }, { shape: [33], dtype: 'float32' }],
    ['matMul', [square, square], { transposeA: true, transposeB: false }, square],
    ['conv2d', [image, random([3, 3, 3, 8], 'float32')], window, { shape: [2, 7, 9, 8], dtype: 'float32' }],
  ] as const;
  for (const [op, inputs, attrs, out] of cases) {
    expect(run(strict, op, inputs, attrs, [out]), op).toEqual(run(free, op, inputs, attrs, [out]));
  }
  expect(forbidden).toHaveBeenCalled();
});
