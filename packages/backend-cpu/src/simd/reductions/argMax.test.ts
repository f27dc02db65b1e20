import { createReferenceBackend } from '@wengert/backend-reference';
import { dropAxes, type Shape } from '@wengert/core';
import { expect, it } from 'vitest';
import { agreement, generator, type Host } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';
import { argMax } from './argMax.ts';

const random = generator(12);
const cpu = createCpuBackend({ simd: true });
const agree = agreement(cpu, createReferenceBackend(), 0, 0);

function check(x: Host): void {
  for (const axis of x.shape.keys()) {
    agree('argMax', [x], { axis }, { shape: dropAxes(x.shape, [axis]), dtype: 'int32' });
  }
}

const SHAPES: Shape[] = [[1000], [5003], [70, 4], [4, 70], [37, 19], [19, 37], [6, 13, 21], [5, 3000], [3, 7, 5, 6]];

it('finds the first of the largest along any axis', () => {
  for (const shape of SHAPES) {
    check(random(shape, 'float32'));
    // Many are equal.
    const x = random(shape, 'float32', -2, 3);
    check({ ...x, data: x.data.map(Math.round) });
    check({ ...x, data: x.data.fill(-Infinity) });
  }
});

it('passes NaN over, finds infinities, and takes zeros of both signs for equal', () => {
  for (const shape of SHAPES) {
    for (const specials of [[NaN], [NaN, -Infinity], [-Infinity, NaN], [0, -0], [-0, 0], [Infinity, NaN, 1]]) {
      const x = random(shape, 'float32', -3, -1);
      // Few numbers, often none in a line, at its beginning or at its end.
      for (const every of [1, 2, 3, 5]) {
        for (let i = 0; i < x.data.length; i++) {
          if (i % every === 0 || specials.length > 2) x.data[i] = specials[((i / every) % specials.length) | 0];
        }
        check(x);
      }
    }
  }
});

it('finds one number anywhere in a row', () => {
  for (const columns of [1100, 2048, 4097]) {
    const rows = [0, 1, 15, 16, 1023, 1024, columns - 1];
    const x: Host = { shape: [rows.length, columns], dtype: 'float32', data: new Float32Array(rows.length * columns) };
    for (const other of [NaN, -Infinity, 3]) {
      x.data.fill(other);
      for (const [row, at] of rows.entries()) x.data[row * columns + at] = 4;
      check(x);
      for (const [row, at] of rows.entries()) x.data[row * columns + at] = -Infinity;
      if (Number.isNaN(other)) check(x);
    }
  }
});

it('serves rows and columns itself', () => {
  for (const axis of [0, 1]) {
    const x = { ...random([32, 32], 'float32'), exclusive: false };
    const block = { ...x, storage: cpu.write(x.data, x) };
    const out = { shape: [32], dtype: 'int32' as const, scoped: true };
    expect(argMax.argMax?.([block], { axis }, [out])).not.toBeNull();
  }
});
