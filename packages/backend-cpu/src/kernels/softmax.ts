import { around, type Block, type KernelTable, type Output, type TypedArray } from '@wengert/core/functions';
import { perDType } from '../own.ts';
import { type CpuStorage, make, reshaped, view } from '../storage.ts';

/** What is stored: the normalised exponentials, their logarithms, or only the logarithm of the sum. */
type Kind = 'softmax' | 'logSoftmax' | 'logSumExp';

/** Lines of `length` elements that are `after` apart. Subtracting the maximum keeps the exponentials finite. */
const softmaxLoop = perDType(
  (kind: Kind, out: TypedArray, x: TypedArray, before: number, length: number, after: number): void => {
    const exponentials = new Float64Array(length);
    for (let line = 0; line < before * after; line++) {
      const first = line + ((line - (line % after)) / after) * (length - 1) * after;
      const end = first + length * after;
      let max = -Infinity;
      for (let i = first; i < end; i += after) max = Math.max(max, x[i]);
      // An infinite maximum of a sum of exponentials is its own answer; in a softmax it gives NaN, as it should.
      const shift = kind === 'logSumExp' && (max === Infinity || max === -Infinity) ? 0 : max;
      let sum = 0;
      for (let i = first, k = 0; i < end; i += after, k++) {
        const exponential = Math.exp(x[i] - shift);
        exponentials[k] = exponential;
        sum += exponential;
      }
      const log = Math.log(sum);
      if (kind === 'logSumExp') out[line] = shift + log;
      else if (kind === 'softmax') for (let i = first, k = 0; i < end; i += after, k++) out[i] = exponentials[k] / sum;
      else for (let i = first; i < end; i += after) out[i] = x[i] - shift - log;
    }
  },
);

function normalised(kind: Kind, x: Block, axis: number, out: Output): CpuStorage {
  const result = make(out);
  softmaxLoop(x.dtype)(kind, result.data, view(x), ...around(x.shape, axis));
  return result;
}

/** The exponentials that are normalised by their sum. */
export const softmax: KernelTable = {
  softmax: ([x], { axis }, [out]) => [normalised('softmax', x, axis, out)],
  logSoftmax: ([x], { axis }, [out]) => [normalised('logSoftmax', x, axis, out)],

  logSumExp([x], { axes }, [out]) {
    // Neighbouring axes are one; others are left to the decomposition.
    const first = axes[0] ?? 0;
    if (axes.some((axis, i) => axis !== first + i)) return null;
    const length = axes.reduce((product, axis) => product * x.shape[axis], 1);
    const shape = [...x.shape.slice(0, first), length, ...x.shape.slice(first + axes.length)];
    return [normalised('logSumExp', reshaped(x, shape), first, out)];
  },
};
