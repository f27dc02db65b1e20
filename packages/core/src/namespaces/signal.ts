export { frame, hammingWindow, hannWindow, stft } from '../generated/ops.ts';
