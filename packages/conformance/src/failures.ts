import type { Case } from './suites/suite.ts';

/** Runs cases and gives the names of those that fail, in tests of the suite itself. */
export async function failures(cases: Iterable<Case>): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of cases) {
    try {
      await run();
    } catch {
      failed.push(name);
    }
  }
  return failed;
}
