import type { TensorLike } from '../../convert.ts';
import { ShapeError } from '../../errors.ts';
import { operands } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { showShape } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import type { Tensor2D } from '../../tfjsTypes.ts';
import { sub } from '../arithmetic.ts';
import { concatOp } from '../concat.ts';
import { sigmoid } from '../exponential.ts';
import { matMulOp } from '../matMul.ts';
import { add, mul } from '../pointwise.ts';
import { slicedAlong } from '../slice.ts';
import { tanh } from '../trigonometric.ts';

/** One step of a recurrent cell, with everything but the data and the state bound. */
export type LSTMCellFunc = (data: Tensor2D, c: Tensor2D, h: Tensor2D) => readonly [newC: Tensor2D, newH: Tensor2D];

/** The rows of `left` and of `right` side by side, mapped by `kernel` and shifted by `bias`, in equal parts. */
function mapped(op: string, count: number, left: Tensor, right: Tensor, kernel: Tensor, bias: Tensor): Tensor[] {
  const units = right.shape[1];
  const columns = count * units;
  const fits =
    [left, right, kernel].every(({ rank }) => rank === 2) &&
    left.shape[0] === right.shape[0] &&
    kernel.shape[0] === left.shape[1] + units &&
    kernel.shape[1] === columns &&
    bias.shape[bias.rank - 1] === columns &&
    bias.size === columns;
  if (!fits) {
    throw new ShapeError(
      `${op}: for data of shape ${showShape(left.shape)} and a state of shape ${showShape(right.shape)} the kernel must be [features + units, ${count} * units] and the bias [${count} * units], got ${showShape(kernel.shape)} and ${showShape(bias.shape)}`,
    );
  }
  const rows = concatOp([left, right], { axis: 1 });
  const out = add(matMulOp([rows, kernel], { transposeA: false, transposeB: false }), bias);
  return Array.from({ length: count }, (_, i) => slicedAlong(out, 1, i * units, units));
}

/**
 * One step of a long short-term memory: the next state [newC, newH] from `data` [batch, features] and the state `c`, `h`
 * [batch, units]. `lstmKernel` is [features + units, 4 * units], for the input gate, the new input, the forget gate and
 * the output gate; `forgetBias` is added to the forget gate.
 * @example
 * const [c, h] = basicLSTMCell(1, zeros([2, 4]), zeros([4]), [[5]], [[1]], [[0]]);
 * c.print(); // [[0.7310586]]
 * h.print(); // [[0.3118564]]
 */
export function basicLSTMCell(
  forgetBias: TensorLike,
  lstmKernel: TensorLike,
  lstmBias: TensorLike,
  data: TensorLike,
  c: TensorLike,
  h: TensorLike,
): [newC: Tensor2D, newH: Tensor2D] {
  const tensors = operands('basicLSTMCell', [forgetBias, lstmKernel, lstmBias, data, c, h], 'float');
  const [forget, kernel, bias, input, cell, hidden] = tensors;
  const [i, j, f, o] = mapped('basicLSTMCell', 4, input, hidden, kernel, bias);
  const newC: Tensor2D = add(mul(sigmoid(i), tanh(j)), mul(cell, sigmoid(add(forget, f))));
  return [newC, mul(tanh(newC), sigmoid(o))];
}

/**
 * One step of cells on top of each other: each takes the output of the one below and its own state, in `c` and `h`.
 * Gives the next states [newC, newH].
 * @example
 * const cell: LSTMCellFunc = (data, c, h) => basicLSTMCell(1, zeros([2, 4]), zeros([4]), data, c, h);
 * const [c] = multiRNNCell([cell, cell], [[5]], [[[1]], [[2]]], [[[0]], [[0]]]);
 * c[1].print(); // [[1.462117]]
 */
export function multiRNNCell(
  lstmCells: readonly LSTMCellFunc[],
  data: TensorLike,
  c: readonly TensorLike[],
  h: readonly TensorLike[],
): [newC: Tensor2D[], newH: Tensor2D[]] {
  if (c.length !== lstmCells.length || h.length !== lstmCells.length) {
    throw new ShapeError(
      `multiRNNCell: ${lstmCells.length} cells need as many states, got ${c.length} in c and ${h.length} in h`,
    );
  }
  const [input, ...states] = operands('multiRNNCell', [data, ...c, ...h], 'float') as Tensor2D[];
  const newC: Tensor2D[] = [];
  const newH: Tensor2D[] = [];
  let below = input;
  for (const [i, cell] of lstmCells.entries()) {
    const [nextC, nextH] = cell(below, states[i], states[c.length + i]);
    newC.push(nextC);
    newH.push(nextH);
    below = nextH;
  }
  return [newC, newH];
}

/**
 * One step of a gated recurrent unit: the next state from `data` [batch, features] and `h` [batch, units]. `gateKernel`
 * [features + units, 2 * units] is for the reset and the update gate, `candidateKernel` [features + units, units] for the
 * candidate; the update gate keeps that much of the old state (Cho et al., "Learning Phrase Representations using RNN
 * Encoder-Decoder").
 * @example
 * gruCell(zeros([2, 2]), [0, 0], [[1], [0]], [0], [[0.5]], [[1]]).print(); // [[0.7310586]]
 */
export function gruCell(
  gateKernel: TensorLike,
  gateBias: TensorLike,
  candidateKernel: TensorLike,
  candidateBias: TensorLike,
  data: TensorLike,
  h: TensorLike,
): Tensor {
  const tensors = operands('gruCell', [gateKernel, gateBias, candidateKernel, candidateBias, data, h], 'float');
  const [kernel, bias, otherKernel, otherBias, input, hidden] = tensors;
  const [reset, update] = mapped('gruCell', 2, input, hidden, kernel, bias).map((gate) => sigmoid(gate));
  const [candidate] = mapped('gruCell', 1, input, mul(reset, hidden), otherKernel, otherBias);
  const next = tanh(candidate);
  return add(next, mul(update, sub(hidden, next)));
}

export const basicLSTMCellSamples: Samples<typeof basicLSTMCell> = ({ uniform }) => [
  [1, uniform([5, 12]), uniform([12]), uniform([2, 2]), uniform([2, 3]), uniform([2, 3])],
  [uniform([]), uniform([3, 8]), uniform([1, 8]), uniform([1, 1]), uniform([1, 2]), uniform([1, 2])],
  [0, uniform([2, 4]), uniform([4]), uniform([0, 1]), uniform([0, 1]), uniform([0, 1])],
];

export const basicLSTMCellSpace: Space<typeof basicLSTMCell> = ({ uniform, length, pick }) => {
  const [batch, inputs, units] = [length(), length(1), length(1)];
  const bias = uniform(pick([4 * units], [1, 4 * units]), -1, 1);
  const kernel = uniform([inputs + units, 4 * units], -1, 1);
  const state = [uniform([batch, inputs]), uniform([batch, units]), uniform([batch, units])] as const;
  return [pick(1, uniform([], 0, 1)), kernel, bias, ...state];
};

export const multiRNNCellSamples: Samples<typeof multiRNNCell> = ({ uniform }) => [
  [
    [(data, c, h) => [add(data, c), mul(data, h)], (data, c, h) => [sub(c, h), tanh(data)]],
    uniform([2, 3]),
    [uniform([2, 3]), uniform([2, 3])],
    [uniform([2, 3]), uniform([2, 3])],
  ],
];

export const multiRNNCellSpace: Space<typeof multiRNNCell> = ({ uniform, list, int, length, pick }) => {
  const [count, lengths] = [int(1, 3), [length(), length()]];
  const sums: LSTMCellFunc = (data, c, h) => [add(data, c), mul(data, h)];
  const bounded: LSTMCellFunc = (data, c, h) => [sub(c, h), tanh(data)];
  const states = (): Tensor[] => list(count, () => uniform(lengths));
  return [list(count, () => pick(sums, bounded)), uniform(lengths), states(), states()];
};

export const gruCellSamples: Samples<typeof gruCell> = ({ uniform }) => [
  [uniform([5, 6]), uniform([6]), uniform([5, 3]), uniform([3]), uniform([2, 2]), uniform([2, 3])],
  [uniform([2, 2]), uniform([2]), uniform([2, 1]), uniform([1]), uniform([0, 1]), uniform([0, 1])],
];

export const gruCellSpace: Space<typeof gruCell> = ({ uniform, length }) => {
  const [batch, inputs, units] = [length(), length(1), length(1)];
  const gates = [uniform([inputs + units, 2 * units], -1, 1), uniform([2 * units], -1, 1)] as const;
  const candidate = [uniform([inputs + units, units], -1, 1), uniform([units], -1, 1)] as const;
  return [...gates, ...candidate, uniform([batch, inputs]), uniform([batch, units])];
};

export const basicLSTMCellBadSamples: BadSamples<typeof basicLSTMCell> = ({ uniform, wrong }) => [
  {
    args: [1, uniform([5, 11]), uniform([12]), uniform([2, 2]), uniform([2, 3]), uniform([2, 3])],
    error: 'ShapeError',
    names: ['basicLSTMCell', '[5,11]'],
  },
  {
    args: [1, uniform([5, 12]), uniform([12]), uniform([2, 2]), uniform([2, 3]), wrong(null)],
    error: 'ArgumentError',
    names: ['basicLSTMCell', 'null'],
  },
];

export const multiRNNCellBadSamples: BadSamples<typeof multiRNNCell> = ({ uniform }) => [
  {
    args: [[(_data, c, h) => [c, h]], uniform([2, 3]), [], [uniform([2, 3])]],
    error: 'ShapeError',
    names: ['multiRNNCell', '1', '0'],
  },
];

export const gruCellBadSamples: BadSamples<typeof gruCell> = ({ uniform, wrong }) => [
  {
    args: [uniform([5, 6]), uniform([6]), uniform([4, 3]), uniform([3]), uniform([2, 2]), uniform([2, 3])],
    error: 'ShapeError',
    names: ['gruCell', '[4,3]'],
  },
  {
    args: [wrong(null), uniform([6]), uniform([5, 3]), uniform([3]), uniform([2, 2]), uniform([2, 3])],
    error: 'ArgumentError',
    names: ['gruCell', 'null'],
  },
];
