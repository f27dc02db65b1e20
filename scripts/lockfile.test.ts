import { expect, test } from 'vitest';
import { lockfileProblems, readLockfile } from './lockfile.ts';

test('the lock file installs on every platform and names no address', () => {
  expect(lockfileProblems(readLockfile())).toEqual([]);
});

test('an address and a missing binary are reported', () => {
  const packages = {
    'node_modules/a': { resolved: 'somewhere', optionalDependencies: { 'a-linux': '1', 'a-mac': '1' } },
  };
  expect(lockfileProblems({ ...packages, 'node_modules/a-linux': {} })).toEqual([
    'node_modules/a is tied to the address somewhere',
    'node_modules/a lacks its optional dependency a-mac',
  ]);
});
