import { GradientTape, type Tensor } from '@wengert/core';
import { checkAgainst } from '../compare.ts';
import { PROGRAMS, type Program } from '../programs.ts';
import { readAll, type Trial, withTrial } from '../trial.ts';
import { floatsOf, type OpSuite } from './suite.ts';

/** Second derivatives of programs made of several ops, along random directions. */
export const programs: OpSuite = {
  name: 'programs',
  applies: ({ name }) => PROGRAMS.some(({ op }) => op === name),
  async check({ backend, oracle }, declaration) {
    for (const dtype of floatsOf(backend)) {
      for (const program of PROGRAMS.filter(({ op }) => op === declaration.name)) {
        const { name } = program;
        const expected = await withTrial(oracle.backend, dtype, name, (trial) =>
          second(trial, program).map(oracle.expected),
        );
        const got = await withTrial(backend, dtype, name, (trial) => readAll(second(trial, program)));
        expected.forEach((value, k) => {
          checkAgainst(`second derivative of ${name} on '${backend.name}' in ${dtype}, input ${k}`, got[k], value);
        });
      }
    }
  },
};

/** The Hessian of the sum of the program times a direction, by input. */
function second(trial: Trial, { f, inputs }: Program): Tensor[] {
  return trial.run(() => {
    const { uniform } = trial.generator;
    const xs = [...inputs(trial.generator)];
    using outer = new GradientTape();
    outer.watch(xs);
    const gradients = (() => {
      using inner = new GradientTape();
      inner.watch(xs);
      return inner.gradient(f(...xs), xs, { unconnectedGradients: 'zero' });
    })();
    const directions = xs.map(({ shape }) => uniform(shape, 0.5, 1.5));
    return outer.gradient(gradients, xs, { outputGradients: directions, unconnectedGradients: 'zero' });
  });
}
