import { opBeingPulled } from '../backward.ts';
import { isFloating } from '../dtype.ts';
import { NumericsError } from '../errors.ts';
import type { Op, Rule } from '../op/op.ts';
import { closeRecorder, openRecorder, type Recorder } from '../recorder.ts';
import { showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';

function check(op: string, inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
  for (const y of outputs) {
    if (!isFloating(y.dtype)) continue;
    const bad = y.dataSync().find((value) => !Number.isFinite(value));
    if (bad === undefined) continue;
    const pulled = opBeingPulled();
    const from = inputs.map((x) => `${x.dtype}${showShape(x.shape)}`).join(', ');
    throw new NumericsError(
      `checkNumerics: '${op}' made ${bad} from inputs ${from}${pulled === null ? '' : `, in the gradient of '${pulled.name}'`}`,
    );
  }
}

const inspector: Recorder = {
  opensComposites: true,
  tracks: () => true,
  record(op: Op, _rule: Rule | null | undefined, inputs: readonly Tensor[], outputs: readonly Tensor[]) {
    check(op.name, inputs, outputs);
  },
};

/**
 * Runs `f` and throws a `NumericsError` that names the first op which makes a NaN or an infinity, forward or in a
 * gradient rule. Every value is read: for finding faults, not for production. Needs a backend with synchronous reads.
 * @example
 * checkNumerics(() => log(scalar(1))).print(); // 0
 */
export function checkNumerics<R>(f: () => R): R {
  openRecorder(inspector);
  try {
    return f();
  } finally {
    closeRecorder(inspector);
  }
}
