import { createCpuBackend } from '@wengert/backend-cpu';
import { GradientTape, memory, mul, type Storage, setBackend, tensor } from '@wengert/core';
import { afterEach, beforeEach, expect, it } from 'vitest';

const own = createCpuBackend();
const asked: number[] = [];
const freed: Storage[] = [];
const kept: Storage[] = [];

beforeEach(async () => {
  asked.length = 0;
  freed.length = 0;
  await setBackend({
    ...own,
    name: 'asked',
    constant(value, dtype) {
      asked.push(value);
      const storage = own.write(dtype === 'float64' ? Float64Array.of(value) : Float32Array.of(value), {
        shape: [],
        dtype,
      });
      kept.push(storage);
      return storage;
    },
    free(storage) {
      freed.push(storage);
      own.free(storage);
    },
  });
});

afterEach(() => setBackend('cpu'));

it('asks for a number once, for each dtype, and counts no constant', () => {
  const x = tensor([1, 2], undefined, 'float32');
  const y = tensor([1, 2], undefined, 'float64');
  const before = memory();
  for (const z of [x.mul(0.1), mul(0.1, x), x.sub(0.1), y.mul(0.1), y.mul(0.1)]) z.dispose();
  expect(asked).toEqual([0.1, 0.1]);
  expect(memory()).toEqual(before);
  expect(y.mul(0.1).arraySync()).toEqual([0.1, 0.2]);
});

it('tells -0 from 0', () => {
  const x = tensor([1, -1], undefined, 'float32');
  expect([...x.mul(0).dataSync()]).toEqual([0, -0]);
  expect([...x.mul(-0).dataSync()]).toEqual([-0, 0]);
});

it('frees no constant, though it keeps a bounded number of them', () => {
  const x = tensor([1], undefined, 'float32');
  const tape = new GradientTape({ persistent: true });
  tape.watch(x);
  const y = x.mul(0.5);
  tape.close();
  for (let i = 0; i < 300; i++) x.mul(i).dispose();
  x.mul(0.5).dispose();
  expect(asked.filter((value) => value === 0.5).length).toBe(2);
  expect(tape.gradient(y, x)?.arraySync()).toEqual([0.5]);
  tape[Symbol.dispose]();
  expect(freed.filter((storage) => kept.includes(storage))).toEqual([]);
});
