import { cast, type Declaration, GradientTape, isFloating, type Tensor } from '@wengert/core';
import { checkAgainst } from '../compare.ts';
import { require } from '../errors.ts';
import { tensorsIn } from '../trees.ts';
import { readAll, type Trial, withTrial } from '../trial.ts';
import { floatsOf, type OpSuite } from './suite.ts';

/** What comes back for each float input of a sample: null where the output does not depend on it. */
type Gradients<T> = readonly (T | null)[];

/** First-order gradients end to end, with random cotangents, in every float dtype that the backend stores. */
export const gradients: OpSuite = {
  name: 'gradients',
  async check({ backend, oracle }, declaration) {
    for (const dtype of floatsOf(backend)) {
      const expected = await withTrial(oracle.backend, dtype, declaration.name, (trial) =>
        pullAll(trial, declaration, async (xs) => xs.map(oracle.expected)),
      );
      const got = await withTrial(backend, dtype, declaration.name, (trial) => pullAll(trial, declaration, readAll));
      expected.forEach((sample, i) => {
        sample.forEach((gradient, k) => {
          const what = `gradient of ${declaration.name} on '${backend.name}', ${dtype} sample ${i}, input ${k}`;
          const found = got[i][k];
          require((found === null) === (gradient === null), () =>
            `${what}: ${found === null ? 'is null' : 'is not null'}`);
          if (found !== null && gradient !== null) checkAgainst(what, found, gradient);
        });
      });
    }
  },
};

async function pullAll<T>(
  trial: Trial,
  declaration: Declaration,
  read: (xs: readonly Tensor[]) => Promise<T[]>,
): Promise<Gradients<T>[]> {
  const results: Gradients<T>[] = [];
  for (const args of trial.run(() => declaration.samples(trial.generator))) {
    const found = await pull(trial, declaration, args);
    const values = await read(found.filter((g) => g !== null));
    results.push(found.map((g) => (g === null ? null : (values.shift() ?? null))));
  }
  return results;
}

/** The gradients of one sample with respect to its float tensors; none where nothing is differentiable. */
export async function pull(
  trial: Trial,
  declaration: Declaration,
  args: readonly unknown[],
): Promise<(Tensor | null)[]> {
  const inputs = tensorsIn(args).filter((x) => isFloating(x.dtype));
  const sources = [...new Set(inputs)];
  const tape = trial.run(() => new GradientTape());
  try {
    tape.watch(sources);
    const outputs = (await trial.call(declaration, args)).filter((y) => isFloating(y.dtype));
    if (sources.length === 0 || outputs.length === 0) return [];
    return trial.run(() => {
      const cotangents = outputs.map((y) => trial.generator.uniform(y.shape, 0.5, 1.5));
      const fitting = cotangents.map((g, i) => (g.dtype === outputs[i].dtype ? g : cast(g, outputs[i].dtype)));
      return tape.gradient(outputs, sources, { outputGradients: fitting });
    });
  } finally {
    tape[Symbol.dispose]();
  }
}
