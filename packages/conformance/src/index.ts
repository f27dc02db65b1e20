export { conformanceCases } from './conformanceCases.ts';
export { declarations } from './declarations.ts';
export { ConformanceError } from './errors.ts';
export type { Case, ConformanceOptions } from './suites/suite.ts';
