import { expect, it } from 'vitest';
import { compare, generator, type Host, run } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';

const cpu = createCpuBackend({ simd: true });
const random = generator(23);

interface Windows {
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pads: readonly [readonly [number, number], readonly [number, number]];
}

const SIMPLE: Windows = {
  strides: [1, 1],
  dilations: [1, 1],
  pads: [
    [1, 1],
    [1, 1],
  ],
};
const UNEVEN: Windows = {
  strides: [2, 3],
  dilations: [2, 1],
  pads: [
    [2, 0],
    [0, 1],
  ],
};

/** Calls `body` with the numbers of an element of x, of the filter and of the result, for each product. */
function eachProduct(
  [batch, height, width, channels]: readonly number[],
  [rows, columns]: readonly number[],
  [, outHeight, outWidth]: readonly number[],
  { strides, dilations, pads }: Windows,
  body: (x: number, filter: number, out: number) => void,
): void {
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < outHeight; i++) {
      for (let j = 0; j < outWidth; j++) {
        for (let k = 0; k < rows; k++) {
          for (let l = 0; l < columns; l++) {
            const [y, x] = [
              i * strides[0] + k * dilations[0] - pads[0][0],
              j * strides[1] + l * dilations[1] - pads[1][0],
            ];
            if (y < 0 || y >= height || x < 0 || x >= width) continue;
            for (let c = 0; c < channels; c++) {
              const from = ((n * height + y) * width + x) * channels + c;
              body(from, (k * columns + l) * channels + c, ((n * outHeight + i) * outWidth + j) * channels + c);
            }
          }
        }
      }
    }
  }
}

function lengthOf(length: number, taps: number, i: number, { strides, dilations, pads }: Windows): number {
  return Math.floor((length + pads[i][0] + pads[i][1] - dilations[i] * (taps - 1) - 1) / strides[i]) + 1;
}

interface Scene {
  readonly x: Host;
  readonly filter: Host;
  readonly g: Host;
  readonly windows: Windows;
}

function sceneOf(shape: number[], window: [number, number], windows: Windows): Scene {
  const [batch, height, width, channels] = shape;
  const grid = [lengthOf(height, window[0], 0, windows), lengthOf(width, window[1], 1, windows)];
  const [x, filter] = [random(shape, 'float32'), random([...window, channels, 1], 'float32')];
  return { x, filter, g: random([batch, ...grid, channels], 'float32'), windows };
}

function computed({ x, filter, g, windows }: Scene) {
  return {
    y: run(cpu, 'depthwiseConv2d', [x, filter], windows, [g])[0],
    gx: run(cpu, 'depthwiseInputGrad', [g, filter], { ...windows, shape: x.shape }, [x])[0],
    gFilter: run(cpu, 'depthwiseFilterGrad', [x, g], { ...windows, shape: filter.shape }, [filter])[0],
  };
}

function check(shape: number[], window: [number, number], windows: Windows): void {
  const scene = sceneOf(shape, window, windows);
  const { x, filter, g } = scene;
  const [y, gx, gFilter] = [g, x, filter].map(({ data }) => new Float64Array(data.length));
  eachProduct(shape, window, g.shape, windows, (from, weight, to) => {
    y[to] += x.data[from] * filter.data[weight];
    gx[from] += g.data[to] * filter.data[weight];
    gFilter[weight] += g.data[to] * x.data[from];
  });
  const actual = computed(scene);
  const near = (got: ArrayLike<number>, want: Float64Array, spec: Host): void =>
    compare(
      `${shape} by ${window}`,
      Float32Array.from(got),
      { ...spec, data: Float32Array.from(want) },
      4,
      2 ** 29 * 8,
    );
  near(actual.y, y, g);
  near(actual.gx, gx, x);
  near(actual.gFilter, gFilter, filter);
}

it('gives cotangents of images and filters, with any number of channels', () => {
  for (const channels of [1, 2, 3, 4, 5, 7, 16, 19, 40]) {
    check([2, 11, 9, channels], [3, 3], SIMPLE);
    check([3, 14, 17, channels], [3, 2], UNEVEN);
    check([1, 13, 12, channels], [2, 5], { ...SIMPLE, dilations: [3, 1] });
  }
  // Windows that lie beside the image in part, and elements that no window sees.
  check([2, 10, 10, 6], [2, 2], { ...UNEVEN, strides: [4, 4] });
  check([1, 9, 9, 8], [5, 5], {
    ...SIMPLE,
    pads: [
      [4, 4],
      [4, 4],
    ],
  });
});

it('sums over nothing', () => {
  check([0, 8, 8, 5], [3, 3], SIMPLE);
  check([2, 1, 8, 5], [4, 3], SIMPLE);
  check([2, 8, 8, 0], [3, 3], SIMPLE);
});

it('sums over many images', () => {
  check([40, 20, 20, 5], [3, 3], SIMPLE);
});

it('spoils only what meets what is not finite', () => {
  for (const special of [NaN, Infinity]) {
    for (const channels of [3, 6]) {
      const scene = sceneOf([1, 8, 8, channels], [3, 3], SIMPLE);
      const { x, g } = scene;
      // The last channel of a position: what spills over would spoil the next one.
      const at = (3 * 8 + 4) * channels + channels - 1;
      g.data[at] = special;
      const { gx, gFilter } = computed(scene);
      const [met, weights] = [new Set<number>(), new Set<number>()];
      eachProduct(x.shape, [3, 3], g.shape, SIMPLE, (from, weight, to) => {
        if (to !== at) return;
        met.add(from);
        weights.add(weight);
      });
      expect([...gx.keys()].filter((i) => !Number.isFinite(gx[i]))).toEqual([...met].sort((a, b) => a - b));
      expect([...gFilter.keys()].filter((i) => !Number.isFinite(gFilter[i]))).toEqual(
        [...weights].sort((a, b) => a - b),
      );
    }
  }
});

it('leaves several features of a channel to ops of their own', () => {
  const serves = (shape: number[], filter: number[]): boolean => {
    const [g, weights] = [random(shape, 'float32'), random(filter, 'float32')].map((host) => {
      return { ...host, storage: cpu.write(host.data, host) };
    });
    const x = { shape: [...shape.slice(0, 3), filter[2]], dtype: 'float32' as const, scoped: true };
    return cpu.kernels.get('depthwiseInputGrad')?.([g, weights], { ...SIMPLE, shape: x.shape }, [x]) !== null;
  };
  expect(serves([2, 6, 6, 4], [3, 3, 4, 1])).toBe(true);
  expect(serves([2, 6, 6, 4], [3, 3, 2, 2])).toBe(false);
});
