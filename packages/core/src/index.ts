import { attachMethods } from './methods.ts';

export * from './functions.ts';

attachMethods();
