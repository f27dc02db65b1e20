import { type Declaration, isFloating, sameShape, type Tensor } from '@wengert/core';
import { checkAgainst } from '../compare.ts';
import { errorName, require } from '../errors.ts';
import type { Expected } from '../runningError.ts';
import { tensorsIn, withTensors } from '../trees.ts';
import { type Host, readAll, type Trial, withTrial } from '../trial.ts';
import { floatsOf, type OpSuite } from './suite.ts';

type Args = readonly unknown[];

/** What a sample gave, or the class of the error that it threw. */
type Outcome<T> = { readonly outputs: readonly T[] } | { readonly error: string; readonly message: string };

/**
 * Every sample in every dtype that the backend stores: shapes, dtypes and values of the outputs; the same once more, bit
 * by bit; with one tensor in the place of several; and the inputs as they were.
 */
export const values: OpSuite = {
  name: 'values',
  async check({ backend, oracle }, declaration) {
    const [own] = floatsOf(backend);
    for (const dtype of backend.dtypes) {
      const expected = await withTrial(oracle.backend, dtype, declaration.name, (trial) =>
        outcomes(trial, declaration, async (xs) => xs.map(oracle.expected)),
      );
      const got = await withTrial(backend, dtype, declaration.name, (trial) =>
        outcomes(trial, declaration, readAll, true),
      );
      const what = (i: number): string => `${declaration.name} on '${backend.name}', ${dtype} sample ${i}`;
      require(got.length === expected.length, () =>
        `${declaration.name}: another number of samples on '${backend.name}'`);
      expected.forEach((outcome, i) => {
        compare(what(i), got[i], outcome, dtype === own);
      });
    }
  },
};

function compare(what: string, got: Outcome<Host>, expected: Outcome<Expected>, mustRun: boolean): void {
  if ('error' in expected) {
    const refused = expected.error === 'DTypeError' && !mustRun;
    require(refused, () => `${what}: the reference throws ${expected.error}: ${expected.message}`);
    require('error' in got && got.error === expected.error, () =>
      `${what}: does not throw the reference's ${expected.error}`);
    return;
  }
  if ('error' in got) require(false, () => `${what}: throws ${got.error}: ${got.message}`);
  else {
    const count = expected.outputs.length;
    require(got.outputs.length === count, () => `${what}: gives ${got.outputs.length} tensors instead of ${count}`);
    expected.outputs.forEach((output, k) => {
      checkAgainst(`${what}, output ${k}`, got.outputs[k], output);
    });
  }
}

/** Runs all samples, then those with repeated tensors. `thorough` checks for repeatability and untouched inputs. */
async function outcomes<T>(
  trial: Trial,
  declaration: Declaration,
  read: (xs: readonly Tensor[]) => Promise<T[]>,
  thorough = false,
): Promise<Outcome<T>[]> {
  const samples = trial.run(() => declaration.samples(trial.generator));
  const results: Outcome<T>[] = [];
  const twice = isFloating(trial.generator.dtype) ? samples.flatMap(repeated) : []; // elsewhere data could stand for indices
  for (const args of [...samples, ...twice]) {
    try {
      const before = thorough ? await readAll(tensorsIn(args)) : [];
      const outputs = await trial.call(declaration, args);
      const values = await read(outputs);
      if (thorough) await checkUnchanged(trial, declaration, args, before, values as readonly Host[]);
      results.push({ outputs: values });
    } catch (error) {
      results.push({ error: errorName(error), message: error instanceof Error ? error.message : '' });
    }
  }
  return results;
}

/** The sample with the first tensor of each kind in the place of all of that kind, if that changes it. */
function repeated(args: Args): Args[] {
  const tensors = tensorsIn(args);
  const first = (x: Tensor): Tensor => tensors.find((y) => y.dtype === x.dtype && sameShape(x.shape, y.shape)) ?? x;
  return tensors.some((x) => first(x) !== x) ? [withTensors(args, tensors.map(first))] : [];
}

async function checkUnchanged(
  trial: Trial,
  declaration: Declaration,
  args: Args,
  before: Host[],
  first: readonly Host[],
): Promise<void> {
  const again = await readAll(await trial.call(declaration, args));
  const after = await readAll(tensorsIn(args));
  first.forEach(({ values }, k) => {
    require(sameBits(values, again[k].values), () => `output ${k} is another when the op is run again`);
  });
  before.forEach(({ values }, k) => {
    require(sameBits(values, after[k].values), () => `input ${k} was changed`);
  });
}

function sameBits(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (x: number, i: number) => Object.is(x, b[i]));
}
