import type { TensorLike } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import { imageBatch } from '../imageBatch.ts';
import { operands } from '../promote.ts';
import { showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { type Placement, perAxis, placed, type Windows } from '../window.ts';
import { convOp } from './conv.ts';
import { reshaped } from './reshape.ts';
import { permuted } from './transpose.ts';

/**
 * Cross-correlation of `x` [batch, ...spatial, channels] with `filter` [...window, channels of a group, features]: the
 * channels and the features are those of one group after the other.
 */
export function groupedConv(x: Tensor, filter: Tensor, windows: Windows): Tensor {
  const groups = x.shape[x.rank - 1] / filter.shape[filter.rank - 2] || 1;
  const inputDilations = windows.strides.map(() => 1);
  return fromGroups(convOp([inGroups(x, groups), inGroups(filter, groups)], { ...windows, inputDilations }));
}

/** [..., G * n] as [G, ..., n]. */
export function inGroups(x: Tensor, groups: number): Tensor {
  const last = x.rank - 1;
  const split = reshaped(x, [...x.shape.slice(0, last), groups, x.shape[last] / groups]);
  const perm = split.shape.map((_, i) => i);
  return permuted(split, [last, ...perm.slice(0, last), last + 1]);
}

/** [G, ..., n] as [..., G * n]. */
export function fromGroups(x: Tensor): Tensor {
  const [groups, ...shape] = x.shape;
  const perm = x.shape.map((_, i) => i);
  const together = permuted(x, [...perm.slice(1, -1), 0, x.rank - 1]);
  return reshaped(together, [...shape.slice(0, -1), groups * shape[shape.length - 1]]);
}

/** The common front of convolutions over `spatial` axes: reads images and filter, and lays the windows. */
export function convolution(
  op: string,
  spatial: number,
  x: TensorLike,
  filter: TensorLike,
  placement: Placement,
  dataFormat: string,
  apply: (images: Tensor, weights: Tensor, windows: Windows) => Tensor,
): Tensor {
  const [input, weights] = operands(op, [x, filter], 'float');
  const { images, channelsFirst, restore } = imageBatch(op, input, spatial, dataFormat);
  const channels = images.shape[spatial + 1];
  const [part, features] = weights.shape.slice(spatial);
  const groups = part === channels ? 1 : channels / part;
  if (weights.rank !== spatial + 2 || !Number.isInteger(groups) || features % groups !== 0) {
    throw new ShapeError(
      `${op}: filter of shape ${showShape(weights.shape)} must have ${spatial + 2} axes, the last two for the ${channels} channels of x of shape ${showShape(input.shape)}, or an equal part of them, and for features`,
    );
  }
  const window = perAxis(op, 'filter size', weights.shape.slice(0, spatial), spatial);
  return restore(apply(images, weights, placed(op, placement, images.shape, window, channelsFirst)));
}
