export * from './admission.ts';
export * from './deferred.ts';
export * from './expression.ts';
export * from './formulas.ts';
export { type GraphLimits, type Launch, LIMITS, PointwiseGraph, type Target } from './graph.ts';
export type { Access, Plan, PlanLimits, Source, Step } from './plan.ts';
export { broadcastView, flatView, isFlat, stridedView, type View } from './view.ts';
