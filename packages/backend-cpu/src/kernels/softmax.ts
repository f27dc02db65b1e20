import type { Block, Output, TypedArray } from '@wengert/core';
import type { KernelTable } from '../kernelTable.ts';
import { perDType } from '../own.ts';
import { type CpuStorage, make, reshaped, view } from '../storage.ts';
import { around } from '../strides.ts';

/** What is stored: the normalised exponentials, their logarithms, or only the logarithm of the sum. */
type Kind = 'softmax' | 'logSoftmax' | 'logSumExp';

/** One line of `length` elements that are `step` apart. Subtracting the maximum keeps the exponentials finite. */
const softmaxLoop = perDType(
  (
    kind: Kind,
    out: TypedArray,
    o: number,
    x: TypedArray,
    first: number,
    step: number,
    length: number,
    exponentials: Float64Array,
  ): void => {
    const end = first + length * step;
    let max = -Infinity;
    for (let i = first; i < end; i += step) max = Math.max(max, x[i]);
    // An infinite maximum of a sum of exponentials is its own answer; in a softmax it gives NaN, as it should.
    const shift = kind === 'logSumExp' && (max === Infinity || max === -Infinity) ? 0 : max;
    let sum = 0;
    if (kind === 'softmax') {
      for (let i = first, k = 0; i < end; i += step, k++) {
        exponentials[k] = Math.exp(x[i] - shift);
        sum += exponentials[k];
      }
      for (let k = 0; k < length; k++, o += step) out[o] = exponentials[k] / sum;
      return;
    }
    for (let i = first; i < end; i += step) sum += Math.exp(x[i] - shift);
    const log = Math.log(sum);
    if (kind === 'logSumExp') out[o] = shift + log;
    else for (let i = first; i < end; i += step, o += step) out[o] = x[i] - shift - log;
  },
);

function normalised(kind: Kind, x: Block, axis: number, out: Output): CpuStorage {
  const [before, length, after] = around(x.shape, axis);
  const result = make(out);
  const exponentials = new Float64Array(kind === 'softmax' ? length : 0);
  const loop = softmaxLoop(x.dtype);
  for (let i = 0; i < before; i++) {
    for (let k = 0; k < after; k++) {
      const first = i * length * after + k;
      loop(
        kind,
        result.data,
        kind === 'logSumExp' ? i * after + k : first,
        view(x),
        first,
        after,
        length,
        exponentials,
      );
    }
  }
  return result;
}

/** The exponentials that are normalised by their sum. */
export const softmax: Partial<KernelTable> = {
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
