import type { Backend } from '@wengert/core';
import { describe, test } from 'vitest';
import { conformanceCases } from './conformanceCases.ts';
import type { ConformanceOptions } from './suites/suite.ts';

/**
 * The conformance suite as vitest tests.
 * @example
 * describeBackend('mine', createMyBackend, { expect: { matMul: 'kernel' }, skip: { eigh: 'no iterative kernels yet' } });
 */
export function describeBackend(
  name: string,
  factory: () => Backend | Promise<Backend>,
  options: ConformanceOptions = {},
): void {
  describe(name, () => {
    for (const { name: title, run } of conformanceCases(name, factory, options)) test(title, run, 30_000);
  });
}
