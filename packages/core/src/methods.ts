import { listMethods, methods, type TensorMethods } from './generated/methods.ts';
import { Tensor } from './tensor.ts';

declare module './tensor.ts' {
  interface Tensor extends TensorMethods {}
}

type Anything = (...args: unknown[]) => unknown;

function define(name: string, value: Anything): void {
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true, enumerable: false });
}

/** Gives tensors the ops as methods. Called once, by the package's main entry. */
export function attachMethods(): void {
  for (const [name, f] of Object.entries(methods) as [string, Anything][]) {
    define(name, function (this: Tensor, ...args: unknown[]) {
      return f(this, ...args);
    });
  }
  for (const [name, f] of Object.entries(listMethods) as [string, Anything][]) {
    define(name, function (this: Tensor, others: unknown, ...args: unknown[]) {
      return f([this, ...(Array.isArray(others) ? others : [others])], ...args);
    });
  }
}
