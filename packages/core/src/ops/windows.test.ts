import '@wengert/backend-reference';
import * as w from '@wengert/core';
import { describe, expect, it } from 'vitest';

// Everything that slides a window, against loops that say what it is.

type Values = Record<string, number>;

/** All coordinates of a shape, in order. */
function places(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>((all, n) => all.flatMap((at) => [...Array(n).keys()].map((i) => [...at, i])), [[]]);
}

/** An element by its coordinates; undefined outside. */
function reader(x: w.Tensor): (...at: number[]) => number | undefined {
  const data = x.dataSync();
  const values: Values = Object.fromEntries(places(x.shape).map((at, i) => [at.join(), data[i]]));
  return (...at) => values[at.join()];
}

const wave = (shape: readonly number[], phase = 1): w.Tensor =>
  w.reshape(
    Array.from({ length: w.sizeOf(shape) }, (_, i) => Math.sin(3 * i + phase)),
    shape,
  );

interface Laid {
  readonly strides: readonly number[];
  readonly low: readonly number[];
  readonly dilations: readonly number[];
}

/** What is under each tap of the window whose place in the output is `at`. */
function under(at: readonly number[], taps: readonly number[], { strides, low, dilations }: Laid): number[] {
  return taps.map((tap, k) => at[k] * strides[k] - low[k] + tap * dilations[k]);
}

function expectClose(found: w.Tensor, shape: readonly number[], value: (...at: number[]) => number): void {
  expect(found.shape).toEqual(shape);
  const data = found.dataSync();
  places(shape).forEach((at, i) => {
    expect(data[i], `at [${at.join()}]`).toBeCloseTo(value(...at), 10);
  });
}

/** A correlation of x [batch, ...spatial, channels] with filter [...window, part, features], group by group. */
function correlated(x: w.Tensor, filter: w.Tensor, laid: Laid): (...at: number[]) => number {
  const [at, tap] = [reader(x), reader(filter)];
  const window = filter.shape.slice(0, -2);
  const [part, features] = filter.shape.slice(-2);
  const perGroup = features / (x.shape[x.rank - 1] / part);
  return (n, ...rest) => {
    const feature = rest[window.length];
    const from = Math.floor(feature / perGroup) * part;
    let sum = 0;
    for (const taps of places(window)) {
      const spot = under(rest, taps, laid);
      for (let c = 0; c < part; c++) sum += (at(n, ...spot, from + c) ?? 0) * (tap(...taps, c, feature) ?? NaN);
    }
    return sum;
  };
}

const first = (x: w.Tensor): w.Tensor => w.transpose(x, [0, x.rank - 1, ...places([x.rank - 2]).map(([i]) => i + 1)]);
const last = (x: w.Tensor): w.Tensor => w.transpose(x, [0, ...places([x.rank - 2]).map(([i]) => i + 2), 1]);

describe('convolutions', () => {
  it('conv1d, dilated, padded by a number', () => {
    const [x, f] = [wave([2, 7, 3]), wave([3, 3, 2], 2)];
    const value = correlated(x, f, { strides: [1], low: [2], dilations: [2] });
    expectClose(w.conv1d(x, f, 1, 2, 'NWC', 2), [2, 7, 2], value);
    expectClose(last(w.conv1d(first(x), f, 1, 2, 'NCW', 2)), [2, 7, 2], value);
  });

  it('conv1d with the pads of an image of height 1', () => {
    const [x, f] = [wave([1, 5, 2]), wave([3, 2, 2], 2)];
    const pads = [
      [0, 0],
      [0, 0],
      [2, 1],
      [0, 0],
    ] as const;
    expectClose(w.conv1d(x, f, 1, pads), [1, 6, 2], correlated(x, f, { strides: [1], low: [2], dilations: [1] }));
  });

  it.each([
    ['floor', [2, 2]],
    ['round', [3, 2]],
    ['ceil', [3, 2]],
  ] as const)('conv2d rounds the number of windows: %s', (mode, grid) => {
    const [x, f] = [wave([1, 6, 5, 2]), wave([3, 3, 2, 1], 2)];
    const value = correlated(x, f, { strides: [2, 2], low: [0, 0], dilations: [1, 1] });
    expectClose(w.conv2d(x, f, 2, 0, 'NHWC', 1, mode), [1, ...grid, 1], value);
  });

  it('rounds up where not even one window fits', () => {
    expect(w.conv2d(wave([1, 2, 3, 1]), wave([3, 3, 1, 1]), 2, 0, 'NHWC', 1, 'ceil').shape).toEqual([1, 1, 1, 1]);
  });

  it('conv2d in groups', () => {
    const [x, f] = [wave([2, 4, 5, 6]), wave([2, 3, 2, 9], 2)];
    const value = correlated(x, f, { strides: [2, 1], low: [0, 1], dilations: [1, 1] });
    expectClose(w.conv2d(x, f, [2, 1], 'same'), [2, 2, 5, 9], value);
    expectClose(last(w.conv2d(first(x), f, [2, 1], 'same', 'NCHW')), [2, 2, 5, 9], value);
  });

  it('conv3d, with each kind of step', () => {
    const [x, f] = [wave([1, 3, 4, 5, 2]), wave([2, 3, 2, 2, 2], 2)];
    const laid = { strides: [1, 2, 1], low: [0, 1, 0], dilations: [1, 1, 3] };
    const pads = [
      [0, 0],
      [0, 1],
      [1, 1],
      [0, 0],
      [0, 0],
    ] as const;
    const value = correlated(x, f, laid);
    expectClose(w.conv3d(x, f, [1, 2, 1], pads, 'NDHWC', [1, 1, 3]), [1, 3, 2, 2, 2], value);
    const turned = [
      [0, 0],
      [0, 0],
      [0, 1],
      [1, 1],
      [0, 0],
    ] as const;
    expectClose(last(w.conv3d(first(x), f, [1, 2, 1], turned, 'NCDHW', [1, 1, 3])), [1, 3, 2, 2, 2], value);
  });

  it('depthwiseConv2d keeps the channels apart', () => {
    const [x, f] = [wave([2, 4, 4, 3]), wave([2, 3, 3, 2], 2)];
    const [at, tap] = [reader(x), reader(f)];
    const laid = { strides: [2, 2], low: [0, 0], dilations: [1, 1] };
    expectClose(w.depthwiseConv2d(x, f, 2, 'same'), [2, 2, 2, 6], (n, i, j, feature) => {
      const c = Math.floor(feature / 2);
      return places([2, 3]).reduce((sum, taps) => {
        return sum + (at(n, ...under([i, j], taps, laid), c) ?? 0) * (tap(...taps, c, feature % 2) ?? NaN);
      }, 0);
    });
  });

  it('separableConv2d maps what depthwiseConv2d gives', () => {
    const [x, f, p] = [wave([3, 4, 2]), wave([2, 2, 2, 2], 2), wave([1, 1, 4, 3], 3)];
    const apart = w.depthwiseConv2d(x, f, 1, 'valid');
    const mapped = w.reshape(w.matMul(w.reshape(apart, [6, 4]), w.reshape(p, [4, 3])), [2, 3, 3]);
    expectClose(w.separableConv2d(x, f, p, 1, 'valid'), [2, 3, 3], (...at) => reader(mapped)(...at) ?? NaN);
  });

  it.each([
    ['conv2d', [2, 4, 5, 3], [2, 3, 3, 2], w.conv2d, w.conv2dTranspose, [1, 'valid']],
    ['conv2d, same, strides', [1, 5, 6, 1], [3, 3, 1, 2], w.conv2d, w.conv2dTranspose, [[2, 3], 'same']],
    ['conv2d, a number', [1, 5, 4, 2], [2, 2, 2, 1], w.conv2d, w.conv2dTranspose, [3, 1]],
    ['conv3d', [1, 3, 4, 3, 2], [2, 2, 3, 2, 1], w.conv3d, w.conv3dTranspose, [2, 'same']],
  ] as const)('the transpose of %s is its adjoint', (_name, shape, window, forward, back, placement) => {
    const [x, f] = [wave(shape), wave(window, 2)];
    const apply = (g: (...args: never[]) => w.Tensor, ...args: unknown[]): w.Tensor => g(...(args as never[]));
    const y = apply(forward, x, f, ...placement);
    const g = wave(y.shape, 5);
    const left = w.sum(w.mul(y, g)).item();
    const right = w.sum(w.mul(x, apply(back, g, f, shape, ...placement))).item();
    expect(right).toBeCloseTo(left, 10);
  });
});

/** The elements of a window that lie inside the image. */
function inside(x: w.Tensor, window: readonly number[], laid: Laid): (...at: number[]) => number[] {
  const at = reader(x);
  return (n, ...rest) => {
    const c = rest[window.length];
    return places(window).flatMap((taps) => at(n, ...under(rest, taps, laid), c) ?? []);
  };
}

describe('poolings', () => {
  const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / Math.max(1, xs.length);

  it('in windows with gaps', () => {
    const x = wave([2, 6, 7, 2]);
    const under2 = inside(x, [2, 3], { strides: [2, 1], low: [1, 0], dilations: [3, 2] });
    const pads = [
      [0, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ] as const;
    const shape = [2, 3, 4, 2];
    expectClose(w.maxPool(x, [2, 3], [2, 1], pads, null, 'NHWC', [3, 2]), shape, (...at) => Math.max(...under2(...at)));
    expectClose(w.avgPool(x, [2, 3], [2, 1], pads, null, 'NHWC', [3, 2]), shape, (...at) => mean(under2(...at)));
    expectClose(w.pool(x, [2, 3], 'avg', pads, [3, 2], [2, 1]), shape, (...at) => mean(under2(...at)));
    expectClose(w.pool(x, [2, 3], 'max', pads, [3, 2], [2, 1]), shape, (...at) => Math.max(...under2(...at)));
  });

  it('of volumes, in both orders', () => {
    const x = wave([2, 3, 4, 5, 2]);
    const near = inside(x, [1, 2, 3], { strides: [1, 2, 2], low: [0, 0, 1], dilations: [1, 1, 1] });
    const shape = [2, 3, 2, 3, 2];
    const [max, avg] = [w.maxPool3d, w.avgPool3d].map((f) => [
      f(x, [1, 2, 3], [1, 2, 2], 'same'),
      last(f(first(x), [1, 2, 3], [1, 2, 2], 'same', null, 'NCDHW')),
    ]);
    for (const y of max) expectClose(y, shape, (...at) => Math.max(...near(...at)));
    for (const y of avg) expectClose(y, shape, (...at) => mean(near(...at)));
  });

  it('gives 0 for the mean of nothing', () => {
    expect(
      w
        .avgPool(w.ones([1, 1, 1, 1]), 1, 1, 1)
        .dataSync()
        .join(),
    ).toBe('0,0,0,0,1,0,0,0,0');
  });

  it.each([true, false])('tells where the largest elements stand, counting the batch: %s', (withBatch) => {
    const x = wave([2, 4, 5, 3]);
    const { result, indexes } = w.maxPoolWithArgmax(x, 3, 2, 1, withBatch);
    expect(indexes.dtype).toBe('int32');
    const [flat, each] = [x.dataSync(), 4 * 5 * 3];
    const found = indexes.dataSync();
    places(result.shape).forEach(([n], i) => {
      expect(flat[(withBatch ? 0 : n * each) + found[i]]).toBe(result.dataSync()[i]);
    });
    expect(result.arraySync()).toEqual(w.maxPool(x, 3, 2, 1).arraySync());
  });

  it('dilates by the largest sum', () => {
    const [x, f] = [wave([2, 5, 4, 2]), wave([2, 3, 2], 2)];
    const [at, tap] = [reader(x), reader(f)];
    const laid = { strides: [1, 2], low: [1, 0], dilations: [2, 1] };
    expectClose(w.dilation2d(x, f, [1, 2], 'same', [2, 1]), [2, 5, 2, 2], (n, i, j, c) =>
      Math.max(
        ...places([2, 3]).map((taps) => {
          return (at(n, ...under([i, j], taps, laid), c) ?? -Infinity) + (tap(...taps, c) ?? NaN);
        }),
      ),
    );
  });

  it('gives the gradient of a dilation to the first of equals', () => {
    const [dx, df] = w.grads((x, f) => w.dilation2d(x, f, 1, 'valid'))([w.ones([1, 3, 1]), w.zeros([1, 2, 1])]);
    expect([dx.dataSync().join(), df.dataSync().join()]).toEqual(['1,1,0', '2,0']);
  });
});
