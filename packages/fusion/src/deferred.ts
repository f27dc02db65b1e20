import type { ScalarType } from './expression.ts';
import type { Formula } from './formulas.ts';
import { flatView, type View } from './view.ts';

/** No step of the plan. */
export const NOWHERE: number = -1;

/** What a pending node is computed from: another node, as it is seen from here. */
export interface Operand<S extends object, I> {
  readonly node: Deferred<S, I>;
  readonly view: View;
}

/**
 * A tensor whose values may still have to be computed: what a backend hands out as a storage. It is a number of the
 * host, or has a value, or a formula over others, until it gets one. `I` is what the backend knows of it beforehand.
 */
export class Deferred<S extends object, I> {
  readonly size: number;
  readonly info: I;
  /** The values, once they are there. */
  value: S | null = null;
  /** The number of a scalar that came from the host. @internal */
  readonly scalar: { readonly value: number; readonly type: ScalarType } | null;
  /** @internal */
  readonly formula: Formula | null;
  /** Empty once there is a value. @internal */
  operands: readonly Operand<S, I>[] = [];
  /** How many operands of pending nodes this is. @internal */
  uses = 0;
  /** Core holds it. @internal */
  claimed = true;
  /** It will be read again: a tape holds it, or it left the scope of its birth. @internal */
  kept = false;
  /** Some launch computed it on the way to something else. @internal */
  passed = false;
  /** No fewer than the pending ops, and the values, that it is made of. @internal */
  ops = 0;
  /** @internal */
  inputs = 1;
  /** The planning that saw it last, and what that knows: uses within the plan, its step, and the view of it. @internal */
  seenBy = 0;
  /** @internal */
  within = 0;
  /** @internal */
  step: number = NOWHERE;
  /** @internal */
  view: View = flatView(1);

  /** @internal */
  constructor(size: number, info: I, formula: Formula | null, scalar: Deferred<S, I>['scalar'] = null) {
    this.size = size;
    this.info = info;
    this.formula = formula;
    this.scalar = scalar;
  }

  /** Whether there is something left to compute. */
  get pending(): boolean {
    return this.value === null && this.formula !== null;
  }
}
