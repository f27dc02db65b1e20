import { ComplexTensor, Tensor } from '@wengert/core';

/** A call as code that can be pasted: tensors with their values, shapes and dtypes. */
export function showCall(name: string, args: readonly unknown[]): string {
  return `${name}(${args.map(show).join(', ')})`;
}

function show(x: unknown): string {
  if (x instanceof Tensor) return `tensor(${show([...x.dataSync()])}, ${show(x.shape)}, '${x.dtype}')`;
  if (x instanceof ComplexTensor) return `complex(${show(x.re)}, ${show(x.im)})`;
  if (ArrayBuffer.isView(x)) return `${x.constructor.name}.of(${[...(x as Float64Array)].map(show).join(', ')})`;
  if (Array.isArray(x)) return `[${x.map(show).join(', ')}]`;
  if (typeof x === 'function') return x.name || 'function';
  if (typeof x === 'string') return `'${x}'`;
  if (typeof x !== 'object' || x === null) return Object.is(x, -0) ? '-0' : String(x);
  return `{ ${Object.entries(x)
    .map(([key, value]) => `${key}: ${show(value)}`)
    .join(', ')} }`;
}
