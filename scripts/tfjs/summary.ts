import type { Plugin } from 'vitest/config';
import type { Vitest } from 'vitest/node';
import { ruleNames, type Verdict } from './judge.ts';

/** What a test tells about itself, beside whether it passed. */
export interface Result {
  readonly kind: Verdict['kind'];
  readonly reason?: string | undefined;
  readonly rule?: string | undefined;
}

function resultsOf(vitest: Vitest): Result[] {
  return vitest.state
    .getTestModules()
    .flatMap((module) => [...module.children.allTests()])
    .flatMap((test) => {
      const { tfjs } = test.meta() as { tfjs?: Result };
      return tfjs ? [tfjs] : [];
    });
}

async function report(vitest: Vitest): Promise<void> {
  const results = resultsOf(vitest);
  const count = (kind: Result['kind']): number => results.filter((result) => result.kind === kind).length;
  const excluded = count('excluded');
  const numbers = {
    denominator: results.length - excluded,
    passed: count('passed'),
    excluded,
  };
  console.log(
    Object.entries(numbers)
      .map(([name, n]) => `${name} ${n}`)
      .join(', '),
  );
  const used = new Set(results.map(({ rule }) => rule));
  const files = await vitest.globTestSpecifications();
  const whole = files.length === vitest.state.getTestModules().length && !vitest.config.testNamePattern;
  for (const name of whole ? ruleNames.filter((rule) => !used.has(rule)) : []) {
    console.error(`A rule fits no test, take it off the list: ${name}`);
    process.exitCode = 1;
  }
}

/** Prints how many of tfjs's tests pass, and fails the run where a rule of the list fits no test. */
export function summary(): Plugin {
  return {
    name: 'tfjs-summary',
    configureVitest({ vitest }) {
      vitest.onClose(() => report(vitest));
    },
  };
}
