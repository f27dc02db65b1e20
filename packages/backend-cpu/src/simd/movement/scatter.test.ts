import type { Shape } from '@wengert/core';
import { expect, it } from 'vitest';
import { agreement, generator, type Host, run } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';

const random = generator(10);
const backends = [createCpuBackend({ simd: true }), createCpuBackend({ simd: false })] as const;
const near = agreement(...backends, 4, 2 ** 29 * 4);

function places(count: number, size: number): Host {
  return { shape: [count], dtype: 'int32', data: random([count], 'int32', 0, size - 0.001).data };
}

it('adds rows of any length to the places they are sent to', () => {
  for (const [shape, axis, size] of [
    [[300], 0, 50],
    [[300], 0, 1000],
    [[5000], 0, 3],
    [[40, 7], 0, 9],
    [[3, 40, 16], 1, 21],
    [[2, 33, 5], 1, 60],
    [[9, 30], 1, 4],
    [[3, 401, 5], 1, 2],
    [[2, 1500], 1, 1],
    [[9000], 0, 1],
  ] as [Shape, number, number][]) {
    const out = { shape: shape.map((n, i) => (i === axis ? size : n)), dtype: 'float32' as const };
    near('scatterAdd', [random(shape, 'float32'), places(shape[axis], size)], { axis, size }, out);
  }
});

it('keeps NaN and infinities where they were sent, and refuses other places', () => {
  const x = random([400], 'float32');
  [x.data[3], x.data[7], x.data[9]] = [NaN, Infinity, -Infinity];
  near('scatterAdd', [x, places(400, 600)], { axis: 0, size: 600 }, { shape: [600], dtype: 'float32' });
  for (const wrong of [-1, 600]) {
    const at = places(400, 600);
    at.data[17] = wrong;
    const attempt = () =>
      run(backends[0], 'scatterAdd', [x, at], { axis: 0, size: 600 }, [{ shape: [600], dtype: 'float32' }]);
    expect(attempt).toThrow('outside an axis of length 600');
  }
});
