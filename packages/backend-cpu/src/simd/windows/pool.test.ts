import { type Shape, sizeOf } from '@wengert/core/functions';
import { expect, it } from 'vitest';
import { agreement, compare, generator, run } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';
import type { Pool } from '../../kernels/poolTable.ts';
import { pool } from './pool.ts';

const random = generator(9);
const backends = [createCpuBackend({ simd: true }), createCpuBackend({ simd: false })] as const;
const agree = agreement(...backends, 0, 0);
const near = agreement(...backends, 4, 2 ** 29 * 4);

const CASES: [Shape, Required<Pool>][] = [
  [
    [2, 8, 8, 16],
    {
      window: [2, 2],
      strides: [2, 2],
      dilations: [1, 1],
      pads: [
        [0, 0],
        [0, 0],
      ],
    },
  ],
  [
    [3, 9, 7, 5],
    {
      window: [3, 2],
      strides: [2, 1],
      dilations: [1, 2],
      pads: [
        [1, 1],
        [0, 1],
      ],
    },
  ],
  [
    [2, 7, 6, 22],
    {
      window: [2, 3],
      strides: [2, 3],
      dilations: [1, 1],
      pads: [
        [0, 0],
        [0, 0],
      ],
    },
  ],
  [
    [1, 12, 12, 1],
    {
      window: [3, 3],
      strides: [1, 1],
      dilations: [1, 1],
      pads: [
        [1, 1],
        [1, 1],
      ],
    },
  ],
  [
    [2, 4, 5, 6, 3],
    {
      window: [2, 2, 2],
      strides: [1, 2, 2],
      dilations: [1, 1, 1],
      pads: [
        [0, 1],
        [1, 0],
        [0, 0],
      ],
    },
  ],
];

function pooled([batch, ...rest]: Shape, { window, strides, dilations, pads }: Required<Pool>): Shape {
  const channels = rest[rest.length - 1];
  const count = (n: number, i: number): number =>
    Math.floor((n + pads[i][0] + pads[i][1] - dilations[i] * (window[i] - 1) - 1) / strides[i]) + 1;
  return [batch, ...rest.slice(0, -1).map(count), channels];
}

it('pools windows of any kind, with ties, NaN and infinities', () => {
  for (const [shape, attrs] of CASES) {
    const x = random(shape, 'float32');
    for (const specials of [false, true]) {
      if (specials) {
        for (let i = 0; i < x.data.length; i += 3) x.data[i] = [NaN, NaN, -Infinity, Infinity, 0, -0, 1][(i / 3) % 7];
      }
      const deep = shape.length === 5 ? '3d' : '';
      const spec = { shape: pooled(shape, attrs), dtype: 'float32' as const };
      agree(`maxPool${deep}`, [x], attrs, spec);
      near(`avgPool${deep}`, [x], attrs, spec);
      const bordered = { ...attrs, pads: attrs.pads.map(() => [0, 0] as const) };
      agree('maxPoolIndices', [x], bordered, { shape: pooled(shape, bordered), dtype: 'int32' });
    }
  }
});

it('sums each channel by weights of its own', () => {
  for (const [shape, { window, strides, dilations, pads }] of CASES) {
    if (shape.length !== 4) continue;
    const [attrs, channels] = [{ window, strides, dilations, pads }, shape[3]];
    const [x, filter] = [random(shape, 'float32'), random([...window, channels, 1], 'float32')];
    const out = { shape: pooled(shape, attrs), dtype: 'float32' as const };
    const expected = new Float32Array(sizeOf(out.shape));
    const [, height, width] = out.shape;
    for (let at = 0; at < expected.length; at++) {
      const [image, line, column, channel] = [height * width * channels, width * channels, channels, 1].map(
        (apart, i) => Math.floor(at / apart) % out.shape[i],
      );
      for (let tap = 0; tap < window[0] * window[1]; tap++) {
        const row = line * strides[0] + Math.floor(tap / window[1]) * dilations[0] - pads[0][0];
        const place = column * strides[1] + (tap % window[1]) * dilations[1] - pads[1][0];
        if (row < 0 || row >= shape[1] || place < 0 || place >= shape[2]) continue;
        const value = x.data[((image * shape[1] + row) * shape[2] + place) * channels + channel];
        expected[at] += value * filter.data[tap * channels + channel];
      }
    }
    const [result] = run(backends[0], 'depthwiseConv2d', [x, filter], { strides, dilations, pads }, [out]);
    compare('depthwiseConv2d', result, { ...out, data: expected }, 4, 2 ** 29 * 4);
  }
});

it('puts back what was the largest of windows that lie side by side, apart, or over each other', () => {
  for (const [window, strides, dilations] of [
    [
      [2, 2],
      [2, 2],
      [1, 1],
    ],
    [
      [3, 2],
      [2, 1],
      [1, 1],
    ],
    [
      [2, 2],
      [3, 2],
      [1, 1],
    ],
    [
      [2, 1],
      [2, 1],
      [2, 3],
    ],
  ]) {
    for (const channels of [4, 24]) {
      const x = random([3, 8, 9, channels], 'float32');
      const attrs = { window, strides, dilations };
      const shape = pooled(x.shape, { ...attrs, pads: [[0, 0] as const, [0, 0] as const] });
      const [numbers] = run(backends[1], 'maxPoolIndices', [x], attrs, [{ shape, dtype: 'int32' }]);
      const g = random(shape, 'float32');
      [g.data[0], g.data[5], g.data[6]] = [-0, NaN, Infinity];
      const places = { shape, dtype: 'int32' as const, data: numbers };
      const scatter = { ...attrs, shape: x.shape };
      const [back] = run(backends[0], 'maxPoolScatter', [g, places], scatter, [x]);
      const size = x.data.length;
      const [flat, line] = [g, places].map((host) => ({ ...host, shape: [host.data.length] }));
      const expected = run(backends[1], 'scatterAdd', [flat, line], { axis: 0, size }, [{ ...x, shape: [size] }]);
      // Where windows overlap the plain loops add in double.
      const overlap = window.some((length, i) => length > strides[i]);
      compare('maxPoolScatter', back, { ...x, data: expected[0] }, 2, overlap ? 2 ** 29 * 4 : 0);
    }
  }
});

it('passes NaN over where there is nothing else but -Infinity, in every order', () => {
  // For each bit of a channel's number that is set the window has a NaN; over again, so that no plain loop serves.
  for (const channels of [16, 17]) {
    const data = Float32Array.from({ length: 16 * channels }, (_, i) => {
      const [tap, channel] = [Math.floor(i / channels) % 4, i % channels];
      return (channel >> tap) & 1 ? NaN : -Infinity;
    });
    const x = { shape: [4, 2, 2, channels], dtype: 'float32' as const, data };
    const attrs = { window: [2, 2], strides: [1, 1], dilations: [1, 1], pads: [[0, 0] as const, [0, 0] as const] };
    const shape = [4, 1, 1, channels];
    agree('maxPool', [x], attrs, { shape, dtype: 'float32' });
    agree('maxPoolIndices', [x], attrs, { shape, dtype: 'int32' });
    agree(
      'maxPool',
      [x],
      { ...attrs, pads: [[1, 0] as const, [0, 1] as const] },
      { shape: [4, 2, 2, channels], dtype: 'float32' },
    );
  }
});

it('gives NaN for a window of nothing else', () => {
  const x = { shape: [1, 2, 2, 64], dtype: 'float32' as const, data: new Float32Array(256).fill(NaN) };
  const block = { ...x, storage: backends[0].write(x.data, x) };
  const out = { shape: [1, 1, 1, 64], dtype: 'float32' as const, scoped: true };
  const attrs = { window: [2, 2], strides: [1, 1], dilations: [1, 1], pads: [[0, 0] as const, [0, 0] as const] };
  const [storage] = pool.maxPool?.([block], attrs, [out]) ?? [];
  expect(backends[0].readSync?.({ ...out, storage })).toEqual(new Float32Array(64).fill(NaN));
});
