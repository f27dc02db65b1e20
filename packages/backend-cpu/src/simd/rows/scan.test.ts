import { around, type Shape } from '@wengert/core';
import { expect, it } from 'vitest';
import { compare, generator, type Host, run } from '../../agreement.ts';
import { createCpuBackend } from '../../createCpuBackend.ts';
import { scan } from './scan.ts';

const random = generator(13);
const cpu = createCpuBackend({ simd: true });

const SHAPES: Shape[] = [
  [256],
  [1001],
  [5003],
  [70, 4],
  [4, 70],
  [37, 19],
  [19, 37],
  [1, 300],
  [300, 1],
  [6, 13, 21],
  [3, 7, 5, 6],
];

type Op = 'cumsum' | 'cumprod';

/** The running folds of each line, in double or wrapped to 32 bits. */
function expected(op: Op, { shape, dtype, data }: Host, axis: number, exclusive: boolean, reverse: boolean): Host {
  const [before, length, after] = around(shape, axis);
  const result = data.slice();
  const times = dtype === 'int32' ? Math.imul : (a: number, b: number): number => a * b;
  for (let line = 0; line < before * after; line++) {
    let fold = op === 'cumsum' ? 0 : 1;
    for (let i = 0; i < length; i++) {
      const along = reverse ? length - 1 - i : i;
      const at = (Math.floor(line / after) * length + along) * after + (line % after);
      const next = op === 'cumsum' ? fold + data[at] : times(fold, data[at]);
      result[at] = exclusive ? fold : next;
      fold = dtype === 'int32' ? next | 0 : next;
    }
  }
  return { shape, dtype, data: result };
}

/** Everything is computed one after the other in double, or exactly: the results are the same bit by bit. */
function check(op: Op, x: Host): void {
  for (const axis of x.shape.keys()) {
    for (const exclusive of [false, true]) {
      for (const reverse of [false, true]) {
        const [result] = run(cpu, op, [x], { axis, exclusive, reverse }, [x]);
        const label = `${op} of ${x.dtype}[${x.shape}] along ${axis}, ${exclusive}, ${reverse}`;
        compare(label, result, expected(op, x, axis, exclusive, reverse), 0, 0);
      }
    }
  }
}

it('runs along any axis, either way, with the element itself or without it', () => {
  for (const shape of SHAPES) {
    check('cumsum', random(shape, 'float32'));
    check('cumsum', random(shape, 'int32', -(2 ** 31), 2 ** 31));
    check('cumprod', random(shape, 'float32', 0.9, 1.1));
    check('cumprod', random(shape, 'int32', -(2 ** 31), 2 ** 31));
  }
});

it('keeps NaN, infinities and zeros from where they are on', () => {
  for (const shape of [[300], [30, 19], [19, 30]]) {
    for (const specials of [[NaN], [Infinity], [Infinity, -Infinity], [0, Infinity], [-0, 0], [-0]]) {
      for (const first of [0, 5, 130]) {
        const x = random(shape, 'float32', -1.5, 1.5);
        for (const [i, special] of specials.entries()) x.data[first + 9 * i] = special;
        check('cumsum', x);
        check('cumprod', x);
      }
    }
  }
  const zeros: Host = { shape: [300], dtype: 'float32', data: new Float32Array(300).fill(-0) };
  check('cumsum', zeros);
  check('cumprod', zeros);
});

it('adds and multiplies in double', () => {
  const tenths: Host = { shape: [2 ** 18], dtype: 'float32', data: new Float32Array(2 ** 18).fill(0.1) };
  check('cumsum', tenths);
  const x = random([512], 'float32', 1, 2);
  // Beyond the range of floats on the way, and back.
  check('cumprod', { ...x, data: x.data.map((value, i) => value * (i < 9 || i > 17 ? 1 : i < 14 ? 1e20 : 1e-20)) });
});

it('leaves its neighbours on the heap as they are', () => {
  // Blocks of just a size class follow each other closely.
  const x = { ...random([32, 32], 'float32'), exclusive: false };
  const block = { ...x, storage: cpu.write(x.data, x) };
  for (const axis of [0, 1]) {
    for (const [reverse, exclusive] of [
      [false, false],
      [false, true],
      [true, false],
      [true, true],
    ]) {
      const attrs = { axis, exclusive, reverse };
      const made = [1, 2, 3].map(() => scan.cumsum?.([block], attrs, [{ ...x, scoped: true }]));
      const [first, second, third] = made.map((storages) => storages && cpu.readSync?.({ ...x, storage: storages[0] }));
      expect(first).toEqual(second);
      expect(third).toEqual(second);
    }
  }
});

it('serves lines and columns itself', () => {
  for (const op of ['cumsum', 'cumprod'] as const) {
    for (const axis of [0, 1]) {
      const x = { ...random([32, 32], 'float32'), exclusive: false };
      const block = { ...x, storage: cpu.write(x.data, x) };
      const storages = scan[op]?.([block], { axis, exclusive: false, reverse: false }, [{ ...x, scoped: true }]);
      expect(storages).not.toBeNull();
    }
  }
});
