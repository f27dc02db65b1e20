import fc from 'fast-check';
import type { Choices } from './draw.ts';
import { ConformanceError, require } from './errors.ts';

/** How many calls are generated for each op, and from which seed. */
export interface Runs {
  readonly runs: number;
  readonly seed: number;
}

/** More than any call asks for; what is asked beyond gets the simplest answer. */
const CHOICES = 96;
const RESOLUTION = 2 ** 16;

/** Of all calls, this part at least must go through: a space of which hardly any does shows nothing. */
const LEAST_ACCEPTED = 1 / 3;

const choices: fc.Arbitrary<number[]> = fc.noBias(
  fc.array(fc.nat(RESOLUTION - 1), { minLength: CHOICES, maxLength: CHOICES }),
);

/** Answers from a list, in order. */
function answers(list: readonly number[]): Choices {
  let next = 0;
  return (count) => Math.floor(((list[next++] ?? 0) * count) / RESOLUTION);
}

/**
 * Runs `check`, which says whether its call went through, with random choices; `begin` starts them over. Where it throws,
 * throws `ConformanceError` with the simplest choices for which it still throws, as `show` prints them.
 */
export async function forAll(
  what: string,
  { runs, seed }: Runs,
  check: (begin: () => Choices) => Promise<boolean>,
  show: (choose: Choices) => Promise<string>,
): Promise<void> {
  let accepted = 0;
  const property = fc.asyncProperty(choices, async (list) => {
    accepted += Number(await check(() => answers(list)));
  });
  const { failed, counterexample, errorInstance, numShrinks } = await fc.check(property, { numRuns: runs, seed });
  if (failed) {
    const call = counterexample ? await show(answers(counterexample[0])) : '';
    const message = errorInstance instanceof Error ? `${errorInstance.name}: ${errorInstance.message}` : errorInstance;
    throw new ConformanceError(
      `${what}: ${message}\n  ${call}\n(generated with seed ${seed}, ${runs} runs; simplified ${numShrinks} times)`,
    );
  }
  require(accepted >= LEAST_ACCEPTED * runs, () =>
    `${what}: of ${runs} generated calls all but ${accepted} are refused: its space is too wide`);
}
