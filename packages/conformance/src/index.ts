export { type CheckGradientsOptions, checkGradients } from './checkGradients.ts';
export { conformanceCases } from './conformanceCases.ts';
export { declarations } from './declarations.ts';
export { ConformanceError } from './errors.ts';
export { type Entry, GradientCheckError, type GradientCheckReport, type Mode } from './gradientCheckError.ts';
export { type MathematicsOptions, mathematicsCases } from './mathematicsCases.ts';
export type { Case, ConformanceOptions } from './suites/suite.ts';
