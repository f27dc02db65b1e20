import {
  checkpoint,
  GradientTape,
  grad,
  jacobian,
  linearize,
  memory,
  mul,
  ones,
  openRecorders,
  openScopes,
  Scope,
  setBackend,
  sum,
  type Tensor,
  tidy,
  variable,
  vjp,
} from '@wengert/core';
import { beforeAll, describe, expect, it } from 'vitest';

class Interrupted extends Error {}

/** Computes something on the tape, and fails. */
function interrupted(x: Tensor): never {
  mul(sum(mul(x, ones([4]))), 2);
  throw new Interrupted();
}

const forms: readonly [name: string, run: (x: Tensor) => unknown][] = [
  [
    'using a tape in a tidy',
    (x) =>
      tidy(() => {
        using tape = new GradientTape();
        tape.watch(x);
        interrupted(x);
      }),
  ],
  [
    'using a tape in a scope',
    (x) => {
      using _scope = new Scope();
      using tape = new GradientTape({ persistent: true });
      tape.watch(x);
      interrupted(x);
    },
  ],
  ['a tidy in GradientTape.use', (x) => GradientTape.use(() => tidy(() => interrupted(x)))],
  ['GradientTape.use in a tidy', (x) => tidy(() => GradientTape.use(() => interrupted(x)))],
  [
    'nested tapes',
    (x) =>
      tidy(() => {
        using _outer = new GradientTape();
        GradientTape.use((inner) => inner.stopRecording(() => interrupted(x)));
      }),
  ],
  [
    'a scope that is run within GradientTape.use',
    (x) =>
      GradientTape.use(() => {
        using scope = new Scope({ detached: true });
        scope.run(() => interrupted(x));
      }),
  ],
  ['grad', (x) => grad(interrupted)(x)],
  ['jacobian', (x) => jacobian(interrupted)(x)],
  ['vjp', (x) => vjp(interrupted, [x])],
  ['linearize', (x) => linearize(interrupted, [x])],
  ['a checkpoint that runs again', (x) => grad(checkpoint(failing(2)))(x)],
];

/** A function that fails when it is called for the `count`th time. */
function failing(count: number): (x: Tensor) => Tensor {
  let calls = 0;
  return (x) => (++calls === count ? interrupted(x) : sum(mul(x, x)));
}

/** The tests that exceptions leave nothing open and nothing behind, on one backend. */
export function cleanlinessSuite(backend: string): void {
  describe(`an exception on ${backend}`, () => {
    beforeAll(async () => {
      expect(await setBackend(backend)).toBe(true);
    });

    it.each(forms)('leaves nothing after %s', (_name, run) => {
      using x = variable([1, 2, 3, 4]);
      const before = memory();
      expect(() => run(x)).toThrow(Interrupted);
      expect([openRecorders(), openScopes()]).toEqual([0, 0]);
      expect(memory()).toEqual(before);
    });

    it('leaves nothing after an asynchronous GradientTape.use', async () => {
      using x = variable([1, 2, 3, 4]);
      const before = memory();
      const pending = GradientTape.use(async () => {
        using scope = new Scope({ detached: true });
        await scope.run(() => sum(mul(x, x))).data();
        scope.run(() => interrupted(x));
      });
      expect(openRecorders()).toBe(1);
      await expect(pending).rejects.toThrow(Interrupted);
      expect([openRecorders(), openScopes()]).toEqual([0, 0]);
      expect(memory()).toEqual(before);
    });
  });
}
