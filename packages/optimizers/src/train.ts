import { adam } from './adam.ts';
import { sgd } from './sgd.ts';

/** The optimizers under tfjs's names: `train.adam(0.01)`. */
export const train: { readonly sgd: typeof sgd; readonly adam: typeof adam } = { sgd, adam };
