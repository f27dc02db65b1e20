import type { Backend, Kernel } from './backend.ts';
import { ArgumentError } from './errors.ts';
import type { Op, Rule } from './op/op.ts';

const kernels: Map<string, Map<string, Kernel>> = new Map();
const rules: Map<Op, Rule> = new Map();
/** The ops that remember what was found for them: weakly, since programs may make ops and drop them. */
const remembering: WeakRef<Op>[] = [];

/**
 * Gives the backend called `backend` a kernel for `op`, which takes precedence over the backend's own. Returns the undo.
 * @example
 * const undo = registerKernel('cpu', neg.op, () => null);
 * neg([1]); // throws UnsupportedOpError: neg
 * undo();
 * neg([1]).print(); // [-1]
 */
export function registerKernel<A>(backend: string, op: Op<A>, kernel: Kernel<A>): () => void {
  if (typeof op?.name !== 'string' || typeof kernel !== 'function') {
    throw new ArgumentError(
      "registerKernel: give a backend's name, an op (as in `neg.op`) and a kernel; tfjs's single configuration object is not taken",
    );
  }
  const table = kernels.get(backend) ?? new Map<string, Kernel>();
  const before = table.get(op.name);
  kernels.set(backend, table.set(op.name, kernel as Kernel));
  forgetKernels();
  return () => {
    forgetKernels();
    if (before === undefined) table.delete(op.name);
    else table.set(op.name, before);
  };
}

/** The kernel that serves `op` on `backend`: a registered one, else the backend's own. */
export function kernelFor<A>(backend: Backend, op: Op<A>): Kernel | undefined {
  const { served } = op;
  if (served && served.backend === backend) return served.kernel;
  const kernel = kernels.get(backend.name)?.get(op.name) ?? backend.kernels.get(op.name);
  if (served === null) remembering.push(new WeakRef<Op>(op as Op));
  if (served !== undefined) op.served = { backend, kernel };
  return kernel;
}

/** Has ops look for their kernels again, and lets go of the backends that served them. */
export function forgetKernels(): void {
  for (const ref of remembering.splice(0)) {
    const op = ref.deref();
    if (op !== undefined) op.served = null;
  }
}

/**
 * Replaces the gradient rule of `op` for everything recorded from now on. Returns the undo.
 * @example
 * const undo = registerGradient(round.op, { vjp: ([g]) => [g] });
 * grad(round)(2.4).print(); // 1
 * undo();
 * grad(round)(2.4).print(); // 0
 */
export function registerGradient<A>(op: Op<A>, rule: Rule<A>): () => void {
  const before = rules.get(op);
  rules.set(op, rule);
  return () => {
    if (before === undefined) rules.delete(op);
    else rules.set(op, before);
  };
}

/**
 * Runs `f` with another gradient rule for `op`: straight-through estimators, clipping, experiments.
 * @example
 * withGradient(round.op, { vjp: ([g]) => [g] }, () => grad(round)(2.4)).print(); // 1
 */
export function withGradient<A, R>(op: Op<A>, rule: Rule<A>, f: () => R): R {
  const undo = registerGradient(op, rule);
  try {
    return f();
  } finally {
    undo();
  }
}

/** The gradient rule of `op` in force: null where it is declared non-differentiable, undefined where there is none. */
export function ruleOf(op: Op): Rule | null | undefined {
  return (rules.size > 0 ? rules.get(op) : undefined) ?? op.rule;
}

/** Whether somebody replaced the op's own gradient rule. */
export function hasOwnRule(op: Op): boolean {
  return rules.size > 0 && rules.has(op);
}
