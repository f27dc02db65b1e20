import { createReferenceBackend } from '@wengert/backend-reference';
import { type Backend, type Declaration, type DType, isFloating } from '@wengert/core';
import { checkAgainst } from '../compare.ts';
import { type Choices, createDraw, FILLINGS, type Filling } from '../draw.ts';
import { errorName, isRefusal, require } from '../errors.ts';
import { forAll } from '../forAll.ts';
import type { Expected } from '../runningError.ts';
import { showCall } from '../showCall.ts';
import { callsOf, type DrawCall } from '../spaces.ts';
import { type Host, readAll, type Trial, withTrial } from '../trial.ts';
import type { OpSuite, Subject } from './suite.ts';

/** What a call gave, or what it threw. */
type Outcome<T> = { readonly outputs: readonly T[] } | { readonly error: unknown };

/**
 * Generated calls: shapes, axes, attributes and dtypes from the space of the op, with ties, zeros, infinities and NaN
 * where that leaves the values open. The backend must give what the reference gives, and refuse what that refuses.
 */
export const generated: OpSuite = {
  name: 'generated',
  applies: (declaration) => callsOf(declaration) !== undefined,
  async check(subject, declaration) {
    const { drawn, always } = callsOf(declaration) ?? { always: [] };
    for (const call of always) await checkCall(subject, declaration, call, () => () => 0);
    if (drawn === undefined) return;
    await forAll(
      `${declaration.name} on '${subject.backend.name}'`,
      subject.runs,
      (begin) => checkCall(subject, declaration, drawn, begin),
      (choose) =>
        withCall(subject, declaration, drawn, choose, createReferenceBackend(), async (trial, args) =>
          showCall(declaration.name, trial.run(args)),
        ),
    );
  },
};

/** Compares one call. Says whether it went through, as opposed to being refused by both. */
async function checkCall(
  subject: Subject,
  declaration: Declaration,
  call: DrawCall,
  begin: () => Choices,
): Promise<boolean> {
  const { backend, oracle } = subject;
  const outcome = <T>(on: Backend, read: (trial: Trial, args: () => readonly unknown[]) => Promise<T[]>) =>
    withCall(subject, declaration, call, begin(), on, async (trial, args): Promise<Outcome<T>> => {
      try {
        return { outputs: await read(trial, args) };
      } catch (error) {
        return { error };
      }
    });
  const expected = await outcome(oracle.backend, async (trial, args) =>
    (await trial.call(declaration, trial.run(args))).map(oracle.expected),
  );
  const got = await outcome(backend, async (trial, args) => readAll(await trial.call(declaration, trial.run(args))));
  compare(got, expected);
  return 'outputs' in expected;
}

/** Runs `use` with the drawn arguments, which are the same on every backend. */
function withCall<R>(
  { backend }: Subject,
  { name }: Declaration,
  call: DrawCall,
  choose: Choices,
  on: Backend,
  use: (trial: Trial, args: () => readonly unknown[]) => Promise<R>,
): Promise<R> {
  const [dtype, filling] = setting(backend, choose);
  return withTrial(on, dtype, name, (trial) =>
    use(trial, () => call(createDraw(choose, { backend: on, dtype, filling, seed: name }))),
  );
}

/** Mostly the backend's own float, with its other dtypes in the place of it now and then. */
function setting({ dtypes }: Backend, choose: Choices): [dtype: DType, filling: Filling] {
  const [own, ...others] = [...dtypes].filter(isFloating);
  const tried: DType[] = [own, own, own, own, own, ...others, 'int32', 'bool'];
  const fillings: Filling[] = ['smooth', ...FILLINGS];
  return [tried[choose(tried.length)], fillings[choose(fillings.length)]];
}

function compare(got: Outcome<Host>, expected: Outcome<Expected>): void {
  if ('error' in expected) {
    const { error } = expected;
    if (!isRefusal(error)) throw error;
    const same = 'error' in got && errorName(got.error) === errorName(error);
    require(same, () => `does not throw the reference's ${errorName(error)}`);
    return;
  }
  if ('error' in got) throw got.error;
  require(got.outputs.length === expected.outputs.length, () =>
    `gives ${got.outputs.length} tensors instead of ${expected.outputs.length}`);
  expected.outputs.forEach((output, k) => {
    checkAgainst(`output ${k}`, got.outputs[k], output, { signedZeros: false, illConditioned: true });
  });
}
