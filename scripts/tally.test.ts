import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { addTallies, readTally } from './tally.ts';

const folder = mkdtempSync(join(tmpdir(), 'wengert-tally-'));
afterAll(() => rmSync(folder, { recursive: true }));

function report(numPassedTests: number, numFailedTests: number, testResults: object[] = []): string {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify({ numPassedTests, numFailedTests, testResults }));
  return file;
}

test('the counts are those of the report', () => {
  const failedFile = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] };
  expect(readTally(report(3, 0), true)).toEqual({ passed: 3, failed: 0 });
  expect(readTally(report(3, 1, [failedFile]), false)).toEqual({ passed: 3, failed: 1 });
});

test('a file that could not be loaded is a failure', () => {
  const broken = { status: 'failed', assertionResults: [] };
  expect(readTally(report(3, 0, [broken, broken]), false)).toEqual({ passed: 3, failed: 2 });
});

test('a run that failed for another reason, or left no report, is a failure', () => {
  expect(readTally(report(3, 0), false)).toEqual({ passed: 3, failed: 1 });
  expect(readTally(join(folder, 'missing.json'), true)).toEqual({ passed: 0, failed: 1 });
});

test('tallies add up', () => {
  expect(
    addTallies([
      { passed: 1, failed: 2 },
      { passed: 3, failed: 4 },
    ]),
  ).toEqual({ passed: 4, failed: 6 });
});
