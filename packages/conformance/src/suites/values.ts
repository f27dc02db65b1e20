import { type Declaration, isFloating, sameShape, type Tensor } from '@wengert/core';
import { checkAgainst } from '../compare.ts';
import { errorName, require } from '../errors.ts';
import type { Expected } from '../runningError.ts';
import { tensorsIn, withTensors } from '../trees.ts';
import { type Host, readAll, type Trial, withTrial } from '../trial.ts';
import { floatsOf, type OpSuite } from './suite.ts';

type Args = readonly unknown[];

interface Calculation<T> {
  readonly outputs: readonly T[];
  /** The same call once more. */
  readonly again: readonly T[];
  /** The tensors among the arguments, read after the calls. */
  readonly inputs: readonly T[];
}

/** What a sample gave, or the class of the error that it threw. */
type Outcome<T> = Calculation<T> | { readonly error: string; readonly message: string };

/**
 * Every sample in every dtype that the backend stores: shapes, dtypes and values of the outputs, the inputs as they were,
 * and with one tensor in the place of several; in the backend's own float the same once more, bit by bit.
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
        outcomes(trial, declaration, readAll, dtype === own),
      );
      expected.forEach((outcome, i) => {
        compare(`${declaration.name} on '${backend.name}', ${dtype} sample ${i}`, got[i], outcome, dtype === own);
      });
    }
  },
};

function compare(what: string, got: Outcome<Host>, expected: Outcome<Expected>, mustRun: boolean): void {
  if ('error' in expected) {
    const refused = expected.error === 'DTypeError' && !mustRun;
    require(refused, () => `${what}: the reference throws ${expected.error}: ${expected.message}`);
    const same = 'error' in got && got.error === expected.error;
    require(same, () => `${what}: does not throw the reference's ${expected.error}`);
    return;
  }
  require('outputs' in got, () => `${what}: throws ${'error' in got ? `${got.error}: ${got.message}` : ''}`);
  const count = expected.outputs.length;
  require(got.outputs.length === count, () => `${what}: gives ${got.outputs.length} tensors instead of ${count}`);
  expected.outputs.forEach((output, k) => {
    checkAgainst(`${what}, output ${k}`, got.outputs[k], output);
  });
  got.again.forEach((output, k) => {
    checkAgainst(`${what}, output ${k} when run again`, output, { ...got.outputs[k], error: null });
  });
  expected.inputs.forEach((input, k) => {
    checkAgainst(`${what}, input ${k} afterwards`, got.inputs[k], input);
  });
}

/** Runs all samples, then those with repeated tensors. */
async function outcomes<T>(
  trial: Trial,
  declaration: Declaration,
  read: (xs: readonly Tensor[]) => Promise<T[]>,
  twice = false,
): Promise<Outcome<T>[]> {
  const samples = trial.run(() => declaration.samples(trial.generator));
  // Of other dtypes data could stand for indices.
  const repetitions = isFloating(trial.generator.dtype) ? samples.flatMap(repeated) : [];
  const results: Outcome<T>[] = [];
  for (const args of [...samples, ...repetitions]) {
    try {
      const outputs = await read(await trial.call(declaration, args));
      const again = twice ? await read(await trial.call(declaration, args)) : [];
      results.push({ outputs, again, inputs: await read(tensorsIn(args)) });
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
