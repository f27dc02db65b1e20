import { classifier, uniform, weightsOf } from '../src/inputs.ts';
import type { Classifier, Operand, Problems } from '../src/problems.ts';
import type { AnyWorkload } from '../src/workload.ts';

const layers = [[784, 256], [256], [256, 128], [128], [128, 10], [10]];
const perceptron = (): Classifier => classifier([64, 784], layers);
const convolutional = (): Classifier =>
  classifier([32, 28, 28, 1], [[3, 3, 1, 8], [8], [3, 3, 8, 16], [16], [784, 10], [10]]);

const training = {
  expected: async (problem: Classifier) => (await import('../src/references.ts')).trainingStep(problem),
  // What is compared is the weights after the step, which is a small part of them.
  tolerance: 5e-6,
};

/** So that after 250 rounds neither the value nor the derivative has vanished: the slope at the fixed point is 0.98. */
const chain = (f: 'sin' | 'tanh') => ({
  problem: (): Problems['scalarChain'] => ({ f, x: 0.5, scale: 1.25, shift: 0.001, shrink: 0.8, times: 250 }),
  expected: async (problem: Problems['scalarChain']) => (await import('../src/references.ts')).chain(problem),
  tolerance: 1e-4,
  ops: 1000,
  target: 0.8,
});

const tiny = (low: number, high: number, seed: number): Operand => uniform([16], low, high, seed);

/** W5: gradients, and ops on small tensors. */
export const gradientWorkloads: readonly AnyWorkload[] = [
  {
    id: 'W5a',
    title: 'MLP 784-256-128-10, batch 64: training step',
    task: 'mlpStep',
    problem: perceptron,
    ...training,
    target: 0.7,
  },
  {
    id: 'W5b',
    title: 'conv net, batch 32: training step',
    task: 'convStep',
    problem: convolutional,
    ...training,
    target: 0.05,
  },
  {
    id: 'W5c',
    title: 'Hessian-vector product of the MLP',
    task: 'hvp',
    problem: () => ({ ...perceptron(), vectors: weightsOf(layers, 20) }),
    expected: async (problem) => (await import('../src/references.ts')).curvature(problem),
    tolerance: 1e-4,
    target: 0.25,
  },
  { id: 'W5d', title: 'scalar chain with sin: value and derivative', task: 'scalarChain', ...chain('sin') },
  { id: 'W5d2', title: 'scalar chain with tanh: value and derivative', task: 'scalarChain', ...chain('tanh') },
  {
    id: 'W5e',
    title: '1000 ops on 16 floats',
    task: 'tinyOps',
    problem: () => ({ x: tiny(-1, 1, 1), a: tiny(0.5, 1, 2), b: tiny(-1, 1, 3), times: 500 }),
    expected: ({ x, a, b, times }) => {
      const values = Float64Array.from(x.data);
      for (let i = 0; i < times; i++)
        for (let j = 0; j < values.length; j++) values[j] = values[j] * a.data[j] + b.data[j];
      return [values];
    },
    tolerance: 1e-5,
    ops: 1000,
    target: 1,
  },
  {
    id: 'W6-disposing',
    title: 'peak memory of 500 MLP steps that dispose',
    task: 'mlpStep',
    problem: perceptron,
    ...training,
    runsInMemory: 500,
  },
  {
    id: 'W6-forgetful',
    title: 'peak memory of 500 MLP steps that dispose nothing',
    task: 'mlpStepForgetful',
    problem: perceptron,
    ...training,
    runsInMemory: 500,
    most: 100,
  },
];
