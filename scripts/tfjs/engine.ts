import { memory, openRecorders } from '@wengert/core';

/** What tfjs's tests ask of its engine. */
export const ENGINE = {
  isTapeOn: (): boolean => openRecorders() > 0,
  backend: {
    floatPrecision: (): number => 32,
    epsilon: (): number => 1e-7,
    numDataIds: (): number => memory().numDataBuffers,
  },
};
