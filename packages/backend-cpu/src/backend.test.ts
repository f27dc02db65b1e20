import {
  type Block,
  type DType,
  findBackend,
  primitive,
  setBackend,
  type TypedArray,
  tensor,
  tidy,
} from '@wengert/core';
import { expect, it } from 'vitest';
import { createCpuBackend } from './createCpuBackend.ts';
import './index.ts';

const cpu = createCpuBackend();

function block(dtype: DType, data: Float32Array | Float64Array | Int32Array | Uint8Array): Block {
  const spec = { shape: [data.length], dtype };
  return { ...spec, storage: cpu.write(data, spec) };
}

it('registers itself as cpu, with float32 as the default float', () => {
  expect(findBackend('cpu')?.name).toBe('cpu');
  expect([...cpu.dtypes]).toEqual(['float32', 'float64', 'int32', 'bool']);
});

it('reads copies and lends the memory itself', async () => {
  const x = block('float32', Float32Array.of(1, 2));
  const copy = cpu.readSync?.(x) ?? [];
  copy[0] = 9;
  expect(await cpu.read(x)).toEqual(Float32Array.of(1, 2));
  cpu.borrowSync?.(x, (view) => expect(view).toBe(cpu.borrowSync?.(x, (same) => same)));
});

it('counts what is held', () => {
  const before = cpu.memory?.() ?? { blocks: 0, bytes: 0 };
  const x = block('float64', new Float64Array(10));
  const [y] = cpu.kernels.get('neg')?.([x], {}, [{ ...x, scoped: false }]) ?? [];
  expect(cpu.memory?.()).toEqual({ blocks: before.blocks + 2, bytes: before.bytes + 160 });
  cpu.free(x.storage);
  cpu.free(y);
  expect(cpu.memory?.()).toEqual(before);
});

it('takes back what was made for an op whose loop throws', async () => {
  await setBackend(cpu);
  const failing = primitive('failing', {
    infer: ([x]) => [x],
    vjp: null,
    host() {
      throw new RangeError('on purpose');
    },
  });
  const before = cpu.memory?.();
  expect(() => tidy(() => failing([tensor([1, 2])], undefined))).toThrow('on purpose');
  expect(cpu.memory?.()).toEqual(before);
});

const output = (length: number, scoped: boolean) => ({ shape: [length], dtype: 'float32' as const, scoped });

/** The negative of x, as a block. */
function negated(x: Block, scoped: boolean): Block {
  const out = output(x.shape[0], scoped);
  const [storage] = cpu.kernels.get('neg')?.([x], {}, [out]) ?? [];
  return { ...out, storage };
}

/** An array of its own begins at its buffer's beginning, where the heap has nothing. */
const isOnHeap = (x: Block): boolean => lent(x).byteOffset > 0;

const lent = (x: Block): TypedArray => cpu.borrowSync?.(x, (view) => view) ?? new Float32Array();

it('uses memory of scopes again, zeroed where zeros are wanted, but never what it was given', () => {
  const given = new Float32Array(10000).fill(7);
  const x = block('float32', given);
  const first = negated(x, true);
  const { buffer, byteOffset } = lent(first);
  cpu.free(first.storage);
  const one = block('float32', Float32Array.of(1));
  const zeros = { low: [4], high: [9995], interior: [0] };
  const [padded] = cpu.kernels.get('pad')?.([one], zeros, [output(10000, true)]) ?? [];
  const view = lent({ ...first, storage: padded });
  expect([view.buffer, view.byteOffset]).toEqual([buffer, byteOffset]);
  expect([...view.entries()].filter(([, value]) => value !== 0)).toEqual([[4, 1]]);
  cpu.free(x.storage);
  cpu.free(padded);
  negated(block('float32', given.slice()), true);
  expect(given.every((value) => value === 7)).toBe(true);
});

it('leaves to the garbage collector what nobody promises to free, beyond a bound', () => {
  const x = block('float32', new Float32Array(2 ** 18).fill(2));
  const held = Array.from({ length: 40 }, () => negated(x, false));
  const places = held.map(isOnHeap);
  expect(places[0]).toBe(true);
  expect(places.filter(Boolean).length).toBeLessThanOrEqual(32);
  expect(lent(held[39]).every((value) => value === -2)).toBe(true);
  const scoped = negated(x, true);
  expect(isOnHeap(scoped)).toBe(true);
  cpu.promote?.(scoped.storage);
  expect(isOnHeap(scoped)).toBe(false);
  expect(lent(scoped).every((value) => value === -2)).toBe(true);
  for (const y of [x, ...held, scoped]) cpu.free(y.storage);
  expect(isOnHeap(negated(x, false))).toBe(true);
});

it('keeps views valid while they are lent', () => {
  const x = block('float32', new Float32Array(2 ** 18).fill(3));
  const y = negated(x, true);
  const made: Block[] = [];
  cpu.borrowSync?.(y, (view) => {
    for (let i = 0; i < 100; i++) made.push(negated(x, true));
    expect(view.length).toBe(2 ** 18);
    expect(view[7]).toBe(-3);
  });
  expect(made.every((block) => lent(block)[2 ** 18 - 1] === -3)).toBe(true);
  for (const block of [x, y, ...made]) cpu.free(block.storage);
});
