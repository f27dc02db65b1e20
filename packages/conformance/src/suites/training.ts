import {
  add,
  type Backend,
  type DType,
  GradientTape,
  matMul,
  mean,
  mul,
  sub,
  type Tensor,
  tanh,
  tidy,
} from '@wengert/core';
import { require } from '../errors.ts';
import { withTrial } from '../trial.ts';
import { checkBalance } from './memory.ts';
import { type Case, floatsOf, type Subject } from './suite.ts';

const STEPS = 12;
const RATE = 0.3;

/** Losses after many steps agree less well than single ops: every step builds on the errors of all before. */
const AGREEMENT: Readonly<Partial<Record<DType, number>>> = { float32: 2e-5, float64: 1e-12 };

/** A small network learns, by the same steps as on the reference, and without leaking. */
export function trainingCases(subject: () => Promise<Subject>): Case[] {
  return [
    {
      name: 'training: a network of two layers',
      async run() {
        const { backend, oracle } = await subject();
        for (const dtype of floatsOf(backend)) {
          const expected = await train(oracle.backend, dtype);
          let losses: number[] = [];
          await checkBalance(backend, 'training', async () => {
            losses = await train(backend, dtype);
          });
          const [first, last] = [losses[0], losses[STEPS - 1]];
          require(last < first / 2, () =>
            `training on '${backend.name}' in ${dtype}: the loss goes from ${first} to ${last}`);
          const agreed = (AGREEMENT[dtype] ?? 0) * expected[0];
          losses.forEach((loss, i) => {
            require(Math.abs(loss - expected[i]) <= agreed, () =>
              `training on '${backend.name}' in ${dtype}: the loss of step ${i} is ${loss}, on the reference ${expected[i]}`);
          });
        }
      },
    },
  ];
}

function train(backend: Backend, dtype: DType): Promise<number[]> {
  return withTrial(backend, dtype, 'training', async (trial) => {
    const { uniform } = trial.generator;
    const [x, wanted, ...initial] = trial.run(() => {
      const points = uniform([32, 3]);
      return [points, tanh(matMul(points, uniform([3, 2]))), uniform([3, 8]), uniform([8]), uniform([8, 2])];
    });
    let parameters: Tensor[] = initial;
    const losses: Tensor[] = [];
    for (let step = 0; step < STEPS; step++) {
      const [loss, ...next] = trial.run(() => tidy(() => descend(parameters, x, wanted)));
      losses.push(loss);
      for (const old of parameters) old.dispose();
      parameters = next;
    }
    return Promise.all(losses.map(async (loss) => (await loss.data())[0]));
  });
}

/** The loss, and the parameters after one step of gradient descent. */
function descend(parameters: readonly Tensor[], x: Tensor, wanted: Tensor): Tensor[] {
  const [weights, bias, readout] = parameters;
  using tape = new GradientTape();
  tape.watch(parameters);
  const hidden = tanh(add(matMul(x, weights), bias));
  const off = sub(matMul(hidden, readout), wanted);
  const loss = mean(mul(off, off));
  const found = tape.gradient(loss, [...parameters], { unconnectedGradients: 'zero' });
  return [loss, ...parameters.map((p, i) => sub(p, mul(found[i], RATE)))];
}
