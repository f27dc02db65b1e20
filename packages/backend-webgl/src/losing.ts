import {
  type Backend,
  exp,
  grad,
  type MemoryInfo,
  matMul,
  memory,
  mul,
  openRecorders,
  softmax,
  sum,
  type Tensor,
  tensor,
  tidy,
  topk,
} from '@wengert/core';
import { sharedContext } from './context.ts';
import { createWebglBackend } from './index.ts';

const { gl } = sharedContext();
const canvas = gl.canvas as HTMLCanvasElement;
const extension = gl.getExtension('WEBGL_lose_context') as WEBGL_lose_context;
export const LOST: RegExp = /context was lost/;

export const backend: Backend = createWebglBackend({ hostElements: 0 });

const event = (name: string): Promise<unknown> =>
  new Promise((resolve) => canvas.addEventListener(name, resolve, { once: true }));

let told: Promise<unknown> = Promise.resolve();

export function lose(): void {
  told = event('webglcontextlost');
  extension.loseContext();
}

/** Restores the context that `lose` took. */
export async function restore(): Promise<void> {
  await told;
  // A context may be restored only after all listeners have seen its loss.
  await new Promise((resolve) => setTimeout(resolve, 0));
  const restored = event('webglcontextrestored');
  extension.restoreContext();
  await restored;
}

export async function loseAndRestore(): Promise<void> {
  lose();
  await restore();
}

/** Throws unless everything works with new tensors, and no more is held than `held`: so it must be after any loss. */
export function checkWorking(held: MemoryInfo = memory()): void {
  const found = tidy(() => {
    const x = tensor([1, 2, 3, 4], [2, 2]);
    const slope = grad((y: Tensor) => sum(mul(exp(mul(y, 0)), mul(y, y))))(x);
    const total = sum(softmax(x)).dataSync()[0];
    return [matMul(x, x), slope, topk(x, 1).values].map((y) => [...y.dataSync()]).concat([[Number(total.toFixed(6))]]);
  });
  const state = JSON.stringify([...found, memory(), openRecorders()]);
  const wanted = JSON.stringify([[7, 10, 15, 22], [2, 4, 6, 8], [2, 4], [2], held, 0]);
  if (state !== wanted) throw new Error(`after a loss there is ${state}, not ${wanted}`);
}
