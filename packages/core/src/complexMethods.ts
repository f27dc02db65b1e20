import { abs, fft, ifft, imag, irfft, real } from './generated/ops.ts';
import type { Method } from './method.ts';

/** The functions of complex numbers as methods of them. */
export interface ComplexMethods {
  /** The magnitudes. */
  readonly abs: Method<typeof abs>;
  /** The real parts. */
  readonly real: Method<typeof real>;
  /** The imaginary parts. */
  readonly imag: Method<typeof imag>;
  /** The discrete Fourier transform along the last axis. */
  readonly fft: Method<typeof fft>;
  /** The inverse of `fft`. */
  readonly ifft: Method<typeof ifft>;
  /** The inverse of `rfft` for an even length. */
  readonly irfft: Method<typeof irfft>;
}

export const complexMethods: Readonly<Record<keyof ComplexMethods, unknown>> = { abs, real, imag, fft, ifft, irfft };
