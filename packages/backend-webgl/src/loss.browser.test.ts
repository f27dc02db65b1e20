import '@wengert/backend-cpu';
import {
  add,
  BackendError,
  matMul,
  memory,
  mul,
  ones,
  setBackend,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tidy,
  topk,
  type Variable,
  variable,
} from '@wengert/core';
import { train } from '@wengert/optimizers';
import { beforeEach, expect, it } from 'vitest';
import { sharedContext } from './context.ts';
import { backend, checkWorking, LOST, lose, loseAndRestore, restore } from './losing.ts';
import { random } from './testing.ts';

const { gl } = sharedContext();

beforeEach(async () => {
  await setBackend(backend);
});

it('a lost context refuses everything that needs its values, until it is restored and afterwards', async () => {
  const before = memory();
  const x = tensor1d(random([100]).data);
  const y = add(x, 1);
  const values = y.data();
  const expectRefusal = async (): Promise<void> => {
    expect(() => x.dataSync()).toThrow(LOST);
    expect(() => y.dataSync()).toThrow(BackendError);
    await expect(x.data()).rejects.toThrow(LOST);
    expect(() => sum(x).dataSync()).toThrow(LOST);
    expect(() => topk(y, 2)).toThrow(LOST);
  };
  lose();
  await expectRefusal();
  expect(() => tensor1d([1, 2])).toThrow(LOST);
  await expect(backend.flush?.()).rejects.toThrow(LOST);
  await expect(values).rejects.toThrow(BackendError);
  await restore();
  await expectRefusal();
  await backend.flush?.();
  tidy(() => checkWorking());
  x.dispose();
  y.dispose();
  expect(memory()).toEqual(before);
  expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
});

it('every one of many waiting reads rejects, and so does a flush', async () => {
  const before = memory();
  const tensors = Array.from({ length: 40 }, (_, i) => tidy(() => mul(ones([64, 64]), i + 1)));
  const products = tensors.map((x) => matMul(x, x));
  const reads = [...tensors, ...products].map((x) => x.data());
  const settled = Promise.allSettled([...reads, backend.flush?.()]);
  lose();
  for (const { status, ...rest } of await settled) {
    expect(status).toBe('rejected');
    expect('reason' in rest && rest.reason).toBeInstanceOf(BackendError);
  }
  await restore();
  for (const x of [...tensors, ...products]) x.dispose();
  checkWorking(before);
});

it('reads that were answered before a loss have their values, and none has zeros', async () => {
  for (let turns = 0; turns < 8; turns++) {
    const tensors = Array.from({ length: 6 }, (_, i) => tidy(() => mul(ones([256]), i + 1)));
    const reads = Promise.allSettled(tensors.map((x) => x.data()));
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setTimeout(resolve, i % 3));
    lose();
    (await reads).forEach((read, i) => {
      if (read.status === 'fulfilled') expect(read.value).toEqual(new Float32Array(256).fill(i + 1));
      else expect(read.reason).toBeInstanceOf(BackendError);
    });
    await restore();
    for (const x of tensors) x.dispose();
  }
  checkWorking();
});

/** One step of fitting a line, whose loss it returns. */
function step(variables: readonly Variable[], optimizer: ReturnType<typeof train.adam>): number {
  return tidy(() => {
    const x = tensor([0, 1, 2, 3], [4, 1]);
    const [w, b] = variables;
    const loss = optimizer.minimize(
      () => {
        const off = add(add(matMul(x, w), b), [[-1], [-3], [-5], [-7]]);
        return sum(mul(off, off));
      },
      true,
      [...variables],
    ) as Tensor;
    return loss.dataSync()[0];
  });
}

it('training goes on with new variables, and with old ones that are assigned', async () => {
  const before = memory();
  const variables = [variable([[0.5]]), variable([0.5])];
  const optimizer = train.adam(0.1);
  const first = step(variables, optimizer);
  await loseAndRestore();
  expect(() => step(variables, optimizer)).toThrow(LOST);
  for (const v of variables) v.assign(v.shape.length === 2 ? [[0.5]] : [0.5]);
  optimizer.dispose();
  const again = train.adam(0.1);
  const losses = Array.from({ length: 30 }, () => step(variables, again));
  expect(losses[0]).toBe(first);
  expect(losses[29]).toBeLessThan(0.3 * first);
  again.dispose();
  for (const v of variables) v.dispose();
  checkWorking(before);
});

it('100 losses in a row leave a working page', async () => {
  const before = memory();
  for (let i = 0; i < 100; i++) {
    using x = tensor1d([i, 2 * i]);
    using y = tidy(() => add(mul(x, x), x));
    const expected = Float32Array.of(i * i + i, 4 * i * i + 2 * i);
    expect(i % 2 === 0 ? y.dataSync() : await y.data()).toEqual(expected);
    const pending = x.data();
    lose();
    await expect(pending).rejects.toThrow(BackendError);
    await restore();
    expect(() => y.dataSync()).toThrow(LOST);
    expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
  }
  checkWorking(before);
  expect(gl.isContextLost()).toBe(false);
  expect(gl.getError()).toBe(gl.NO_ERROR);
  expect(backend.memory?.()).toEqual({ blocks: 0, bytes: 0 });
});
