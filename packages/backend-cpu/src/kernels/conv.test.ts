import { createReferenceBackend } from '@wengert/backend-reference';
import { expect, it } from 'vitest';
import { agreement, generator, NUMBERS, run } from '../agreement.ts';
import { convCalls } from '../cases/convCalls.ts';
import { createCpuBackend } from '../createCpuBackend.ts';

const cpu = createCpuBackend({ simd: false });
const random = generator(1);
const agree = agreement(cpu, createReferenceBackend(), 1, 512);

it.each(Object.entries(convCalls))('%s', (_name, calls) => {
  for (const dtype of NUMBERS) for (const call of calls(random, dtype)) agree(...call);
});

it('conv2d is conv of one group', () => {
  const [x, filter] = [random([2, 7, 8, 3], 'float32'), random([3, 2, 3, 5], 'float32')];
  const attrs = {
    strides: [2, 1],
    pads: [
      [1, 1],
      [0, 1],
    ],
    dilations: [1, 2],
  };
  const [actual] = run(cpu, 'conv2d', [x, filter], attrs, [{ shape: [2, 4, 7, 5], dtype: 'float32' }]);
  const grouped = [x, filter].map((input) => ({ ...input, shape: [1, ...input.shape] }));
  const [expected] = run(cpu, 'conv', grouped, { ...attrs, inputDilations: [1, 1] }, [
    { shape: [1, 2, 4, 7, 5], dtype: 'float32' },
  ]);
  expect(actual).toEqual(expected);
});
