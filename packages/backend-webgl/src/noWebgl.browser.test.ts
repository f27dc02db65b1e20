import { createCpuBackend } from '@wengert/backend-cpu';
import {
  add,
  BackendError,
  currentBackend,
  getBackend,
  ready,
  registerBackend,
  removeBackend,
  setBackend,
} from '@wengert/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWebglBackend } from './index.ts';

// No other test of this file's page may open the one context before these.

let warnings: string[] = [];

beforeEach(() => {
  warnings = [];
  vi.spyOn(console, 'warn').mockImplementation((...parts) => void warnings.push(parts.join(' ')));
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Lets core choose a backend anew. */
async function deselect(): Promise<void> {
  registerBackend('passing', () => createCpuBackend());
  await setBackend('passing');
  removeBackend('passing');
}

const reasons: readonly [missing: string, hide: () => void, reason: RegExp][] = [
  [
    'WebGL 2',
    () => void vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null),
    /gives no WebGL 2 context/,
  ],
  [
    'rendering to floats',
    () => {
      const getExtension: (name: string) => WEBGL_multi_draw | null = WebGL2RenderingContext.prototype.getExtension;
      vi.spyOn(WebGL2RenderingContext.prototype, 'getExtension').mockImplementation(function (
        this: WebGL2RenderingContext,
        name: string,
      ) {
        return name === 'EXT_color_buffer_float' ? null : getExtension.call(this, name);
      });
    },
    /cannot render to float textures \(EXT_color_buffer_float is missing\)/,
  ],
];

describe.each(reasons)('without %s', (_missing, hide, reason) => {
  beforeEach(hide);

  it('the backend says why it cannot start', async () => {
    expect(() => createWebglBackend()).toThrow(BackendError);
    expect(() => createWebglBackend()).toThrow(reason);
    expect(await setBackend('webgl')).toBe(false);
    expect(warnings.length).toBe(1);
    expect(warnings[0]).toMatch(reason);
  });

  it.each([
    ['at once', () => currentBackend().name],
    ['once it is ready', () => ready().then(getBackend)],
  ])('core computes on the cpu %s, and says why', async (_when, select) => {
    await deselect();
    expect(await select()).toBe('cpu');
    expect(warnings.some((warning) => reason.test(warning))).toBe(true);
    expect(add([1, 2], 1).dataSync()).toEqual(Float32Array.of(2, 3));
  });
});

it('a later attempt may succeed', async () => {
  expect(await setBackend('webgl')).toBe(true);
  expect(getBackend()).toBe('webgl');
  expect(add([1, 2], 1).dataSync()).toEqual(Float32Array.of(2, 3));
  expect(warnings).toEqual([]);
});
