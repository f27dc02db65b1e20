/// <reference lib="esnext.disposable" preserve="true" />
import '@wengert/backend-cpu';

export * from '@wengert/core';
export * from '@wengert/optimizers';
export * from './names.ts';
