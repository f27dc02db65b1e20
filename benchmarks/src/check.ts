import type { Emit, Trial } from './contestant.ts';

/** A result that is not what it should be. */
export class WrongResult extends Error {
  override name = 'WrongResult';
}

/** Images [batch, channels, height, width] as [batch, height, width, channels]. */
function channelsLast(values: ArrayLike<number>, [batch, channels, height, width]: readonly number[]): Float64Array {
  const pixels = height * width;
  const arranged = new Float64Array(values.length);
  for (let n = 0, at = 0; n < batch; n++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let c = 0; c < channels; c++) arranged[at++] = values[(n * channels + c) * pixels + pixel];
    }
  }
  return arranged;
}

/** The largest distance from `expected`, as a share of its largest value; Infinity where something is not finite. */
export function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let error = 0;
  let scale = 0;
  for (let i = 0; i < expected.length; i++) {
    const distance = Math.abs(actual[i] - expected[i]);
    if (!(distance < Infinity)) return Infinity;
    error = Math.max(error, distance);
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  return error === 0 ? 0 : error / scale;
}

/** Compares results with what is expected of them. Throws `WrongResult`. */
export function compare(
  results: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
  tolerance: number,
): void {
  if (results.length !== expected.length) {
    throw new WrongResult(`gave ${results.length} results instead of ${expected.length}`);
  }
  results.forEach((actual, i) => {
    const which = results.length > 1 ? ` of result ${i + 1}` : '';
    if (actual.length !== expected[i].length) {
      throw new WrongResult(`gave ${actual.length} values${which} instead of ${expected[i].length}`);
    }
    const error = largestError(actual, expected[i]);
    if (error > tolerance)
      throw new WrongResult(`the error${which} is ${error.toPrecision(2)}, allowed is ${tolerance}`);
  });
}

/** Runs a trial once and compares what it emits. Returns whether it waits. Throws `WrongResult`. */
export async function checkTrial(
  trial: Trial,
  expected: readonly ArrayLike<number>[],
  tolerance: number,
): Promise<{ waits: boolean }> {
  const results: Float64Array[] = [];
  const collect: Emit = (values) => {
    const { channelsFirst } = trial;
    results.push(channelsFirst === undefined ? Float64Array.from(values) : channelsLast(values, channelsFirst));
  };
  const running = trial.run(collect);
  await running;
  await trial.state?.(collect);
  compare(results, expected, tolerance);
  return { waits: running instanceof Promise };
}
