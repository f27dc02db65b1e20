import { BackendError } from '@wengert/core';
import { expect, it } from 'vitest';
import { sharedContext } from './context.ts';
import { createWebglBackend } from './index.ts';
import { random, runKernel } from './testing.ts';

it('a lost context rejects instead of giving zeros, and serves new tensors once it is restored', async () => {
  const { gl } = sharedContext();
  const backend = createWebglBackend();
  const x = random([100]);
  const block = { ...x, storage: backend.write(x.data.slice(), x) };
  const add = backend.kernels.get('add');
  const [sum] = add?.([block, block], {}, [{ ...x, scoped: false }]) ?? [];
  const canvas = gl.canvas as HTMLCanvasElement;
  const event = (name: string) => new Promise((resolve) => canvas.addEventListener(name, resolve, { once: true }));
  const pending = backend.read({ ...x, storage: sum });
  pending.catch(() => {});
  const lost = event('webglcontextlost');
  const extension = gl.getExtension('WEBGL_lose_context');
  extension?.loseContext();

  const expectRefusal = async (): Promise<void> => {
    await expect(backend.read(block)).rejects.toThrow(BackendError);
    expect(() => backend.readSync?.(block)).toThrow(/context was lost/);
    expect(() => add?.([block, block], {}, [{ ...x, scoped: false }])).toThrow(BackendError);
  };
  await expectRefusal();
  expect(() => backend.write(x.data.slice(), x)).toThrow(BackendError);
  await expect(backend.flush?.()).rejects.toThrow(BackendError);
  await expect(pending).rejects.toThrow(BackendError);
  await lost;
  // A context may be restored only after all listeners have seen its loss.
  await new Promise((resolve) => setTimeout(resolve, 0));
  await expectRefusal();
  expect(() => backend.write(x.data.slice(), x)).toThrow(BackendError);

  const restored = event('webglcontextrestored');
  extension?.restoreContext();
  await restored;
  await expectRefusal();
  backend.free(block.storage);
  backend.free(sum);
  expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
  expect(runKernel(backend, 'add', [x, x], {}, x)).toEqual(x.data.map((value) => value + value));
  expect(await backend.read({ ...x, storage: backend.write(x.data.slice(), x) })).toEqual(x.data);
});
