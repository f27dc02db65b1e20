import * as core from '@wengert/core';
import { type Backend, dispose, matMul, type Tensor, tidy, valueAndGrad } from '@wengert/core';
import { sgd } from '@wengert/optimizers';
import type { Contestant, Emit, Trial } from './contestant.ts';
import { type Batch, batchOf, chainEnd, convLoss, mlpLoss, tensorOf } from './models.ts';
import type { Classifier, Operand, Problems } from './problems.ts';

type Operands<P> = { readonly [K in keyof P as P[K] extends Operand ? K : never]: Tensor };

/** Lends the values of each tensor, and disposes it. */
function give(emit: Emit, tensors: readonly Tensor[]): void {
  for (const tensor of tensors) tensor.borrow(emit);
  dispose(tensors as Tensor[]);
}

/** A task that is one expression of its operands. */
function eager<P extends object>(f: (operands: Operands<P>, problem: P) => Tensor): (problem: P) => Trial {
  return (problem) => {
    const operands: Record<string, Tensor> = {};
    for (const [name, value] of Object.entries(problem)) {
      if (typeof value === 'object' && 'data' in value) operands[name] = tensorOf(value);
    }
    const known = operands as Operands<P>;
    return { run: (emit) => give(emit, [tidy(() => f(known, problem))]) };
  };
}

/** Steps of gradient descent by an optimizer, which disposes what it made. */
function training(loss: (batch: Batch, weights: readonly Tensor[]) => Tensor) {
  return (problem: Classifier): Trial => {
    const batch = batchOf(problem);
    const weights = problem.weights.map((operand) => core.variable(tensorOf(operand)));
    const optimizer = sgd(problem.rate);
    return {
      run(emit) {
        const cost = optimizer.minimize(() => loss(batch, weights), true);
        cost.borrow(emit);
        cost.dispose();
      },
      state(emit) {
        for (const weight of weights) weight.borrow(emit);
      },
    };
  };
}

/** A training step that neither an optimizer nor a scope cleans up after. */
function forgetfulTraining(problem: Classifier): Trial {
  const batch = batchOf(problem);
  const weights = problem.weights.map((operand) => core.variable(tensorOf(operand)));
  return {
    run(emit) {
      const tape = new core.GradientTape();
      const cost = mlpLoss(batch, weights);
      const gradients = tape.gradient(cost, weights);
      weights.forEach((weight, i) => {
        const gradient = gradients[i];
        if (gradient !== null) weight.assign(weight.sub(gradient.mul(problem.rate)));
      });
      cost.borrow(emit);
    },
    state(emit) {
      for (const weight of weights) weight.borrow(emit);
    },
  };
}

/** Wengert on the backend that `create` makes, eager and without preparation of any kind. */
export function wengert(title: string, create: () => Backend): Contestant {
  return {
    title,
    role: 'wengert',
    packages: [],
    async start() {
      await core.setBackend(create());
    },
    tasks: {
      matMul: eager<Problems['matMul']>(({ a, b }, p) => matMul(a, b, p.transposeA, p.transposeB)),
      add: eager(({ a, b }) => a.add(b)),
      broadcastAdd: eager(({ a, b }) => a.add(b)),
      exp: eager(({ x }) => x.exp()),
      tanh: eager(({ x }) => x.tanh()),
      chain: eager(({ a, b, c }) => a.mul(b).add(c).tanh().mul(0.5)),
      sum: eager(({ x }) => x.sum()),
      sumAxis0: eager(({ x }) => x.sum(0)),
      sumAxis1: eager(({ x }) => x.sum(1)),
      maxAxis1: eager(({ x }) => x.max(1)),
      softmax: eager(({ x }) => x.softmax()),
      transpose: eager(({ x }) => x.transpose()),
      conv2d: eager(({ x, filter }) => x.conv2d(filter, 1, 'same')),
      maxPool: eager(({ x }) => x.maxPool(2, 2, 'valid')),
      mlpStep: training(mlpLoss),
      mlpStepForgetful: forgetfulTraining,
      convStep: training(convLoss),
      hvp(problem) {
        const batch = batchOf(problem);
        const weights = problem.weights.map(tensorOf);
        const vectors = problem.vectors.map(tensorOf);
        return {
          run: (emit) =>
            give(
              emit,
              core.hvp((w: Tensor[]) => mlpLoss(batch, w), weights, vectors),
            ),
        };
      },
      scalarChain(problem) {
        const differentiate = valueAndGrad((x) => chainEnd(x, problem));
        return {
          run(emit) {
            const { value, grad } = differentiate(problem.x);
            give(emit, [value, grad]);
          },
        };
      },
      tinyOps: eager<Problems['tinyOps']>(({ x, a, b }, { times }) => {
        let y = x;
        for (let i = 0; i < times; i++) y = y.mul(a).add(b);
        return y;
      }),
    },
  };
}
