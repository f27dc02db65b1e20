import { ComplexTensor } from './complexTensor.ts';
import { type ComplexMethods, complexMethods, listMethods, methods, type TensorMethods } from './generated/methods.ts';
import type { Rank } from './rank.ts';
import { Tensor } from './tensor.ts';

declare module './tensor.ts' {
  interface Tensor<R extends Rank = Rank> extends TensorMethods {}
}

declare module './complexTensor.ts' {
  interface ComplexTensor extends ComplexMethods {}
}

export type { ComplexMethods, TensorMethods };

type Anything = (...args: unknown[]) => unknown;

function define(
  prototype: object,
  functions: Readonly<Record<string, unknown>>,
  bind: (f: Anything) => Anything,
): void {
  for (const [name, f] of Object.entries(functions) as [string, Anything][]) {
    Object.defineProperty(prototype, name, { value: bind(f), writable: true, configurable: true, enumerable: false });
  }
}

function ofThis(f: Anything): Anything {
  return function (this: unknown, ...args) {
    return f(this, ...args);
  };
}

function ofThisAndOthers(f: Anything): Anything {
  return function (this: unknown, others, ...args) {
    return f([this, ...(Array.isArray(others) ? others : [others])], ...args);
  };
}

/** What Node's console and debugger show. */
function inspected(this: Tensor | ComplexTensor): string {
  return this.toString();
}

/** Gives tensors the ops as methods. Called once, by the package's main entry. */
export function attachMethods(): void {
  define(Tensor.prototype, methods, ofThis);
  define(Tensor.prototype, listMethods, ofThisAndOthers);
  define(ComplexTensor.prototype, complexMethods, ofThis);
  for (const { prototype } of [Tensor, ComplexTensor]) {
    Object.defineProperty(prototype, Symbol.for('nodejs.util.inspect.custom'), { value: inspected });
  }
}
