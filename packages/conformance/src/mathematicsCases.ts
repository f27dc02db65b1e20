import { createReferenceBackend } from '@wengert/backend-reference';
import type { Backend, Declaration, Tensor } from '@wengert/core';
import { checkAffine } from './affine.ts';
import { checkGradients } from './checkGradients.ts';
import { declarations, opOf, outputsAtOnce } from './declarations.ts';
import { type Choices, createDraw } from './draw.ts';
import { isRefusal, require } from './errors.ts';
import { forAll, type Runs } from './forAll.ts';
import { showCall } from './showCall.ts';
import { callsOf, type DrawCall } from './spaces.ts';
import { pull } from './suites/gradients.ts';
import type { Case } from './suites/suite.ts';
import { tensorsIn, withTensors } from './trees.ts';
import { type Trial, withTrial } from './trial.ts';

/** Options of `mathematicsCases`. */
export interface MathematicsOptions {
  /** The highest derivative that is checked. Default: 3. */
  readonly order?: 1 | 2 | 3;
  /** How many calls are generated for each op, and from which seed. Default: 8 runs of seed 1. */
  readonly generated?: Partial<Runs>;
  /** Which ops to run; all by default. */
  readonly ops?: (name: string) => boolean;
}

/**
 * What is true of the rules of all declared ops whatever the backend, checked on the float64 reference: derivatives
 * against differences in both modes, the modes against each other (where a composite has a rule of its own, forward mode
 * goes through its decomposition, and the two must agree), every value that a rule reads saved, and what is linear linear.
 * @example
 * for (const { run } of mathematicsCases({ order: 2, ops: (op) => op === 'tanh' })) await run();
 */
export function* mathematicsCases(options: MathematicsOptions = {}): Iterable<Case> {
  const { order = 3, ops = () => true, generated } = options;
  const runs: Runs = { runs: 8, seed: 1, ...generated };
  const backend = createReferenceBackend();
  for (const declaration of declarations()) {
    if (!ops(declaration.name)) continue;
    const { name } = declaration;
    if (opOf(declaration)?.rule === null) {
      yield { name: `no derivative: ${name}`, run: () => checkUnconnected(backend, declaration) };
    } else {
      const check = (f: (...xs: Tensor[]) => unknown, xs: readonly Tensor[]): void =>
        checkGradients(f, xs, { backend, name, order });
      yield { name: `derivatives: ${name}`, run: () => eachSample(backend, declaration, check) };
      const calls = callsOf(declaration);
      if (calls !== undefined)
        yield {
          name: `generated derivatives: ${name}`,
          run: () => eachDrawn(backend, declaration, calls.drawn, runs, check),
        };
      const saves = opOf(declaration)?.saves;
      if (saves !== undefined)
        yield {
          name: `affine: ${name}`,
          run: () => eachSample(backend, declaration, (f, xs) => checkAffine(backend, name, saves, f, xs)),
        };
    }
  }
}

type Check = (f: (...xs: Tensor[]) => unknown, xs: readonly Tensor[]) => void;

/** Checks the samples of a declaration. */
async function eachSample(backend: Backend, declaration: Declaration, check: Check): Promise<void> {
  await withTrial(backend, 'float64', declaration.name, async (trial) => {
    for (const args of trial.run(() => declaration.samples(trial.generator))) {
      await checkSample(trial, declaration, args, check);
    }
  });
}

/** Checks small generated calls, with smooth values. */
async function eachDrawn(
  backend: Backend,
  declaration: Declaration,
  call: DrawCall,
  runs: Runs,
  check: Check,
): Promise<void> {
  const { name } = declaration;
  const drawn = <R>(choose: Choices, use: (trial: Trial, args: () => readonly unknown[]) => R | Promise<R>) =>
    withTrial(backend, 'float64', name, (trial) =>
      use(trial, () => call(createDraw(choose, { backend, dtype: 'float64', seed: name, small: true }))),
    );
  await forAll(
    name,
    runs,
    (begin) =>
      drawn(begin(), async (trial, args) => {
        try {
          await checkSample(trial, declaration, trial.run(args), check);
          return true;
        } catch (error) {
          if (isRefusal(error)) return false;
          throw error;
        }
      }),
    (choose) => drawn(choose, (trial, args) => showCall(name, trial.run(args))),
  );
}

/** Checks one sample, if it is differentiable, as a function of its distinct float64 tensors. */
async function checkSample(
  trial: Trial,
  declaration: Declaration,
  args: readonly unknown[],
  check: Check,
): Promise<void> {
  const tensors = tensorsIn(args);
  const varied = [...new Set(tensors.filter((x) => x.dtype === 'float64'))];
  const outputs = await trial.call(declaration, args);
  // Rounding to float32 hides what differences could show, and NaN and infinities have none.
  const shown = outputs.filter((y) => y.dtype === 'float64');
  if (varied.length === 0 || shown.length === 0 || ![...varied, ...shown].every(isFinite)) return;
  const f = (...xs: Tensor[]): Tensor[] => {
    const replaced = tensors.map((x) => xs[varied.indexOf(x)] ?? x);
    return outputsAtOnce(declaration, withTensors(args, replaced)).filter((y) => y.dtype === 'float64');
  };
  // What comes later has no derivative that could be taken now.
  trial.run(() => f(...varied).length > 0 && check(f, varied));
}

function isFinite(x: Tensor): boolean {
  return x.dataSync().every(Number.isFinite);
}

async function checkUnconnected(backend: Backend, declaration: Declaration): Promise<void> {
  await withTrial(backend, 'float64', declaration.name, async (trial) => {
    for (const args of trial.run(() => declaration.samples(trial.generator))) {
      const found = await pull(trial, declaration, args);
      require(found.every((g) => g === null), () =>
        `${declaration.name} is declared to have no derivative, but has one`);
    }
  });
}
