import { adam, adamax, adamw } from './adam.ts';
import { adadelta, adagrad, rmsprop } from './adaptive.ts';
import { lion } from './lion.ts';
import { momentum, sgd } from './sgd.ts';

/** The optimizers under tfjs's names: `train.adam(0.01)`. */
export const train: {
  readonly sgd: typeof sgd;
  readonly momentum: typeof momentum;
  readonly adagrad: typeof adagrad;
  readonly adadelta: typeof adadelta;
  readonly rmsprop: typeof rmsprop;
  readonly adam: typeof adam;
  readonly adamax: typeof adamax;
  readonly adamw: typeof adamw;
  readonly lion: typeof lion;
} = { sgd, momentum, adagrad, adadelta, rmsprop, adam, adamax, adamw, lion };
