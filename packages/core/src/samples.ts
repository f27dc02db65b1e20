export * from './generated/samples.ts';
export type { BadSample, BadSamples, Generator, Samples } from './sampling.ts';
