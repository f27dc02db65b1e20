import { types } from 'node:util';

const environment = {
  platform: { isTypedArray: types.isTypedArray },
  getBool: (): boolean => false,
};

/** What tfjs's helpers ask of its environment. */
export const env = (): typeof environment => environment;
