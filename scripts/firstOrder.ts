// Runs the first-order checks of the mathematics suite and prints, as JSON, each case's ops and whether it failed.
// scripts/mutations.ts bundles it with a core of its own.
import { observe } from '@wengert/core';
import { mathematicsCases } from '../packages/conformance/src/mathematicsCases.ts';

/** One check: which ops it dispatched, and how it ended. */
export interface Result {
  readonly name: string;
  readonly ops: readonly string[];
  readonly failed: boolean;
}

const results: Result[] = [];
for (const { name, run } of mathematicsCases({ order: 1 })) {
  const ops = new Set<string>();
  const stop = observe(({ op }) => ops.add(op));
  let failed = false;
  try {
    await run();
  } catch {
    failed = true;
  }
  stop();
  results.push({ name, ops: [...ops], failed });
}
process.stdout.write(JSON.stringify(results));
