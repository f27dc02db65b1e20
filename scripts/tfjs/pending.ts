import type { Rule } from './exclusions.ts';

/** What tfjs exports and Wengert does not yet, by family. A test that needs one of these may fail. */
export const missing: Readonly<Record<string, readonly string[]>> = {
  sparse: ['sparse.sparseFillEmptyRows', 'sparse.sparseReshape', 'sparse.sparseSegmentMean', 'sparse.sparseSegmentSum'],
  'scatter and gather': [
    'batchToSpaceND',
    'spaceToBatchND',
    'depthToSpace',
    'sparseToDense',
    'tensorScatterUpdate',
    'booleanMaskAsync',
    'whereAsync',
  ],
  'linear algebra': ['einsum', 'norm', 'euclideanNorm'],
  reductions: ['all', 'any', 'bincount', 'cumprod', 'denseBincount'],
  arithmetic: ['addN', 'bitwiseAnd', 'divNoNan'],
  shape: ['broadcastArgs', 'ensureShape', 'meshgrid', 'mirrorPad', 'diag'],
  'sets and search': ['inTopKAsync', 'lowerBound', 'searchSorted', 'setdiff1dAsync', 'unique', 'upperBound'],
  'random numbers': ['multinomial', 'rand', 'randomGamma', 'randomStandardNormal', 'randomUniformInt'],
  'recurrence and averages': ['math.confusionMatrix'],
  optimizers: [
    'train.adadelta',
    'train.adagrad',
    'train.adamax',
    'train.momentum',
    'train.rmsprop',
    'SGDOptimizer',
    'AdamOptimizer',
  ],
  'the program around the ops': ['buffer', 'test_util', 'util.randUniform'],
};

/** What tfjs has as a method of Tensor only, or Wengert as a function only. */
export const missingMethods: readonly string[] = [];

/** Tests that fail for another reason. */
export const pendingTitles: readonly Rule[] = [
  { title: /after loading weights|get weights: empty/, reason: 'optimizers: getWeights' },
  { title: /(maximum|minimum) > bool and bool/, reason: 'int32 from bools' },
  { title: /eye > 3x3, (int32|bool)/, reason: 'null as batchShape' },
  { title: /(should return a|randon) (int32 \dD|\dD int32)/, reason: 'int32 numbers are rounded' },
  {
    file: 'ops/scatter_nd_test.js',
    title: /for (2d|simple|multiple|tensorLike)|duplicated/,
    reason: 'indices of rank 1',
  },
  { file: 'ops/sign_test.js', title: /basic|NaNs|tensor-like/, reason: 'sign(NaN) is 0' },
  { title: /kernel > with int32 tensor/, reason: 'the dtype of step' },
  { title: /ignores negative segmentIds/, reason: 'negative segments' },
  { title: /null shape/, reason: 'ensureShape' },
];
