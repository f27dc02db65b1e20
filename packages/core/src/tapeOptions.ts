import { isFloating } from './dtype.ts';
import { ArgumentError, DTypeError } from './errors.ts';
import { describe } from './nested.ts';
import { Tensor } from './tensor.ts';
import type { MapTree, Tree } from './tree.ts';

/** Options of `GradientTape`. */
export interface TapeOptions {
  /** Allows more than one gradient, until the tape is disposed. */
  readonly persistent?: boolean;
  /** Watches trainable variables when they are read. Default: true. */
  readonly watchAccessedVariables?: boolean;
}

/** What stands for the gradient with respect to a source that the target does not depend on. */
export type Unconnected = 'none' | 'zero';

/** Options of `GradientTape.gradient`. */
export interface GradientOptions<U extends Unconnected = Unconnected> {
  /** Cotangents of the targets, in their structure. Default: ones. */
  readonly outputGradients?: Tree;
  /** 'none' gives null, 'zero' gives zeros of the source's shape. Default: 'none'. */
  readonly unconnectedGradients?: U;
}

/** Options of `GradientTape.jacobian`. */
export type JacobianOptions<U extends Unconnected = Unconnected> = Pick<GradientOptions<U>, 'unconnectedGradients'>;

/** The structure of the sources with a gradient for each. */
export type Gradients<S, U extends Unconnected> = MapTree<S, U extends 'zero' ? Tensor : Tensor | null>;

/** Throws `ArgumentError` unless it is one of the two. */
export function checkUnconnected(unconnected: Unconnected = 'none'): Unconnected {
  if (unconnected !== 'none' && unconnected !== 'zero') {
    throw new ArgumentError(
      `GradientTape: unconnectedGradients must be 'none' or 'zero', got ${describe(unconnected)}`,
    );
  }
  return unconnected;
}

/** Throws unless the target of a Jacobian is one floating tensor. */
export function checkTarget(action: string, target: Tensor): void {
  if (!(target instanceof Tensor)) {
    throw new ArgumentError(`GradientTape.${action}: the target must be one tensor, got ${describe(target)}`);
  }
  if (!isFloating(target.dtype)) {
    throw new DTypeError(`GradientTape.${action}: the target must be floating, got ${target.dtype}`);
  }
}
