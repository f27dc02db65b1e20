import { Tensor } from '@wengert/core';
import { expect, test } from 'vitest';
import { judge, ruleNames } from './judge.ts';
import { missing, missingMethods } from './pending.ts';
import { tf } from './tf.ts';

const file = 'ops/clone_test.js';
const error = new Error('no');

test('a test that no list names passes or fails as it does', () => {
  const outcome = { file, title: 'clone > 1D', absent: [] };
  expect(judge({ ...outcome, error: undefined })).toEqual({ kind: 'passed' });
  expect(judge({ ...outcome, error })).toEqual({ kind: 'failed', error });
});

test('a test that is on a list fails where it passes', () => {
  const outcome = { file, title: 'clone > 1D string dtype', absent: [] };
  expect(judge({ ...outcome, error })).toMatchObject({ kind: 'excluded', reason: 'makes string tensors' });
  expect(judge({ ...outcome, error: undefined })).toMatchObject({ kind: 'failed' });
});

test('a test may fail for want of what is listed as missing, and only for that', () => {
  const outcome = { file, title: 'clone > 1D', error };
  for (const [family, names] of Object.entries(missing)) {
    expect(judge({ ...outcome, absent: names.slice(0, 1) })).toEqual({
      kind: 'pending',
      reason: `${family}: ${names[0]}`,
    });
  }
  expect(judge({ ...outcome, absent: ['unheardOf'] })).toEqual({ kind: 'failed', error });
});

test('what is listed as missing is missing', () => {
  for (const name of Object.values(missing).flat()) {
    const [group, member] = name.split('.');
    const found = member === undefined ? tf[name] : (tf[group] as Record<string, unknown>)[member];
    expect({ name, exists: found !== undefined }).toEqual({ name, exists: false });
  }
  expect(missingMethods.filter((name) => name in Tensor.prototype)).toEqual([]);
});

test('rules can be told apart', () => {
  expect(new Set(ruleNames).size).toBe(ruleNames.length);
});
