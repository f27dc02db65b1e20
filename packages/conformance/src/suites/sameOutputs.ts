import type { DType, Tensor } from '@wengert/core';
import { checkAgainst } from '../compare.ts';
import { require } from '../errors.ts';
import { readAll, type Trial, withTrial } from '../trial.ts';
import type { Subject } from './suite.ts';

/** Computes on the oracle and on the backend under test, from the same numbers, and compares what comes out. */
export async function checkSameOutputs(
  { backend, oracle }: Subject,
  dtype: DType,
  seed: string,
  what: string,
  compute: (trial: Trial) => Promise<Tensor[]>,
  signedZeros = true,
): Promise<void> {
  const expected = await withTrial(oracle.backend, dtype, seed, async (trial) =>
    (await compute(trial)).map(oracle.expected),
  );
  const got = await withTrial(backend, dtype, seed, async (trial) => readAll(await compute(trial)));
  const place = `${what} on '${backend.name}' in ${dtype}`;
  require(got.length === expected.length, () => `${place}: ${got.length} tensors instead of ${expected.length}`);
  expected.forEach((output, k) => {
    checkAgainst(`${place}, output ${k}`, got[k], output, { signedZeros });
  });
}
