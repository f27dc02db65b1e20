import { type TensorLike, toTensor } from '../convert.ts';
import { hostTensor } from '../create/host.ts';
import { convertValues, type DType } from '../dtype.ts';
import { composite } from '../op/composite.ts';
import type { OpFunction } from '../op/op.ts';
import { floatOperand } from '../promote.ts';
import type { BadSamples, Samples } from '../sampling.ts';
import { stridesOf } from '../shape.ts';
import type { Spec } from '../backend.ts';
import type { Tensor } from '../tensor.ts';
import { checkImages, type Padding, type Pair, pairOf, resolvePads, windowGrid } from '../window.ts';
import { stopGradientOp } from './alias.ts';
import { argMaxOp } from './extrema.ts';
import { gatherOp, scatterAddOp } from './gather.ts';
import { NO_ATTRS } from '../op/op.ts';
import { add, mul } from './pointwise.ts';
import { reshaped } from './reshape.ts';
import { padded, sliced } from './slice.ts';
import { broadcasted, countable, sumOp } from './sum.ts';
import { foldOp, unfoldOp, type Unfold } from './unfold.ts';

/** Attributes of the poolings, over images [N, H, W, C]: for height and width each. */
export interface Pool {
  readonly window: Pair;
  readonly strides: Pair;
  readonly pads: readonly [Pair, Pair];
}
