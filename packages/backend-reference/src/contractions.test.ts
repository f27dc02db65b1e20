import { describe, expect, it } from 'vitest';
import { block, noise, runKernel } from './runKernel.ts';

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const plain = { transposeA: false, transposeB: false };

describe('matMul', () => {
  it('multiplies', () => {
    const [a, b] = [block([2, 3], range(6)), block([3, 2], range(6))];
    expect(runKernel('matMul', [a, b], plain, [[2, 2]])).toEqual([[22, 28, 49, 64]]);
  });

  it('transposes either factor', () => {
    const [a, b] = [noise(6), noise(12)];
    const transposed = (x: number[], rows: number, columns: number): number[] =>
      runKernel('transpose', [block([rows, columns], x)], { perm: [1, 0] }, [[columns, rows]])[0];
    const expected = runKernel('matMul', [block([2, 3], a), block([3, 4], b)], plain, [[2, 4]]);
    const [aT, bT] = [block([3, 2], transposed(a, 2, 3)), block([4, 3], transposed(b, 3, 4))];
    expect(runKernel('matMul', [aT, block([3, 4], b)], { transposeA: true, transposeB: false }, [[2, 4]])).toEqual(
      expected,
    );
    expect(runKernel('matMul', [block([2, 3], a), bT], { transposeA: false, transposeB: true }, [[2, 4]])).toEqual(
      expected,
    );
    expect(runKernel('matMul', [aT, bT], { transposeA: true, transposeB: true }, [[2, 4]])).toEqual(expected);
  });

  it('broadcasts leading axes on both sides, transposed or not', () => {
    // the scalars 1, 2 against 10, 100, 1000: an outer product of batches
    const [a, b] = [block([2, 1, 1, 1], [1, 2]), block([3, 1, 1], [10, 100, 1000])];
    for (const transposeA of [false, true]) {
      expect(runKernel('matMul', [a, b], { transposeA, transposeB: true }, [[2, 3, 1, 1]])).toEqual([
        [10, 100, 1000, 20, 200, 2000],
      ]);
    }
  });

  it('propagates NaN and infinities past zeros, and sums nothing to 0', () => {
    const x = block([1, 2], [0, 1]);
    expect(runKernel('matMul', [x, block([2, 2], [NaN, Infinity, 1, 1])], plain, [[1, 2]])).toEqual([[NaN, NaN]]);
    expect(runKernel('matMul', [block([2, 0], []), block([0, 1], [])], plain, [[2, 1]])).toEqual([[0, 0]]);
    expect(runKernel('matMul', [block([0, 2, 2], []), block([2, 2], range(4))], plain, [[0, 2, 2]])).toEqual([[]]);
  });

  it('keeps int32', () => {
    const [a, b] = [block([1, 2], [3, -4], 'int32'), block([2, 1], [5, 6], 'int32')];
    expect(runKernel('matMul', [a, b], plain, [[1, 1], 'int32'])).toEqual([[-9]]);
  });
});

describe('conv', () => {
  type Pads = readonly (readonly [number, number])[];
  const attributes = (axes: number, changes: object = {}) => ({
    strides: Array(axes).fill(1),
    pads: Array(axes).fill([0, 0]),
    dilations: Array(axes).fill(1),
    inputDilations: Array(axes).fill(1),
    ...changes,
  });

  /** One group, image, channel and feature. */
  const conv1 = (x: readonly number[], filter: readonly number[], changes: object, length: number): number[] =>
    runKernel(
      'conv',
      [block([1, 1, x.length, 1], x), block([1, filter.length, 1, 1], filter)],
      attributes(1, changes),
      [[1, 1, length, 1]],
    )[0];

  it('correlates: the filter is not reversed', () => {
    expect(conv1([1, 2, 3, 4], [1, 10], {}, 3)).toEqual([21, 32, 43]);
  });

  it('multiplies polynomials, with full padding and a reversed filter', () => {
    // (1 + 2x + 3x²)(4 + 5x) = 4 + 13x + 22x² + 15x³
    expect(conv1([1, 2, 3], [5, 4], { pads: [[1, 1]] }, 4)).toEqual([4, 13, 22, 15]);
  });

  it('pads each side by itself and steps by the stride', () => {
    expect(conv1([1, 2, 3, 4, 5], [1, 10], { pads: [[1, 0]], strides: [2] }, 3)).toEqual([10, 32, 54]);
    expect(conv1([1, 2, 3, 4, 5], [1, 10], { pads: [[0, 1]], strides: [2] }, 3)).toEqual([21, 43, 5]);
  });

  it('crops by negative pads', () => {
    expect(conv1([1, 2, 3, 4, 5, 6], [1, 10], { pads: [[-2, -1]] }, 2)).toEqual(conv1([3, 4, 5], [1, 10], {}, 2));
    expect(conv1([1, 2, 3, 4], [1, 10], { pads: [[-1, 2]] }, 4)).toEqual(conv1([2, 3, 4, 0, 0], [1, 10], {}, 4));
    // the pads count elements of the dilated input: 0 2 0 3 0 are left of 1 0 2 0 3 and a zero
    expect(conv1([1, 2, 3], [1, 10], { inputDilations: [2], pads: [[-1, 1]] }, 4)).toEqual([20, 2, 30, 3]);
  });

  it('dilates the filter, and the input', () => {
    expect(conv1([1, 2, 3, 4, 5], [1, 10, 100], { dilations: [2] }, 1)).toEqual([531]);
    const filter = [1, 10, 100];
    expect(conv1([1, 2, 3], filter, { inputDilations: [3] }, 5)).toEqual(conv1([1, 0, 0, 2, 0, 0, 3], filter, {}, 5));
    expect(conv1([1, 2, 3], filter, { inputDilations: [2], strides: [3], pads: [[1, 1]] }, 2)).toEqual(
      conv1([0, 1, 0, 2, 0, 3, 0], filter, { strides: [3] }, 2),
    );
  });

  it('serves empty inputs', () => {
    expect(conv1([], [1, 10], { pads: [[2, 1]] }, 2)).toEqual([0, 0]);
    const [x, filter] = [block([1, 0, 4, 1], []), block([1, 2, 1, 1], [1, 10])];
    expect(runKernel('conv', [x, filter], attributes(1), [[1, 0, 3, 1]])).toEqual([[]]);
  });

  it('is matMul over channels for a filter of one tap', () => {
    const [x, filter] = [noise(24), noise(12)];
    expect(
      runKernel('conv', [block([1, 2, 2, 2, 3], x), block([1, 1, 1, 3, 4], filter)], attributes(2), [[1, 2, 2, 2, 4]]),
    ).toEqual(runKernel('matMul', [block([8, 3], x), block([3, 4], filter)], plain, [[8, 4]]));
  });

  it('keeps groups apart', () => {
    const [x, filter] = [noise(2 * 2 * 5 * 3), noise(2 * 2 * 3 * 2)];
    const [together] = runKernel('conv', [block([2, 2, 5, 3], x), block([2, 2, 3, 2], filter)], attributes(1), [
      [2, 2, 4, 2],
    ]);
    const apart = [0, 1].flatMap((g) => {
      const image = block([1, 2, 5, 3], x.slice(g * 30, (g + 1) * 30));
      const weights = block([1, 2, 3, 2], filter.slice(g * 12, (g + 1) * 12));
      return runKernel('conv', [image, weights], attributes(1), [[1, 2, 4, 2]])[0];
    });
    expect(together).toEqual(apart);
  });

  it('separates over the axes where the filter does, in 2 and 3 dimensions', () => {
    const changes = {
      strides: [2, 1, 1],
      pads: [
        [1, 0],
        [-1, 2],
        [1, 0],
      ] as Pads,
      inputDilations: [1, 2, 1],
    };
    const [x, y, z] = [noise(4), noise(3).reverse(), noise(5).map(Math.abs)];
    const [p, q, r] = [
      [1, -2],
      [3, 5, 7],
      [11, 13],
    ];
    const product = (...factors: number[][]): number[] =>
      factors.reduce((all, factor) => all.flatMap((value) => factor.map((other) => value * other)), [1]);
    const axis = (i: number, values: number[], filter: number[], length: number): number[] => {
      const own = Object.entries(changes).map(([name, list]) => [name, [list[i]]]);
      return conv1(values, filter, Object.fromEntries(own), length);
    };
    const parts = [axis(0, x, p, 2), axis(1, y, q, 4), axis(2, z, r, 5)];
    const [whole] = runKernel(
      'conv',
      [block([1, 1, 4, 3, 5, 1], product(x, y, z)), block([1, 2, 3, 2, 1, 1], product(p, q, r))],
      attributes(3, changes),
      [[1, 1, 2, 4, 5, 1]],
    );
    product(...parts).forEach((value, i) => {
      expect(whole[i]).toBeCloseTo(value, 9);
    });
    const [plane] = runKernel(
      'conv',
      [block([1, 1, 4, 3, 1], product(x, y)), block([1, 2, 3, 1, 1], product(p, q))],
      attributes(2, { strides: [2, 1], pads: changes.pads.slice(0, 2), inputDilations: [1, 2] }),
      [[1, 1, 2, 4, 1]],
    );
    product(parts[0], parts[1]).forEach((value, i) => {
      expect(plane[i]).toBeCloseTo(value, 10);
    });
  });
});

describe('fft', () => {
  const fft = (re: readonly number[], im: readonly number[], inverse = false, shape = [re.length]): number[][] =>
    runKernel('fft', [block(shape, re), block(shape, im)], { inverse }, [shape], [shape]);

  const expectClose = (actual: readonly number[], expected: readonly number[]): void => {
    expect(actual).toHaveLength(expected.length);
    actual.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 12);
    });
  };

  it('turns an impulse into a constant and a wave into its frequency', () => {
    expectClose(fft([1, 0, 0], [0, 0, 0])[0], [1, 1, 1]);
    const n = 6;
    const angles = range(n).map((i) => (2 * Math.PI * 2 * (i - 1)) / n);
    const [re, im] = fft(angles.map(Math.cos), angles.map(Math.sin)); // e^(+2πi·2j/n) has frequency +2
    expectClose(re, [0, 0, n, 0, 0, 0]);
    expectClose(im, Array(n).fill(0));
  });

  it('is inverted by its inverse, row by row and for any length', () => {
    for (const n of [1, 2, 7, 12]) {
      const [x, y] = [noise(3 * n), noise(6 * n).slice(3 * n)];
      const [re, im] = fft(x, y, false, [3, n]);
      const [backRe, backIm] = fft(re, im, true, [3, n]);
      expectClose(backRe, x);
      expectClose(backIm, y);
      expectClose(fft(x.slice(n, 2 * n), y.slice(n, 2 * n))[0], re.slice(n, 2 * n));
    }
    expect(fft([], [], false, [0, 4])).toEqual([[], []]);
  });

  it('keeps energy, up to n', () => {
    const [re, im] = fft(noise(9), range(9));
    const energy = (...parts: readonly number[][]): number => parts.flat().reduce((sum, x) => sum + x * x, 0);
    expect(energy(re, im) / 9).toBeCloseTo(energy(noise(9), range(9)), 10);
  });
});
