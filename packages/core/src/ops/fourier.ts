import type { HostKernel } from '../op/host.ts';

/** The discrete Fourier transform of `n` complex numbers in place; `re` and `im` change places for the inverse. */
type Transform = (re: Float64Array, im: Float64Array) => void;

/** Cooley and Tukey's algorithm for n a power of two. */
function radix2(n: number): Transform {
  const cos = new Float64Array(n / 2);
  const sin = new Float64Array(n / 2);
  for (let k = 0; k < n / 2; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / n);
    sin[k] = -Math.sin((2 * Math.PI * k) / n);
  }
  return (re, im) => {
    for (let i = 1, j = 0; i < n; i++) {
      let bit = n >> 1;
      for (; j & bit; bit >>= 1) j ^= bit;
      j ^= bit;
      if (i < j) {
        [re[i], re[j]] = [re[j], re[i]];
        [im[i], im[j]] = [im[j], im[i]];
      }
    }
    for (let half = 1; half < n; half *= 2) {
      const step = n / (2 * half);
      for (let start = 0; start < n; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const [a, b] = [start + k, start + k + half];
          const c = cos[k * step];
          const s = sin[k * step];
          const x = re[b] * c - im[b] * s;
          const y = re[b] * s + im[b] * c;
          re[b] = re[a] - x;
          im[b] = im[a] - y;
          re[a] += x;
          im[a] += y;
        }
      }
    }
  };
}

/** Bluestein's algorithm for any n: a convolution with a chirp, done at the next power of two. */
function chirp(n: number): Transform {
  let m = 1;
  while (m < 2 * n - 1) m *= 2;
  const transform = radix2(m);
  const cos = new Float64Array(n);
  const sin = new Float64Array(n);
  const filterRe = new Float64Array(m);
  const filterIm = new Float64Array(m);
  for (let k = 0; k < n; k++) {
    // k² modulo 2n keeps the angle small, hence exact.
    const angle = (Math.PI * ((k * k) % (2 * n))) / n;
    cos[k] = filterRe[k] = filterRe[(m - k) % m] = Math.cos(angle);
    sin[k] = filterIm[k] = filterIm[(m - k) % m] = Math.sin(angle);
  }
  transform(filterRe, filterIm);
  const re = new Float64Array(m);
  const im = new Float64Array(m);
  return (outRe, outIm) => {
    re.fill(0);
    im.fill(0);
    for (let k = 0; k < n; k++) {
      re[k] = outRe[k] * cos[k] + outIm[k] * sin[k];
      im[k] = outIm[k] * cos[k] - outRe[k] * sin[k];
    }
    transform(re, im);
    for (let k = 0; k < m; k++) {
      const x = re[k] * filterRe[k] - im[k] * filterIm[k];
      im[k] = re[k] * filterIm[k] + im[k] * filterRe[k];
      re[k] = x;
    }
    transform(im, re);
    for (let k = 0; k < n; k++) {
      outRe[k] = (re[k] * cos[k] + im[k] * sin[k]) / m;
      outIm[k] = (im[k] * cos[k] - re[k] * sin[k]) / m;
    }
  };
}

/** The Fourier transform along the last axis, in double. */
export const fourier: HostKernel<{ readonly inverse: boolean }> = ([real, imaginary], { inverse }, [outRe, outIm]) => {
  const n = real.shape[real.shape.length - 1];
  if (outRe.data.length === 0) return;
  const transform = (n & (n - 1)) === 0 ? radix2(n) : chirp(n);
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  for (let start = 0; start < outRe.data.length; start += n) {
    re.set(real.data.subarray(start, start + n));
    im.set(imaginary.data.subarray(start, start + n));
    if (inverse) transform(im, re);
    else transform(re, im);
    const scale = inverse ? 1 / n : 1;
    for (let k = 0; k < n; k++) {
      outRe.data[start + k] = re[k] * scale;
      outIm.data[start + k] = im[k] * scale;
    }
  }
};
