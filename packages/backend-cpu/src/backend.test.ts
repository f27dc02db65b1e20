import { type Block, type DType, findBackend } from '@wengert/core';
import { expect, it } from 'vitest';
import { createCpuBackend } from './backend.ts';
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

it('uses large memory again, zeroed where zeros are wanted, but never what it was given', () => {
  const shape = [10000];
  const given = new Float32Array(10000).fill(7);
  const x = block('float32', given);
  const neg = cpu.kernels.get('neg');
  const outputs = [{ shape, dtype: 'float32' as const, scoped: false }];
  const [first] = neg?.([x], {}, outputs) ?? [];
  const memory = cpu.borrowSync?.({ ...outputs[0], storage: first }, (view) => view);
  cpu.free(first);
  const low = [4];
  const padded = cpu.kernels.get('pad')?.(
    [block('float32', Float32Array.of(1))],
    { low, high: [9995], interior: [0] },
    outputs,
  );
  const view = cpu.borrowSync?.({ ...outputs[0], storage: padded?.[0] ?? {} }, (view) => view);
  expect(view).toBe(memory);
  expect(Array.from(view ?? []).filter((value) => value !== 0)).toEqual([1]);
  cpu.free(x.storage);
  neg?.([block('float32', given.slice())], {}, outputs);
  expect(given.every((value) => value === 7)).toBe(true);
});
