import { expect, test } from 'vitest';
import { judge, ruleNames } from './judge.ts';

const file = 'ops/clone_test.js';
const error = new Error('no');

test('a test that no list names passes or fails as it does', () => {
  const outcome = { file, title: 'clone > 1D' };
  expect(judge({ ...outcome, error: undefined })).toEqual({ kind: 'passed' });
  expect(judge({ ...outcome, error })).toEqual({ kind: 'failed', error });
});

test('a test that is on a list fails where it passes', () => {
  const outcome = { file, title: 'clone > 1D string dtype' };
  expect(judge({ ...outcome, error })).toMatchObject({ kind: 'excluded', reason: 'makes string tensors' });
  expect(judge({ ...outcome, error: undefined })).toMatchObject({ kind: 'failed' });
});

test('rules can be told apart', () => {
  expect(new Set(ruleNames).size).toBe(ruleNames.length);
});
