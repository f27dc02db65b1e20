import { createReferenceBackend } from '@wengert/backend-reference';
import {
  type Backend,
  type Declaration,
  isFloating,
  reshape,
  type Shape,
  sameShape,
  type Tensor,
  tidy,
  toTensor,
} from '@wengert/core';
import { outputsAtOnce } from './declarations.ts';
import { createGenerator, type SeededGenerator } from './generator.ts';
import { tensorsIn, withTensors } from './trees.ts';
import { onBackend } from './trial.ts';

/** What an op is seen to be, whatever it is called. */
export interface Families {
  /** A function of each element: of one tensor, or of two that broadcast. */
  readonly elementwise?: 1 | 2 | undefined;
  /** Takes a tensor, an axis or several, and whether to keep these with length 1. */
  readonly reduction?: boolean | undefined;
  /** Moves and chooses elements, and computes none: commutes with every increasing map that leaves 0 alone. */
  readonly ordinal?: boolean | undefined;
}

const known = new WeakMap<Declaration['f'], Families>();

/** The families of an op, found out by running it on the reference. */
export function familiesOf(declaration: Declaration): Families {
  const before = known.get(declaration.f);
  if (before !== undefined) return before;
  const backend = createReferenceBackend();
  const found: Families = onBackend(backend, () => ({
    elementwise: attempt(() => elementwise(backend, declaration)),
    reduction: attempt(() => isReduction(backend, declaration)),
    ordinal: attempt(() => isOrdinal(backend, declaration)),
  }));
  known.set(declaration.f, found);
  return found;
}

/** An op that throws in a trial is not of the family. */
function attempt<T>(trial: () => T): T | undefined {
  try {
    return tidy(trial as () => T & (T extends PromiseLike<unknown> ? never : unknown));
  } catch {
    return undefined;
  }
}

/** The first sample whose tensors are its first arguments, with that many of them; the other arguments stay. */
export function leadingTensors(
  declaration: Declaration,
  generator: SeededGenerator,
  count: number,
): { make(shapes: readonly Shape[]): readonly unknown[] } | undefined {
  const args = declaration.samples(generator).find((sample) => {
    const tensors = tensorsIn(sample);
    return tensors.length === count && tensors.every((x, i) => x === sample[i] && generator.again(x, x.shape));
  });
  if (args === undefined) return undefined;
  return {
    make: (shapes) => [...shapes.map((shape, i) => generator.again(args[i] as Tensor, shape)), ...args.slice(count)],
  };
}

function call(declaration: Declaration, args: readonly unknown[]): Tensor {
  const [y, ...others] = outputsAtOnce(declaration, args);
  if (y === undefined || others.length > 0) throw new TypeError('does not give one tensor');
  return y;
}

function elementwise(backend: Backend, declaration: Declaration): 1 | 2 | undefined {
  const matches = (shapes: readonly Shape[]): boolean =>
    attempt(() => isElementwise(backend, declaration, shapes)) ?? false;
  return matches([[3, 1], [4]]) ? 2 : matches([[4]]) ? 1 : undefined;
}

/** Whether the op gives for whole tensors what it gives for their elements one by one. */
function isElementwise(backend: Backend, declaration: Declaration, shapes: readonly Shape[]): boolean {
  const generator = createGenerator(backend, 'float64', declaration.name);
  const sample = leadingTensors(declaration, generator, shapes.length);
  if (sample === undefined) return false;
  const args = sample.make(shapes);
  const y = call(declaration, args);
  if (!sameShape(y.shape, shapes.length === 1 ? [4] : [3, 4])) return false;
  const [a, b] = shapes.map((_, k) => (args[k] as Tensor).dataSync());
  return y.dataSync().every((value: number, i: number) => {
    const elements = b === undefined ? [a[i]] : [a[Math.floor(i / 4)], b[i % 4]];
    const one = elements.map((x, k) => toTensor('element', x, backend, (args[k] as Tensor).dtype));
    return Object.is(call(declaration, [...one, ...args.slice(one.length)]).dataSync()[0], value);
  });
}

function isReduction(backend: Backend, declaration: Declaration): boolean {
  const generator = createGenerator(backend, 'float64', declaration.name);
  const x = leadingTensors(declaration, generator, 1)?.make([[2, 3, 4]])[0];
  const shapeOf = (...rest: readonly unknown[]): Shape => call(declaration, [x, ...rest]).shape;
  return (
    sameShape(shapeOf(1, true), [2, 1, 4]) &&
    sameShape(shapeOf([0, 2]), [3]) &&
    sameShape(shapeOf([0, 1, 2]), []) &&
    sameShape(shapeOf([]), [2, 3, 4])
  );
}

function isOrdinal(backend: Backend, declaration: Declaration): boolean {
  const generator = createGenerator(backend, 'float64', declaration.name);
  const samples = declaration
    .samples(generator)
    .filter((args) => tensorsIn(args).some((x) => isFloating(x.dtype) && x.size > 1));
  if (samples.length === 0) return false;
  return samples.every((args) => {
    const plain = outputsAtOnce(declaration, args);
    const moved = tensorsIn(args).map((x) => increased(backend, x));
    const bent = outputsAtOnce(declaration, withTensors(args, moved));
    return plain.length > 0 && plain.every((y, k) => equal(increased(backend, y), bent[k]));
  });
}

/** x³ + 2x of a float tensor; others as they are. */
function increased(backend: Backend, x: Tensor): Tensor {
  if (!isFloating(x.dtype)) return x;
  const values = Float64Array.from(x.dataSync(), (v) => v ** 3 + 2 * v);
  return reshape(toTensor('increased', values, backend, x.dtype), x.shape);
}

function equal(a: Tensor, b: Tensor): boolean {
  const [x, y] = [a.dataSync(), b.dataSync()];
  return sameShape(a.shape, b.shape) && x.every((value: number, i: number) => value === y[i]);
}
