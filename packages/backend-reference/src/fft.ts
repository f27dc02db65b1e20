import type { KernelTable } from '@wengert/core/functions';
import { store, valuesOf } from './storage.ts';

/** The discrete Fourier transform as it is defined: Xₖ = Σⱼ xⱼ e^(∓2πijk/n). */
export const fftKernels: KernelTable = {
  fft: ([re, im], { inverse }, [outRe, outIm]) => {
    const n = re.shape[re.shape.length - 1];
    const [x, y] = [valuesOf(re), valuesOf(im)];
    const turn = (inverse ? 2 : -2) * Math.PI;
    const cos = Float64Array.from({ length: n }, (_, j) => Math.cos((turn * j) / n));
    const sin = Float64Array.from({ length: n }, (_, j) => Math.sin((turn * j) / n));
    const [resultRe, resultIm] = [new Float64Array(x.length), new Float64Array(x.length)];
    for (let at = 0; at < x.length; at++) {
      const k = at % n;
      for (let j = 0, angle = 0; j < n; j++, angle = (angle + k) % n) {
        const from = at - k + j;
        resultRe[at] += x[from] * cos[angle] - y[from] * sin[angle];
        resultIm[at] += x[from] * sin[angle] + y[from] * cos[angle];
      }
      if (inverse) {
        resultRe[at] /= n;
        resultIm[at] /= n;
      }
    }
    return [store(outRe, resultRe), store(outIm, resultIm)];
  },
};
