import { hrtime } from './clock.ts';
import type { Emit, Trial } from './contestant.ts';

/** As few samples as a median can be taken of. */
const MIN_SAMPLES = 3;

/** What is read of each result, so that nothing can be left undone. */
let touched = 0;
const touch: Emit = (values) => {
  touched += values[values.length - 1];
};

/** Times a trial for about `seconds`. Returns milliseconds of one run, a figure for each sample. */
export async function timeTrial(trial: Trial, waits: boolean, seconds: number): Promise<number[]> {
  // Loaded only here, so that it takes no part in what memory is measured.
  const { default: benchmarkJs } = await import('benchmark');
  const Benchmark = benchmarkJs.runInContext({ process: { hrtime } }) as typeof benchmarkJs;
  return new Promise((resolve, reject) => {
    let failure: unknown;
    const benchmark = new Benchmark({
      name: 'trial',
      defer: waits,
      maxTime: seconds,
      minSamples: MIN_SAMPLES,
      fn: waits
        ? (deferred: { resolve(): void }) => {
            (trial.run(touch) as Promise<void>).then(
              () => deferred.resolve(),
              (error) => {
                failure = error;
                benchmark.abort();
                reject(error);
              },
            );
          }
        : () => {
            trial.run(touch);
          },
      onError: ({ target }: { target: { error?: unknown } }) => {
        failure = target.error ?? new Error('the run failed');
      },
      onComplete: () => {
        if (failure !== undefined) reject(failure);
        else if (Number.isNaN(touched)) reject(new Error('a result was NaN while it was timed'));
        else resolve(benchmark.stats.sample.map((time) => time * 1000));
      },
    });
    benchmark.run({ async: false });
  });
}
