export { sparseFillEmptyRows, sparseReshape, sparseSegmentMean, sparseSegmentSum } from '../generated/ops.ts';
