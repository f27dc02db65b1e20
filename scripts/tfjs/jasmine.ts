import { disposeVariables, Scope, setBackend } from '@wengert/core';
import {
  type TestContext,
  TestRunner,
  afterEach as vitestAfterEach,
  beforeAll as vitestBeforeAll,
  beforeEach as vitestBeforeEach,
  describe as vitestDescribe,
  expect as vitestExpect,
  test as vitestTest,
} from 'vitest';
import { judge } from './judge.ts';
import type { Result } from './summary.ts';
import { resetMemory } from './tf.ts';

// Jasmine's names on vitest, and tfjs's helpers around them. That something throws counts, its text does not.

export { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';

/** tfjs's conditions on the environment: all hold on the cpu backend in float32. */
export const ALL_ENVS = {};
export const BROWSER_ENVS = {};
export const NODE_ENVS = {};
export const SYNC_BACKEND_ENVS = {};

/** Some tests of tfjs set jasmine's patience; vitest's is generous enough. */
export const jasmine = { DEFAULT_TIMEOUT_INTERVAL: 20_000 };

type Body = () => void | Promise<void>;

const titleOf = (task: TestContext['task']): string => {
  const names: string[] = [];
  for (let t: TestContext['task'] | TestContext['task']['suite'] = task; t !== undefined; t = t.suite)
    names.unshift(t.name);
  return names.join(' > ');
};

const seen = new WeakMap<object, Map<string, number>>();

/** Tells the tests of one title apart: the second is '... #2'. */
function numbered(suite: object, name: string): string {
  const counts = seen.get(suite) ?? new Map<string, number>();
  seen.set(suite, counts);
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  return count === 1 ? name : `${name} #${count}`;
}

/** A test, run as its place in the list of exclusions demands. */
export function it(name: string, body: Body): void {
  vitestTest(numbered(TestRunner.getCurrentSuite(), name), async (context) => {
    let error: Error | undefined;
    try {
      await body();
    } catch (thrown) {
      error = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
    const file = context.task.file.filepath.replace(/^.*tfjs-core\/dist\//, '');
    const verdict = judge({ file, title: titleOf(context.task), error });
    const { kind, reason, rule } = { reason: undefined, rule: undefined, ...verdict };
    Object.assign(context.task.meta, { tfjs: { kind, reason, rule } satisfies Result });
    if (verdict.kind === 'failed') throw verdict.error;
    if (verdict.kind !== 'passed') context.skip(`${kind}: ${reason}`);
  });
}

export function describeWithFlags(name: string, _constraints: unknown, tests: (env: object) => void): void {
  vitestDescribe(name, () => {
    let scope: Scope;
    vitestBeforeAll(() => setBackend('cpu').then(() => undefined));
    vitestBeforeEach(() => {
      resetMemory();
      scope = new Scope();
    });
    vitestAfterEach(() => {
      scope.close();
      disposeVariables();
    });
    tests({ name: 'cpu', backendName: 'cpu', isDataSync: true });
  });
}

/** An error of the language, as of a function that does not exist, is no answer to a wrong argument. */
function refused(error: unknown): boolean {
  return error instanceof Error && error.constructor !== TypeError && error.constructor !== ReferenceError;
}

function throwing(f: () => unknown): void {
  try {
    f();
  } catch (error) {
    if (refused(error)) return;
    throw error;
  }
  throw new Error('nothing was thrown');
}

export function expect(actual: unknown): object {
  const assertion = vitestExpect(actual);
  const toThrow = (): void => throwing(actual as () => unknown);
  return Object.assign(Object.create(assertion), { toThrow, toThrowError: toThrow });
}

export function expectAsync(promise: Promise<unknown>): object {
  return {
    async toBeRejectedWithError(): Promise<void> {
      const outcome = await promise.then(
        () => 'resolved',
        (error) => error,
      );
      throwing(() => {
        if (outcome !== 'resolved') throw outcome;
      });
    },
  };
}

/** The text of an error that a test caught by itself: that it is one of Wengert's counts, not what it says. */
export function expectText(text: string): object {
  const toBe = (): void =>
    vitestExpect(text).not.toMatch(/should have thrown|No error thrown|is not a function|Cannot read/);
  return { toBe, toEqual: toBe, toMatch: toBe };
}
