/// <reference lib="esnext.disposable" preserve="true" />
import { attachMethods } from './methods.ts';
import { expectOneCore } from './oneCore.ts';

export * from './functions.ts';
// Named, so that the declarations of the methods stay with those of the package.
export type { TensorMethods } from './methods.ts';

expectOneCore();
attachMethods();
