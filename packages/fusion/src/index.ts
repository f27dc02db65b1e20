export * from './admission.ts';
export { Deferred, type Operand } from './deferred.ts';
export { type Evaluate, evaluator, type NumberFunction, operations } from './evaluate.ts';
export * from './expression.ts';
export * from './formulas.ts';
export { type GraphLimits, type Launch, type Leaf, LIMITS, PointwiseGraph, type Target } from './graph.ts';
export type { Access, Plan, PlanLimits, Source, Step } from './plan.ts';
export { broadcastView, flatView, isFlat, placeOf, stridedView, type View } from './view.ts';
