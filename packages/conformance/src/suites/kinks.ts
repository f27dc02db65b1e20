import { type DType, GradientTape, type Spec, type Tensor, toTensor } from '@wengert/core';
import { checkAgainst } from '../compare.ts';
import { KINKS, type Kink } from '../kinks.ts';
import type { Expected } from '../runningError.ts';
import { SMALLEST_NORMAL, UNIT_ROUNDOFF } from '../tolerance.ts';
import { readAll, type Trial, withTrial } from '../trial.ts';
import { floatsOf, type OpSuite } from './suite.ts';

/** The roundings that a derivative may show, of any order. */
const ROUNDINGS = 64;

/** What underflows in float32 need not be there in float64: the derivative of sigmoid at 100 is 1 - 1 in both. */
const UNDERFLOW = SMALLEST_NORMAL.float32;

/** Gradients at kinks and singular points: zeros, infinities and NaN as they are, all else to some roundings. */
export const kinks: OpSuite = {
  name: 'kinks',
  applies: ({ name }) => KINKS.some(({ op }) => op === name),
  async check({ backend }, { name }) {
    for (const dtype of floatsOf(backend)) {
      for (const kink of KINKS.filter(({ op }) => op === name)) {
        await withTrial(backend, dtype, name, async (trial) => {
          const what = `${name} at ${kink.at.map((x) => `[${x.join(', ')}]`).join(', ')} on '${backend.name}'`;
          const [value, ...found] = await readAll(pulled(trial, kink, dtype));
          if (kink.value)
            checkAgainst(`${what}: value`, value, near(kink.value, { shape: value.shape, dtype }), {
              signedZeros: false,
            });
          kink.gradients.forEach((gradient, k) => {
            const expected = near(gradient, { shape: [gradient.length], dtype });
            checkAgainst(`${what}: gradient ${k}`, found[k], expected, { signedZeros: false });
          });
        });
      }
    }
  },
};

/** The value of `f`, and its gradients. */
function pulled(trial: Trial, { f, at }: Kink, dtype: DType): Tensor[] {
  return trial.run(() => {
    const xs = at.map((x) => toTensor('kinks', [...x], undefined, dtype));
    using tape = new GradientTape();
    tape.watch(xs);
    const y = f(...xs);
    return [y, ...tape.gradient(y, xs, { unconnectedGradients: 'zero' })];
  });
}

function near(values: readonly number[], spec: Spec): Expected {
  const error = values.map((x) => ROUNDINGS * UNIT_ROUNDOFF[spec.dtype] * Math.abs(x) + (x === 0 ? 0 : UNDERFLOW));
  return { ...spec, values: Float64Array.from(values), error: Float64Array.from(error) };
}
