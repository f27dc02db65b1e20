import '@wengert/backend-reference';
import * as w from '@wengert/core';
import { describe, expect, it } from 'vitest';

const z = w.complex([3, 30], [4, 40]);

describe('complex numbers', () => {
  it('are read pair by pair', async () => {
    expect(Array.from(z.dataSync())).toEqual([3, 4, 30, 40]);
    expect(Array.from(await z.data())).toEqual([3, 4, 30, 40]);
    expect(z.abs().arraySync()).toEqual([5, 50]);
    expect([z.dtype, z.shape, z.rank, z.size]).toEqual(['complex128', [2], 1, 2]);
  });

  it('are refused with their name by ops that do not take them', () => {
    const call = (): unknown => w.sin(z as never);
    expect(call).toThrow(w.DTypeError);
    expect(call).toThrow(/sin: .*complex/);
  });

  it('let gradients of every order through their parts', () => {
    const power = (x: w.Tensor): w.Tensor => w.sum(w.pow(w.abs(w.rfft(x)), 4));
    const x = w.tensor([0.3, -1, 2, 0.7]);
    const h = 1e-5;
    const slope = (at: w.Tensor): w.Tensor => w.sum(w.mul(w.grad(power)(at), [1, -2, 0.5, 3]));
    const difference = w.sub(slope(w.add(x, [h, 0, 0, 0])), slope(w.sub(x, [h, 0, 0, 0]))).item() / (2 * h);
    expect(w.grad(slope)(x).dataSync()[0] / difference).toBeCloseTo(1, 6);
  });

  it('survive a tidy with both parts, and go with dispose', () => {
    const before = w.memory().numTensors;
    const kept = w.tidy(() => w.fft(w.ifft(w.complex([1, 2], [3, 4]))));
    expect(w.memory().numTensors).toBe(before + 2);
    expect(kept.toString().replace(/\s/g, '')).toBe('Tensor[[1,3],[2,4]]');
    kept.dispose();
    expect(w.memory().numTensors).toBe(before);
    expect(kept.isDisposed).toBe(true);
  });
});
