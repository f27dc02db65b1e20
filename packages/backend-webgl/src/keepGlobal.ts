const before = Object.getOwnPropertyDescriptor(globalThis, 'GPU');

/** Gives `globalThis.GPU`, an interface of WebGPU, back to the browser: gpu.js takes the name when it is loaded. */
export function restoreGlobal(): void {
  if (before === undefined) Reflect.deleteProperty(globalThis, 'GPU');
  else Object.defineProperty(globalThis, 'GPU', before);
}
