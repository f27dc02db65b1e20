import { ComplexTensor, Tensor } from '@wengert/core';

/** The tensors in arrays and plain objects nested to any depth, depth first. */
export function tensorsIn(x: unknown): Tensor[] {
  if (x instanceof Tensor) return [x];
  if (x instanceof ComplexTensor) return [x.re, x.im];
  return isContainer(x) ? Object.values(x).flatMap(tensorsIn) : [];
}

/** The same structure with other tensors, in the order of `tensorsIn`. */
export function withTensors<T>(x: T, tensors: readonly Tensor[]): T {
  let next = 0;
  const build = (part: unknown): unknown => {
    if (part instanceof Tensor) return tensors[next++];
    if (part instanceof ComplexTensor) return new ComplexTensor(tensors[next++], tensors[next++]);
    if (Array.isArray(part)) return part.map(build);
    return isContainer(part)
      ? Object.fromEntries(Object.entries(part).map(([key, value]) => [key, build(value)]))
      : part;
  };
  return build(x) as T;
}

function isContainer(x: unknown): x is object {
  if (typeof x !== 'object' || x === null) return false;
  return Array.isArray(x) || Object.getPrototypeOf(x) === Object.prototype;
}
