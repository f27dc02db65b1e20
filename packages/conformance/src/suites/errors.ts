import { type Backend, GradientTape, mul } from '@wengert/core';
import type { BadSample } from '@wengert/core/samples';
import { errorName, require } from '../errors.ts';
import { readAll, type Trial, withTrial } from '../trial.ts';
import { checkBalance } from './memory.ts';
import { floatsOf, type OpSuite } from './suite.ts';

/** Bad calls throw the error they should, in words that help, leave nothing behind and do not spoil an open tape. */
export const errors: OpSuite = {
  name: 'errors',
  applies: ({ badSamples }) => badSamples !== undefined,
  async check({ backend }, declaration) {
    const [dtype] = floatsOf(backend);
    await checkBalance(backend, `${declaration.name} with bad arguments`, () =>
      withTrial(backend, dtype, declaration.name, async (trial) => {
        const bad = trial.run(() => declaration.badSamples?.(trial.generator) ?? []);
        for (const [i, sample] of bad.entries()) {
          const what = `${declaration.name} on '${backend.name}', bad sample ${i}`;
          await checkTape(trial, backend, what, async () =>
            checkThrown(what, sample, await thrown(trial, declaration, sample)),
          );
        }
      }),
    );
  },
};

async function thrown(
  trial: Trial,
  declaration: Parameters<Trial['call']>[0],
  { args }: BadSample<readonly unknown[]>,
): Promise<unknown> {
  try {
    await readAll(await trial.call(declaration, args));
  } catch (error) {
    return error;
  }
  return undefined;
}

function checkThrown(what: string, { error, names }: BadSample<readonly unknown[]>, got: unknown): void {
  require(got !== undefined, () => `${what}: does not throw ${error}`);
  const message = got instanceof Error ? got.message : String(got);
  require(errorName(got) === error, () => `${what}: throws ${errorName(got)} instead of ${error}: ${message}`);
  for (const name of names)
    require(message.includes(name), () => `${what}: the message does not name '${name}': ${message}`);
}

/** Whether a tape that was recording before `f` still gives a right gradient after it. */
async function checkTape(trial: Trial, backend: Backend, what: string, f: () => Promise<void>): Promise<void> {
  const x = trial.run(() => trial.generator.exactly([3]));
  const tape = trial.run(() => new GradientTape());
  try {
    tape.watch(x);
    await f();
    const found = trial.run(() => tape.gradient(mul(x, x), x));
    const [gradient] = await readAll(found === null ? [] : [found]);
    require(gradient?.values[0] === 6, () => `${what}: a tape on '${backend.name}' is spoilt by the error`);
  } finally {
    tape[Symbol.dispose]();
  }
}
