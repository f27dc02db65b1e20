import { createReferenceBackend } from '@wengert/backend-reference';
import { dropAxes, type Shape } from '@wengert/core';
import { describe, it } from 'vitest';
import { ALL, agreement, FLOATS, generator } from '../agreement.ts';
import { createCpuBackend } from '../createCpuBackend.ts';

const cpu = createCpuBackend({ simd: false });
const random = generator(1);
const agree = agreement(cpu, createReferenceBackend(), 1, 8);

describe('reductions', () => {
  const SHAPES: Shape[] = [
    [],
    [0],
    [1],
    [7],
    [3, 0],
    [0, 3],
    [6, 5],
    [2, 3, 4],
    [3, 1, 5, 2],
    [2, 3, 2, 3, 2],
    [130, 9],
  ];
  const subsets = (rank: number): number[][] => {
    return Array.from({ length: 2 ** rank }, (_, bits) =>
      Array.from({ length: rank }, (_, i) => i).filter((i) => bits & (1 << i)),
    );
  };

  it('sum, max and min', () => {
    for (const dtype of ALL) {
      for (const shape of SHAPES) {
        for (const axes of subsets(shape.length)) {
          const out = { shape: dropAxes(shape, axes), dtype };
          const x = random(shape, dtype);
          if (dtype !== 'bool') agree('sum', [x], { axes }, out);
          agree('max', [x], { axes }, out);
          agree('min', [x], { axes }, out);
          if (x.data.length > 2 && FLOATS.includes(dtype)) {
            x.data[1] = NaN;
            agree('max', [x], { axes }, out);
            agree('min', [x], { axes }, out);
            agree('sum', [x], { axes }, out);
          }
        }
      }
    }
  });
});
