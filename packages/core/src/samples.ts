export * from './generated/samples.ts';
export type { Axes, BadSample, BadSamples, Draw, Generator, Samples, Space } from './sampling.ts';
