import type { Spec } from '../backend.ts';
import type { TensorLike } from '../convert.ts';
import { ShapeError } from '../errors.ts';
import { bilinear } from '../op/bilinear.ts';
import type { OpFunction } from '../op/op.ts';
import { operands } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { showShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { reverseOp } from './reverse.ts';
import { span } from './slice.ts';
import { matrixTransposed, permuted } from './transpose.ts';

/** Attributes of `conv`, each with one entry per spatial axis. */
export interface Conv {
  readonly strides: readonly number[];
  /** How much is added before and after; taken away where negative. */
  readonly pads: readonly (readonly [number, number])[];
  /** How far apart the elements of the filter are laid. */
  readonly dilations: readonly number[];
  /** How far apart the elements of the input are laid. */
  readonly inputDilations: readonly number[];
}

export const convOp: OpFunction<readonly [x: Tensor, filter: Tensor], Conv, Tensor> = bilinear('conv', {
  infer: ([x, filter], attrs) => ({
    shape: [...x.shape.slice(0, 2), ...outputLengths(x, filter, attrs), filter.shape[filter.shape.length - 1]],
    dtype: x.dtype,
  }),
  transpose: [convTransposed, convFilterTransposed],
});

/**
 * The cotangent of a `filter` of that shape: the input correlated with the output's, where the batch is summed over as
 * channels are in the forward pass, and channels are a batch.
 */
export function convFilterTransposed(g: Tensor, x: Tensor, filter: Pick<Spec, 'shape'>, attrs: Conv): Tensor {
  return batchBeforeFeatures(
    convOp([channelsAsBatch(x), batchBeforeFeatures(g)], {
      strides: attrs.dilations,
      dilations: attrs.strides,
      inputDilations: attrs.inputDilations,
      pads: attrs.pads.map(([low], i) => {
        const { input, taps, output } = spansOf(x, filter, g, attrs, i);
        return [low, taps - 1 + output - input - low];
      }),
    }),
  );
}

/**
 * The cotangent of an `x` of that shape from that of `conv`'s output: each goes back to what lay under the filter, so
 * the filter turned round passes over cotangents that stand as far apart as its steps were.
 */
export function convTransposed(g: Tensor, x: Pick<Spec, 'shape'>, filter: Tensor, attrs: Conv): Tensor {
  const turned = reverseOp([matrixTransposed(filter)], { axes: filter.shape.slice(1, -2).map((_, i) => i + 1) });
  return convOp([g, turned], {
    strides: attrs.inputDilations,
    dilations: attrs.dilations,
    inputDilations: attrs.strides,
    pads: attrs.pads.map(([low], i) => {
      const { input, taps, output } = spansOf(x, filter, g, attrs, i);
      return [taps - 1 - low, input + low - output];
    }),
  });
}

/** The lengths along spatial axis i, of input and filter as laid out, and of the output as far as the steps reach. */
function spansOf(
  x: Pick<Spec, 'shape'>,
  filter: Pick<Spec, 'shape'>,
  out: Pick<Spec, 'shape'>,
  attrs: Conv,
  i: number,
): Record<'input' | 'taps' | 'output', number> {
  return {
    input: span(x.shape[i + 2], attrs.inputDilations[i]),
    taps: span(filter.shape[i + 1], attrs.dilations[i]),
    output: span(out.shape[i + 2], attrs.strides[i]),
  };
}

function outputLengths(x: Spec, filter: Spec, attrs: Conv): number[] {
  return attrs.pads.map(([low, high], i) => {
    const { input, taps } = spansOf(x, filter, x, attrs, i);
    return Math.max(0, Math.floor((input + low + high - taps) / attrs.strides[i]) + 1);
  });
}

/** [G, N, ...S, C] as [G, C, ...S, N]. */
function channelsAsBatch(x: Tensor): Tensor {
  const perm = x.shape.map((_, i) => i);
  [perm[1], perm[x.rank - 1]] = [x.rank - 1, 1];
  return permuted(x, perm);
}

/** [G, N, ...S, O] as [G, ...S, N, O]. */
function batchBeforeFeatures(x: Tensor): Tensor {
  const perm = x.shape.map((_, i) => i);
  perm.splice(-1, 0, ...perm.splice(1, 1));
  return permuted(x, perm);
}

/**
 * Cross-correlation of `x` [groups, batch, ...spatial, channels] with `filter` [groups, ...window, channels, features],
 * group by group, over 1 to 3 spatial axes. `attrs` has one entry per spatial axis: `strides`, `dilations` of the
 * filter and of the input (default 1), and `pads`, which take away where they are negative (default 0).
 * @example
 * conv([[[[1], [2], [3]]]], [[[[1]], [[1]]]]).print(); // [[[[3], [5]]]]
 */
export function conv(x: TensorLike, filter: TensorLike, attrs: Partial<Conv> = {}): Tensor {
  const [input, weights] = operands('conv', [x, filter], 'float');
  const axes = input.shape.slice(2, -1);
  const show = `x of shape ${showShape(input.shape)} and filter of shape ${showShape(weights.shape)}`;
  if (axes.length < 1 || axes.length > 3 || weights.rank !== input.rank) {
    throw new ShapeError(`conv: ${show} must have as many axes as each other, with 1 to 3 spatial ones`);
  }
  if (input.shape[0] !== weights.shape[0] || input.shape[input.rank - 1] !== weights.shape[weights.rank - 2]) {
    throw new ShapeError(`conv: ${show} have different numbers of groups or of channels`);
  }
  return convOp([input, weights], completed(attrs, axes.length));
}

function completed({ strides, pads, dilations, inputDilations }: Partial<Conv>, count: number): Conv {
  const steps = (name: string, given: readonly number[] = new Array<number>(count).fill(1)): readonly number[] => {
    if (given.length === count && given.every((n) => Number.isInteger(n) && n > 0)) return given;
    throw new ShapeError(`conv: ${name} ${JSON.stringify(given)} must be ${count} positive integers`);
  };
  const sides = pads ?? new Array<readonly [number, number]>(count).fill([0, 0]);
  if (sides.length !== count || !sides.every((pair) => pair.length === 2 && pair.every(Number.isInteger))) {
    throw new ShapeError(`conv: pads ${JSON.stringify(sides)} must be ${count} pairs of integers`);
  }
  return {
    strides: steps('strides', strides),
    pads: sides,
    dilations: steps('dilations', dilations),
    inputDilations: steps('inputDilations', inputDilations),
  };
}

export const convSamples: Samples<typeof conv> = ({ uniform }) => [
  [uniform([1, 2, 5, 2]), uniform([1, 3, 2, 2])],
  [uniform([2, 1, 6, 2]), uniform([2, 3, 2, 1]), { strides: [2], pads: [[1, 0]] }],
  [uniform([1, 1, 7, 1]), uniform([1, 3, 1, 2]), { dilations: [2], pads: [[2, 1]], strides: [3] }],
  [uniform([1, 2, 4, 1]), uniform([1, 2, 1, 1]), { inputDilations: [3], pads: [[-1, 2]] }],
  [uniform([1, 1, 6, 1]), uniform([1, 2, 1, 1]), { pads: [[-1, -2]] }],
  [
    uniform([1, 2, 5, 6, 3]),
    uniform([1, 2, 3, 3, 2]),
    {
      strides: [2, 3],
      pads: [
        [1, 0],
        [2, 1],
      ],
      dilations: [1, 2],
    },
  ],
  [
    uniform([3, 1, 4, 4, 1]),
    uniform([3, 3, 3, 1, 2]),
    {
      pads: [
        [1, 1],
        [1, 1],
      ],
      inputDilations: [1, 2],
    },
  ],
  [
    uniform([1, 1, 3, 4, 3, 2]),
    uniform([1, 2, 2, 3, 2, 1]),
    {
      strides: [1, 2, 1],
      pads: [
        [0, 0],
        [1, 1],
        [1, 0],
      ],
    },
  ],
  [uniform([1, 1, 2, 1]), uniform([1, 3, 1, 1])],
  [uniform([1, 0, 4, 1]), uniform([1, 2, 1, 1])],
];

export const convSpace: Space<typeof conv> = ({ uniform, list, int, pick, length }) => {
  const spatial = int(1, 3);
  const each = <T>(item: () => T): T[] => list(spatial, item);
  const [groups, batch, channels, features] = [int(1, 2), length(), int(1, 3), int(1, 3)];
  const x = uniform([groups, batch, ...each(() => int(1, 6 - spatial)), channels]);
  const filter = uniform([groups, ...each(() => int(1, 3)), channels, features], -1, 1);
  if (pick(false, false, true)) return [x, filter];
  const pads = each(() => [int(-1, 2), int(-1, 2)] as const);
  const attrs = { strides: each(() => int(1, 3)), pads, dilations: each(() => int(1, 2)) };
  return [x, filter, pick(attrs, { ...attrs, inputDilations: each(() => int(1, 3)) }, { pads })];
};

export const convBadSamples: BadSamples<typeof conv> = ({ uniform, wrong }) => [
  {
    args: [uniform([1, 1, 4, 2]), uniform([1, 2, 3, 1])],
    error: 'ShapeError',
    names: ['conv', '[1,1,4,2]', '[1,2,3,1]'],
  },
  { args: [uniform([2, 1, 4, 1]), uniform([1, 2, 1, 1])], error: 'ShapeError', names: ['conv', '[2,1,4,1]'] },
  { args: [uniform([1, 4, 1]), uniform([1, 1, 1])], error: 'ShapeError', names: ['conv', '[1,4,1]'] },
  { args: [uniform([1, 1, 4, 1]), uniform([1, 2, 2, 1, 1])], error: 'ShapeError', names: ['conv', '[1,2,2,1,1]'] },
  {
    args: [uniform([1, 1, 4, 1]), uniform([1, 2, 1, 1]), { strides: [0] }],
    error: 'ShapeError',
    names: ['conv', 'strides'],
  },
  { args: [uniform([1, 1, 4, 1]), uniform([1, 2, 1, 1]), { pads: [] }], error: 'ShapeError', names: ['conv', 'pads'] },
  { args: [wrong(null), uniform([1, 2, 1, 1])], error: 'ArgumentError', names: ['conv', 'null'] },
];
