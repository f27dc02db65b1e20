import { createReferenceBackend } from '@wengert/backend-reference';
import { type Backend, isFloating, Tensor, type TensorLike, tidy, toTensor } from '@wengert/core';
import { checkDerivatives, type Level } from './checkDerivatives.ts';
import type { Mode } from './gradientCheckError.ts';
import { type Point, pointOf } from './pointOnHost.ts';
import { randomFrom } from './random.ts';
import { tensorsIn } from './trees.ts';
import { onBackend } from './trial.ts';

/** Options of `checkGradients`. */
export interface CheckGradientsOptions {
  /** The highest derivative that is checked. Default: 2. */
  readonly order?: 1 | 2 | 3;
  /** Default: both. */
  readonly modes?: readonly Mode[];
  /** The step of the differences. Default: 1e-4, for inputs around 1. */
  readonly eps?: number;
  /** The error allowed relative to the derivative. Default: 1e-7. */
  readonly rtol?: number;
  /** The error allowed relative to the values of the function, whose rounding the differences magnify. Default: 1e-9. */
  readonly atol?: number;
  /** Where `f` runs; it must store float64 and be readable synchronously. Default: the reference backend. */
  readonly backend?: Backend;
  /** What the function is called in messages. Default: its own name. */
  readonly name?: string;
}

/**
 * Checks the derivatives of `f` at `inputs` in float64: the pullback and the pushforward against central differences
 * along random directions and against each other, then the same for the pullback as a function of its own. Float inputs
 * are differentiated, int32 and bool ones are passed along. Throws `GradientCheckError`, with both Jacobians printed.
 * `f` must be smooth within a few `eps` around `inputs`, and make what it needs from them.
 * @example
 * checkGradients((x, w) => tanh(matMul(x, w)), [[[0.1, 0.2]], [[0.3], [0.4]]], { order: 3 });
 */
export function checkGradients(
  f: (...inputs: Tensor[]) => unknown,
  inputs: readonly TensorLike[],
  options: CheckGradientsOptions = {},
): void {
  const { order = 2, modes = ['reverse', 'forward'], eps = 1e-4, rtol = 1e-7, atol = 1e-9 } = options;
  const { backend = createReferenceBackend(), name = f.name || 'f' } = options;
  onBackend(backend, () =>
    tidy(() => {
      const given = inputs.map((x) => localised(backend, x));
      const points = given.filter((x): x is Point => !(x instanceof Tensor));
      const mapping = (xs: readonly Tensor[]): Tensor[] => {
        const floats = [...xs];
        const args = given.map((x) => (x instanceof Tensor ? x : (floats.shift() as Tensor)));
        return tensorsIn(f(...args)).filter((y) => isFloating(y.dtype));
      };
      const level: Level = { backend, name, modes, h: eps, rtol, atol, random: randomFrom(name), order: 1 };
      checkDerivatives(level, mapping, points, order);
    }),
  );
}

/** A float input as its values, which are moved about; any other as a tensor on the backend of the check. */
function localised(backend: Backend, x: TensorLike): Point | Tensor {
  if (x instanceof Tensor && isFloating(x.dtype)) return pointOf(x);
  if (x instanceof Tensor) return x.backend === backend ? x : x.to(backend);
  const tensor = toTensor('checkGradients', x, backend);
  return isFloating(tensor.dtype) ? pointOf(tensor) : tensor;
}
