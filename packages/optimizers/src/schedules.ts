import { ArgumentError } from '@wengert/core';

/** The learning rate after so many steps; optimizers take one for a number. */
export type Schedule = (step: number) => number;

function check(schedule: string, holds: boolean, wanted: string): void {
  if (!holds) throw new ArgumentError(`${schedule}: ${wanted}`);
}

/**
 * The same rate at every step.
 * @example
 * console.log(schedules.constant(0.1)(1000)); // 0.1
 */
export function constant(learningRate: number): Schedule {
  return () => learningRate;
}

/**
 * initialLearningRate * decayRate ^ (step / decaySteps), where `staircase` with the quotient rounded down.
 * @throws ArgumentError where decaySteps is not positive.
 * @example
 * console.log(schedules.exponentialDecay(1, 10, 0.5)(20)); // 0.25
 */
export function exponentialDecay(
  initialLearningRate: number,
  decaySteps: number,
  decayRate: number,
  staircase = false,
): Schedule {
  check('exponentialDecay', decaySteps > 0, `decaySteps must be positive, got ${decaySteps}`);
  return (step) => {
    const power = step / decaySteps;
    return initialLearningRate * decayRate ** (staircase ? Math.floor(power) : power);
  };
}

/**
 * Half a cosine from initialLearningRate to the part `alpha` of it over `decaySteps` steps, where it stays (Loshchilov
 * and Hutter, 2017).
 * @throws ArgumentError where decaySteps is not positive.
 * @example
 * console.log(schedules.cosineDecay(1, 10)(10)); // 0
 */
export function cosineDecay(initialLearningRate: number, decaySteps: number, alpha = 0): Schedule {
  check('cosineDecay', decaySteps > 0, `decaySteps must be positive, got ${decaySteps}`);
  return (step) => {
    const share = Math.min(step, decaySteps) / decaySteps;
    return initialLearningRate * (alpha + ((1 - alpha) * (1 + Math.cos(Math.PI * share))) / 2);
  };
}

/**
 * `values[i]` up to and with step `boundaries[i]`, the last value after the last boundary.
 * @throws ArgumentError unless the boundaries ascend and there is one value more.
 * @example
 * console.log([10, 11].map(schedules.piecewiseConstant([10], [1, 0.5]))); // [ 1, 0.5 ]
 */
export function piecewiseConstant(boundaries: readonly number[], values: readonly number[]): Schedule {
  const fits = values.length === boundaries.length + 1 && boundaries.every((b, i) => i === 0 || b > boundaries[i - 1]);
  check(
    'piecewiseConstant',
    fits,
    `needs ascending boundaries and one value more, got [${boundaries}] and [${values}]`,
  );
  return (step) => {
    const place = boundaries.findIndex((boundary) => step <= boundary);
    return values[place < 0 ? values.length - 1 : place];
  };
}

/**
 * A straight line from `initialLearningRate` up to the first rate of `then` over `warmupSteps` steps, and `then` from
 * there.
 * @throws ArgumentError where warmupSteps is not positive.
 * @example
 * console.log([0, 5, 10, 20].map(schedules.warmup(10, schedules.exponentialDecay(1, 10, 0.5)))); // [ 0, 0.5, 1, 0.5 ]
 */
export function warmup(warmupSteps: number, then: number | Schedule, initialLearningRate = 0): Schedule {
  check('warmup', warmupSteps > 0, `warmupSteps must be positive, got ${warmupSteps}`);
  const rate = typeof then === 'function' ? then : constant(then);
  return (step) => {
    if (step >= warmupSteps) return rate(step - warmupSteps);
    return initialLearningRate + (rate(0) - initialLearningRate) * (step / warmupSteps);
  };
}
