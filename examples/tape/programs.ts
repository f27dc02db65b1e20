import { controlFlow } from './controlFlow.ts';
import type { Findings } from './findings.ts';
import { intermediateGradients } from './intermediateGradients.ts';
import { nestedTapes } from './nestedTapes.ts';
import { persistentTape } from './persistentTape.ts';
import { productWithZeros } from './productWithZeros.ts';
import { savedOutput } from './savedOutput.ts';

/** A small program that shows one side of the tape. */
export interface Program {
  readonly title: string;
  readonly explanation: string;
  readonly run: () => Findings<string>;
}

/** The programs in the order in which one should read them. */
export const programs: readonly Program[] = [
  {
    title: 'z = y * y, y = sum(x), at x = ones([2, 2])',
    explanation: 'Whatever derives from a watched tensor can be a source of the gradient.',
    run: intermediateGradients,
  },
  {
    title: 'A persistent tape: y = x * x, z = y * y, at x = 3',
    explanation: 'It gives several gradients, and gives its memory back when it is released.',
    run: persistentTape,
  },
  {
    title: 'Control flow: f(x, y) multiplies by x for each i < y with 1 < i < 5, at x = 2',
    explanation: 'The tape sees the ops that ran, so any loop or condition of JavaScript can be differentiated.',
    run: controlFlow,
  },
  {
    title: 'Nested tapes: y = x * x * x at a variable 1',
    explanation: 'The outer tape records how the inner one computes its gradient.',
    run: nestedTapes,
  },
  {
    title: 'y = x * tanh(x) at x = 0.7',
    explanation: 'Rules that use saved outputs stay connected, so that higher derivatives are right.',
    run: savedOutput,
  },
  {
    title: 'y = prod(x) at x = [2, 0, 3, 0, 5]',
    explanation: 'Only the pair of zeros has a second derivative: 2 * 3 * 5.',
    run: productWithZeros,
  },
];
