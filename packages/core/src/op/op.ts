import type { Backend, Kernel, Spec } from '../backend.ts';
import type { Tensor } from '../tensor.ts';
import type { Values } from './host.ts';

/** Cotangents or tangents of several tensors; null stands for zeros that nobody has to compute. */
export type Cotangents = readonly (Tensor | null)[];

/** The derivative of an op: its pullback, and where it is cheaper than transposing that one twice, its pushforward. */
export interface Rule<A = unknown> {
  /**
   * Cotangents of the inputs from those of the outputs, in ops of the same set. Only the entries with `needs[i]` are
   * used. Inputs and outputs that the op does not save have a shape and a dtype but no values.
   */
  vjp(
    cotangents: Cotangents,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    attrs: A,
    needs: readonly boolean[],
  ): Cotangents;
  /** Tangents of the outputs from those of the inputs. */
  jvp?(tangents: Cotangents, inputs: readonly Tensor[], outputs: readonly Tensor[], attrs: A): Cotangents;
}

/**
 * What a rule reads the values of: input numbers and 'y' for the outputs, or 'others' where the cotangent of an input
 * needs all inputs but that one.
 */
export type Saves = readonly (number | 'y')[] | 'others';

/** An operation: one named function of tensors that backends may have a kernel for. */
export interface Op<A = unknown> {
  readonly name: string;
  /** null: declared non-differentiable. undefined: none yet, which is an error where a derivative passes. */
  readonly rule: Rule<A> | null | undefined;
  readonly saves: Saves;
  /** The outputs' shapes and dtypes. Throws `ShapeError` or `DTypeError` where the inputs do not fit. */
  infer(inputs: readonly Spec[], attrs: A): readonly Spec[];
  /** The op in terms of others. */
  compose?(inputs: readonly Tensor[], attrs: A): readonly Tensor[];
  /** The op on the host, for backends that lend their memory and have no kernel of their own. */
  host?(inputs: readonly Values[], attrs: A, outputs: readonly Values[]): void;
  /** The output is the input's storage under another shape: there is nothing to compute. */
  readonly shares?: boolean;
  /** What was found when a kernel was last asked for; absent where it is not to be remembered. @internal */
  served?: Service | null;
}

/** The kernel that serves an op on a backend. */
export interface Service {
  readonly backend: Backend;
  readonly kernel: Kernel | undefined;
}

/** An op whose optional parts may be undefined. */
type Parts<A> = Omit<Op<A>, 'compose' | 'host' | 'shares' | 'served'> & {
  readonly [K in 'compose' | 'host' | 'shares']?: Op<A>[K] | undefined;
};

/** An op with all fields that there may be, in one order: all ops pass through code that engines then compile for that. */
/* @__NO_SIDE_EFFECTS__ */
export function operation<A>({ name, rule, saves, infer, compose, host, shares }: Parts<A>): Op<A> {
  return { name, rule, saves, infer, compose, host, shares, served: null } as Op<A>;
}

/** An op that can be called. `I` are its tensors, `A` its attributes, `O` what it returns. */
export interface OpFunction<I extends readonly Tensor[], A, O extends Tensor | readonly Tensor[]> {
  (inputs: I, attrs: A): O;
  readonly op: Op<A>;
}

/** The attributes of an op that has none. */
export interface NoAttrs {
  readonly [name: string]: never;
}

/** What an op without attributes is called with. */
export const NO_ATTRS: NoAttrs = /* @__PURE__ */ Object.freeze({});
