import {
  cast,
  convertValues,
  type Declaration,
  type DType,
  isFloating,
  observe,
  reshape,
  type Shape,
  type Tensor,
  tidy,
  toTensor,
} from '@wengert/core';
import { errorName } from '../errors.ts';
import { familiesOf, leadingTensors } from '../families.ts';
import { randomFrom } from '../random.ts';
import { TOLERANCES } from '../tolerance.ts';
import { tensorsIn, withTensors } from '../trees.ts';
import { type Trial, withTrial } from '../trial.ts';
import { checkSameOutputs } from './sameOutputs.ts';
import { floatsOf, type OpSuite, type Subject } from './suite.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Kinks, poles, ties, signed zeros, and arguments from tiny to huge. */
const FLOATS = [
  nan,
  inf,
  -inf,
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  -2.5,
  3,
  10,
  -10,
  40,
  -100,
  1e-4,
  -1e-9,
  1e4,
  -1e4,
  1e30,
  -1e30,
];
const INTS = [0, 1, -1, 2, -3, 7, 31, 2 ** 24 + 1, -(2 ** 24) - 3, 2 ** 31 - 1, -(2 ** 31)];
const EDGES: Readonly<Record<DType, readonly number[]>> = {
  float32: FLOATS,
  float64: FLOATS,
  int32: INTS,
  bool: [0, 1],
};

/** Both signs and all magnitudes between the extremes, for functions of one argument. */
const SWEEP = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? 1 : -1) * 10 ** (-8 + (13 * i) / 300));

/** For what only moves and chooses elements: few values, so that there are ties. */
const TIES = [nan, inf, -inf, 0, -0, 1, 1, 2, 2, -3];

/** For reductions: a row each. */
const ROWS = [
  [2, 2, -1, 2],
  [nan, 1, 2, inf],
  [inf, 1, inf, 2],
  [inf, 1, -inf, 2],
  [-inf, -inf, -inf, -inf],
  [0, -0, 0, -0],
];

/** NaN, infinities, signed zeros, ties, extreme arguments: as the reference has them, which is as IEEE 754 has them. */
export const edges: OpSuite = {
  name: 'edges',
  applies(declaration) {
    const { elementwise, reduction, ordinal } = familiesOf(declaration);
    return elementwise !== undefined || reduction === true || ordinal === true;
  },
  async check(subject, declaration) {
    const { elementwise, reduction, ordinal } = familiesOf(declaration);
    if (elementwise !== undefined) await checkElementwise(subject, declaration, elementwise);
    if (reduction) await checkReduction(subject, declaration);
    if (ordinal) await checkOrdinal(subject, declaration);
  },
};

function from(trial: Trial, values: readonly number[], shape: Shape, dtype: DType): Tensor {
  return trial.run(() => tidy(() => reshape(cast(toTensor('edges', convertValues(values, dtype)), dtype), shape)));
}

function samplesOf(
  { oracle }: Subject,
  declaration: Declaration,
  dtype: DType,
): Promise<readonly (readonly unknown[])[]> {
  return withTrial(oracle.backend, dtype, declaration.name, (trial) =>
    trial.run(() => declaration.samples(trial.generator)),
  );
}

/** How far from 0 the arguments may lie for which the table of tolerances speaks. */
async function domainOf({ oracle }: Subject, declaration: Declaration): Promise<number> {
  const [dtype] = floatsOf(oracle.backend);
  const domains: number[] = [];
  const stop = observe(({ op }) => domains.push(TOLERANCES.get(op)?.domain ?? Infinity));
  try {
    await withTrial(oracle.backend, dtype, declaration.name, async (trial) => {
      for (const args of trial.run(() => declaration.samples(trial.generator))) await trial.call(declaration, args);
    });
  } finally {
    stop();
  }
  return Math.min(...domains);
}

/** Every edge, or every pair of them, in every dtype that the op takes on the reference. */
async function checkElementwise(subject: Subject, declaration: Declaration, arity: 1 | 2): Promise<void> {
  const domain = await domainOf(subject, declaration);
  for (const dtype of subject.backend.dtypes) {
    const call = (trial: Trial): Promise<Tensor[]> => {
      const args = trial.run(
        () => leadingTensors(declaration, trial.generator, arity)?.make([[1], [1]].slice(0, arity)) ?? [],
      );
      const leading = args.slice(0, arity).map((x, k) => {
        const own = (x as Tensor).dtype; // a condition is bool whatever is tried
        const tried = arity === 1 && isFloating(own) ? [...FLOATS, ...SWEEP] : EDGES[own];
        const list = tried.filter((v) => !(Math.abs(v) > domain) || Math.abs(v) === inf);
        return from(trial, list, k === 0 && arity === 2 ? [list.length, 1] : [list.length], own);
      });
      return trial.call(declaration, [...leading, ...args.slice(arity)]);
    };
    if (await accepts(subject, declaration, dtype, call)) {
      await checkSameOutputs(subject, dtype, declaration.name, `${declaration.name} at edges`, call, arity === 1);
    }
  }
}

async function accepts(
  { oracle }: Subject,
  declaration: Declaration,
  dtype: DType,
  call: (trial: Trial) => Promise<Tensor[]>,
): Promise<boolean> {
  try {
    await withTrial(oracle.backend, dtype, declaration.name, call);
    return true;
  } catch (error) {
    if (errorName(error) === 'DTypeError') return false;
    throw error;
  }
}

async function checkReduction(subject: Subject, declaration: Declaration): Promise<void> {
  const [dtype] = floatsOf(subject.backend);
  const columns = ROWS[0].map((_, j) => ROWS.map((row) => row[j]));
  for (const [axis, rows] of [columns, ROWS].entries()) {
    const what = `${declaration.name} of edges over axis ${axis}`;
    const call = (trial: Trial): Promise<Tensor[]> =>
      trial.call(declaration, [from(trial, rows.flat(), [rows.length, rows[0].length], dtype), axis]);
    if (!(await accepts(subject, declaration, dtype, call))) return; // all and any take bools only
    await checkSameOutputs(subject, dtype, declaration.name, what, call, false);
  }
}

async function checkOrdinal(subject: Subject, declaration: Declaration): Promise<void> {
  const [dtype] = floatsOf(subject.backend);
  const { length } = await samplesOf(subject, declaration, dtype);
  for (let i = 0; i < length; i++) {
    const what = `${declaration.name} of ties and NaN, sample ${i}`;
    const call = (trial: Trial): Promise<Tensor[]> => {
      const args = trial.run(() => declaration.samples(trial.generator))[i];
      const random = randomFrom(what);
      const tensors = tensorsIn(args).map((x) => {
        if (!isFloating(x.dtype)) return x;
        const values = Array.from({ length: x.size }, () => TIES[Math.floor(random() * TIES.length)]);
        return from(trial, values, x.shape, x.dtype);
      });
      return trial.call(declaration, withTensors(args, tensors));
    };
    await checkSameOutputs(subject, dtype, declaration.name, what, call, false);
  }
}
