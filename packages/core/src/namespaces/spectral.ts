export { fft, ifft, irfft, rfft } from '../generated/ops.ts';
