import { memory, openRecorders, openScopes, setBackend } from '@wengert/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { controlFlow } from './controlFlow.ts';
import { intermediateGradients } from './intermediateGradients.ts';
import { nestedTapes } from './nestedTapes.ts';
import { persistentTape } from './persistentTape.ts';
import { productWithZeros } from './productWithZeros.ts';
import { programs } from './programs.ts';
import { savedOutput } from './savedOutput.ts';

/** The tests of all tape programs on one backend, whose values are right to `digits` decimals. */
export function programsSuite(backend: string, digits: number): void {
  describe(`the tape programs on ${backend}`, () => {
    beforeAll(async () => {
      expect(await setBackend(backend)).toBe(true);
    });

    it('differentiate by a source and by an intermediate value', () => {
      const eights = [
        [8, 8],
        [8, 8],
      ];
      expect(intermediateGradients()).toEqual({ 'dz/dx': eights, 'dz/dy': 8 });
    });

    it('take two gradients from a persistent tape, and none once it is released', () => {
      expect(persistentTape()).toEqual({
        'dz/dx': 108,
        'dy/dx': 6,
        'buffers held by the tape': 2,
        'buffers left after its release': 0,
        'gradient() then': 'throws a GradientError',
      });
    });

    it('follow control flow', () => {
      expect(controlFlow()).toEqual({ 'y = 6': 12, 'y = 5': 12, 'y = 4': 4 });
    });

    it('take a second derivative with nested tapes', () => {
      expect(nestedTapes()).toEqual({ 'dy/dx': 3, 'd²y/dx²': 6 });
    });

    it('take a second derivative through a saved output', () => {
      const found = savedOutput();
      const t = Math.tanh(0.7);
      expect(found['dy/dx']).toBeCloseTo(t + 0.7 * (1 - t * t), digits);
      expect(found['d²y/dx²']).toBeCloseTo(2 * (1 - t * t) * (1 - 0.7 * t), digits);
      expect(found['d²y/dx²']).toBeCloseTo(0.732, 3);
    });

    it('take second derivatives of a product with zeros', () => {
      const hessian = Array.from({ length: 5 }, () => [0, 0, 0, 0, 0]);
      hessian[1][3] = 30;
      hessian[3][1] = 30;
      expect(productWithZeros()).toEqual({ y: 0, 'dy/dx': [0, 0, 0, 0, 0], 'd²y/dx²': hessian });
    });

    it.each(programs)('leave nothing behind: $title', ({ run }) => {
      run();
      const before = memory();
      run();
      expect(memory()).toEqual(before);
      expect([openRecorders(), openScopes()]).toEqual([0, 0]);
    });
  });
}
