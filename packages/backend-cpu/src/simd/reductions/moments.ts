import type { KernelTable } from '@wengert/core/functions';
import { countOf } from '../../kernels/reductions.ts';
import { onHeap } from '../access.ts';
import { sumOfFloats } from './folds.ts';
import { reduction, sum } from './reductions.ts';

const spread = /* @__PURE__ */ reduction({ float32: sumOfFloats }, true);

/** Means and variances of float32; of the second pass nothing is lost where the mean is large. */
export const moments: KernelTable = {
  moments: onHeap(([x], { axes }, [out]) => {
    const count = countOf(x, axes);
    const mean = x.dtype === 'float32' ? sum(x, axes, out, count) : null;
    if (mean === null) return null;
    const variance = spread(x, axes, out, count, { ...out, storage: mean[0] });
    return variance && [mean[0], variance[0]];
  }),
};
