import { createReferenceBackend } from '@wengert/backend-reference';

import { it } from 'vitest';
import { agreement, FLOATS, generator } from '../agreement.ts';
import { createCpuBackend } from '../createCpuBackend.ts';

const cpu = createCpuBackend({ simd: false });
const random = generator(1);
const agree = agreement(cpu, createReferenceBackend(), 1, 64);

it('fft', () => {
  for (const dtype of FLOATS) {
    for (const shape of [[1], [2], [8], [3, 16], [3], [2, 7], [30], [0], [2, 0], [101]]) {
      for (const inverse of [false, true]) {
        const out = { shape, dtype };
        agree('fft', [random(shape, dtype), random(shape, dtype)], { inverse }, out, out);
      }
    }
  }
});
