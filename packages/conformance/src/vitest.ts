import type { Backend } from '@wengert/core';
import { describe, test } from 'vitest';
import { conformanceCases } from './conformanceCases.ts';
import type { ConformanceOptions } from './suites/suite.ts';

/**
 * The conformance suite as vitest tests.
 * @example no-run: it declares tests
 * import { createCpuBackend } from '@wengert/backend-cpu';
 * import { describeBackend } from '@wengert/conformance/vitest';
 * describeBackend('cpu', createCpuBackend, { expect: { matMul: 'kernel' }, skip: { eigh: 'the reason why it fails' } });
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
