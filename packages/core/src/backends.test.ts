import { createReferenceBackend } from '@wengert/backend-reference';
import {
  add,
  BackendError,
  currentBackend,
  findBackend,
  getBackend,
  ready,
  registerBackend,
  removeBackend,
  setBackend,
} from '@wengert/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { platform } from './platform.ts';

const named = (name: string) => ({ ...createReferenceBackend(), name });

afterEach(async () => {
  vi.restoreAllMocks();
  await setBackend('reference');
  removeBackend('other');
});

/** Forgets the selection, so that priorities decide again. */
async function unselect(): Promise<void> {
  registerBackend('passing', () => named('passing'));
  await setBackend('passing');
  removeBackend('passing');
}

describe('the backend in use', () => {
  it('is the one of highest priority that starts', async () => {
    const warn = vi.spyOn(platform.console, 'warn').mockImplementation(() => undefined);
    await unselect();
    registerBackend(
      'other',
      () => {
        throw new BackendError('no device here');
      },
      9,
    );
    expect(currentBackend().name).toBe('reference');
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('no device here'));
  });

  it('may start asynchronously', async () => {
    registerBackend('other', async () => named('other'), 9);
    await unselect();
    expect(findBackend('other')).toBeUndefined();
    await ready();
    expect(getBackend()).toBe('other');
    expect(findBackend('other')?.name).toBe('other');
  });

  it('is chosen by name or as an object', async () => {
    vi.spyOn(platform.console, 'warn').mockImplementation(() => undefined);
    registerBackend('other', () => named('other'));
    expect(await setBackend('other')).toBe(true);
    expect(getBackend()).toBe('other');
    expect(await setBackend(named('third'))).toBe(true);
    expect(getBackend()).toBe('third');
    for (const none of [undefined, null, {}]) await expect(setBackend(none as never)).rejects.toThrow(/no backend/);
    await expect(setBackend('nowhere')).rejects.toThrow(/nowhere.*reference/);
    registerBackend('other', async () => {
      throw new Error('refused');
    });
    expect(await setBackend('other')).toBe(false);
    expect(getBackend()).toBe('third');
  });

  it('is not held by the ops that it served, once it is removed', async () => {
    const used = await (async () => {
      const other = named('other');
      registerBackend('other', () => other);
      await setBackend('other');
      add([1], [2]).dispose();
      await setBackend('reference');
      removeBackend('other');
      return new WeakRef(other);
    })();
    for (let i = 0; i < 20 && used.deref() !== undefined; i++) {
      await new Promise((done) => setTimeout(done, 5));
      globalThis.gc?.();
    }
    expect(used.deref()).toBeUndefined();
  });
});
