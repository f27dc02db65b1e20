import type { Rule } from './exclusions.ts';

/** What tfjs exports and Wengert does not yet, by family. A test that needs one of these may fail. */
export const missing: Readonly<Record<string, readonly string[]>> = {};

/** What tfjs has as a method of Tensor only, or Wengert as a function only. */
export const missingMethods: readonly string[] = [];

/** Tests that fail for another reason. */
export const pendingTitles: readonly Rule[] = [];
