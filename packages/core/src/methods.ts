import { type ComplexMethods, complexMethods } from './complexMethods.ts';
import { ComplexTensor } from './complexTensor.ts';
import { listMethods, methods, type TensorMethods } from './generated/methods.ts';
import type { Method } from './method.ts';
import { Tensor } from './tensor.ts';
import { type OwnMethods, ownMethods } from './tensorMethods.ts';
import { to } from './to.ts';

type Own = { readonly [K in keyof OwnMethods]: Method<OwnMethods[K]> };

declare module './tensor.ts' {
  interface Tensor extends TensorMethods, Own {
    /** The same values on another backend, by name or as an object: a copy, through which gradients pass. */
    readonly to: Method<typeof to>;
  }
}

declare module './complexTensor.ts' {
  interface ComplexTensor extends ComplexMethods {}
}

export type { TensorMethods };

type Anything = (...args: unknown[]) => unknown;

function define(name: string, value: Anything, prototype: object = Tensor.prototype): void {
  Object.defineProperty(prototype, name, { value, writable: true, configurable: true, enumerable: false });
}

/** Gives tensors the ops as methods. Called once, by the package's main entry. */
export function attachMethods(): void {
  for (const [name, f] of Object.entries({ ...methods, ...ownMethods, to }) as [string, Anything][]) {
    define(name, function (this: Tensor, ...args: unknown[]) {
      return f(this, ...args);
    });
  }
  for (const [name, f] of Object.entries(complexMethods) as [string, Anything][]) {
    define(
      name,
      function (this: ComplexTensor) {
        return f(this);
      },
      ComplexTensor.prototype,
    );
  }
  for (const [name, f] of Object.entries(listMethods) as [string, Anything][]) {
    define(name, function (this: Tensor, others: unknown, ...args: unknown[]) {
      return f([this, ...(Array.isArray(others) ? others : [others])], ...args);
    });
  }
}
