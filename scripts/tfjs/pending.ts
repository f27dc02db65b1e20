import type { Rule } from './exclusions.ts';

/** What tfjs exports and Wengert does not yet, by family. A test that needs one of these may fail. */
export const missing: Readonly<Record<string, readonly string[]>> = {
  sparse: ['sparse.sparseFillEmptyRows', 'sparse.sparseReshape', 'sparse.sparseSegmentMean', 'sparse.sparseSegmentSum'],
};

/** What tfjs has as a method of Tensor only, or Wengert as a function only. */
export const missingMethods: readonly string[] = [];

/** Tests that fail for another reason. */
export const pendingTitles: readonly Rule[] = [
  { file: 'ops/sign_test.js', title: /basic|NaNs|tensor-like/, reason: 'sign(NaN) is 0' },
];
