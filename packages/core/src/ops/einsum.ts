import type { TensorLike } from '../convert.ts';
import { ArgumentError, ShapeError } from '../errors.ts';
import { operands } from '../promote.ts';
import type { BadSamples, Samples, Space } from '../sampling.ts';
import { showShape, sizeOf, stridesOf } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { matMulOp } from './matMul.ts';
import { mul } from './pointwise.ts';
import { reshaped } from './reshape.ts';
import { sliceOp } from './slice.ts';
import { countable, sumOp } from './sum.ts';
import { permuted } from './transpose.ts';

/** A tensor with a letter for each of its axes. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: string;
}

/** The letters of each input and those of the output, which follow where the equation does not state them. */
function parse(equation: string): { inputs: string[]; output: string } {
  const [left, right, ...more] = equation.replace(/ /g, '').split('->');
  const inputs = left.split(',');
  const letters = [...inputs.join('')];
  const once = [...new Set(letters)].filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  const output = right ?? once.sort().join('');
  const valid = [...inputs, output].every((part) => /^[a-zA-Z]*$/.test(part)) && more.length === 0;
  if (!valid || new Set(output).size !== output.length || [...output].some((letter) => !letters.includes(letter))) {
    throw new ArgumentError(
      `einsum: '${equation}' is no equation such as 'ij,jk->ik', whose output has letters of the inputs, each once`,
    );
  }
  return { inputs, output };
}

/** Throws unless there is one tensor for each input, and one length behind every letter. */
function check(equation: string, inputs: readonly string[], xs: readonly Tensor[]): void {
  if (inputs.length !== xs.length) {
    throw new ArgumentError(`einsum: '${equation}' has ${inputs.length} inputs, but ${xs.length} tensors are given`);
  }
  const lengths = new Map<string, number>();
  for (const [i, x] of xs.entries()) {
    const fits = [...inputs[i]].every((letter, axis) => {
      const length = lengths.get(letter) ?? x.shape[axis];
      lengths.set(letter, length);
      return length === x.shape[axis];
    });
    if (!fits || inputs[i].length !== x.rank) {
      throw new ShapeError(
        `einsum: shape ${showShape(x.shape)} does not fit '${inputs[i]}' of '${equation}' beside ${xs.map(({ shape }) => showShape(shape)).join(', ')}`,
      );
    }
  }
}

/** Keeps of axes with the same letter only their diagonal: every element a constant number of steps from the last. */
function diagonalized({ x, labels }: Labelled): Labelled {
  const repeated = [...labels].find((letter, i) => labels.indexOf(letter) !== i);
  if (repeated === undefined) return { x, labels };
  const axes = [...labels].flatMap((letter, i) => (letter === repeated ? [i] : []));
  const others = [...labels].flatMap((letter, i) => (letter === repeated ? [] : [i]));
  const front = permuted(x, [...axes, ...others]);
  const square = front.shape.slice(0, axes.length);
  const rest = front.shape.slice(axes.length);
  const step = stridesOf(square).reduce((total, stride) => total + stride, 0);
  const taken = sliceOp([reshaped(front, [sizeOf(square), ...rest])], {
    begin: [0, ...rest.map(() => 0)],
    size: [square[0], ...rest],
    strides: [step, ...rest.map(() => 1)],
  });
  return diagonalized({ x: taken, labels: repeated + others.map((i) => labels[i]).join('') });
}

/** Sums over the axes whose letters are not among `wanted`. */
function summed({ x, labels }: Labelled, wanted: string): Labelled {
  const axes = [...labels].flatMap((letter, i) => (wanted.includes(letter) ? [] : [i]));
  if (axes.length === 0) return { x, labels };
  return { x: sumOp([x], { axes }), labels: [...labels].filter((letter) => wanted.includes(letter)).join('') };
}

function inOrder({ x, labels }: Labelled, order: string): Tensor {
  return permuted(
    x,
    [...order].map((letter) => labels.indexOf(letter)),
  );
}

/** The product of two, summed over the letters that both have and nobody wants: one product of matrices. */
function contracted(a: Labelled, b: Labelled, wanted: string): Labelled {
  const [left, right] = [summed(a, wanted + b.labels), summed(b, wanted + a.labels)];
  const pick = (of: string, test: (letter: string) => boolean): string => [...of].filter(test).join('');
  const shared = pick(left.labels, (letter) => right.labels.includes(letter));
  const batch = pick(shared, (letter) => wanted.includes(letter));
  const inner = pick(shared, (letter) => !wanted.includes(letter));
  const rows = pick(left.labels, (letter) => !shared.includes(letter));
  const columns = pick(right.labels, (letter) => !shared.includes(letter));
  const p = inOrder(left, batch + rows + inner);
  const q = inOrder(right, batch + inner + columns);
  const [n, r] = [batch.length, rows.length];
  const [lead, down, across] = [p.shape.slice(0, n), p.shape.slice(n, n + r), q.shape.slice(n + inner.length)];
  const length = sizeOf(p.shape.slice(n + r));
  const out = [...lead, ...down, ...across];
  const labels = batch + rows + columns;
  if (inner === '') {
    const wide = reshaped(p, [...lead, ...down, ...across.map(() => 1)]);
    return { x: mul(wide, reshaped(q, [...lead, ...down.map(() => 1), ...across])), labels };
  }
  const product = matMulOp(
    [reshaped(p, [sizeOf(lead), sizeOf(down), length]), reshaped(q, [sizeOf(lead), length, sizeOf(across)])],
    { transposeA: false, transposeB: false },
  );
  return { x: reshaped(product, out), labels };
}

/**
 * Sums of products by Einstein's convention: each axis has a letter, axes with one letter run together, and what the
 * output lacks is summed over. Without `->`, the output has the letters that occur once, in alphabetical order. A letter
 * that one input repeats takes its diagonal.
 * @example
 * einsum('ij,jk->ik', tensor([[1, 2]]), tensor([[3], [4]])).print(); // [[11]]
 */
export function einsum(equation: string, ...tensors: readonly TensorLike[]): Tensor {
  if (typeof equation !== 'string' || tensors.length === 0) {
    throw new ArgumentError('einsum: needs an equation and at least one tensor');
  }
  const { inputs, output } = parse(equation);
  const xs = operands('einsum', tensors).map(countable);
  check(equation, inputs, xs);
  const labelled = xs.map((x, i) => diagonalized({ x, labels: inputs[i] }));
  const result = labelled.reduce((a, b, i) => {
    const later = labelled.slice(i + 1).map(({ labels }) => labels);
    return contracted(a, b, output + later.join(''));
  });
  return inOrder(summed(result, output), output);
}

export const einsumSamples: Samples<typeof einsum> = ({ uniform, indices, bools }) => [
  ['ij,jk->ik', uniform([2, 3]), uniform([3, 4])],
  ['ij,jk', uniform([2, 3]), uniform([3, 2])],
  ['ba', uniform([2, 3])],
  ['bij,bjk->kbi', uniform([2, 3, 2]), uniform([2, 2, 3])],
  ['abcd,cde->abe', uniform([2, 1, 2, 3]), uniform([2, 3, 2])],
  ['i,j->ij', uniform([2]), uniform([3])],
  ['ij,->', uniform([2, 2]), uniform([])],
  ['ij,k->k', uniform([2, 3]), uniform([2])],
  ['ij->j', uniform([2, 3])],
  ['ijk->kij', uniform([2, 3, 4])],
  ['ij,jk,kl->il', uniform([2, 3]), uniform([3, 2]), uniform([2, 2])],
  ['i,i,i->i', uniform([3]), uniform([3]), uniform([3])],
  ['ii->i', uniform([3, 3])],
  ['ii', uniform([3, 3])],
  ['iijj->ij', uniform([2, 2, 3, 3])],
  ['iji->j', uniform([2, 3, 2])],
  ['ij,jk->ik', uniform([2, 0]), uniform([0, 3])],
  ['ij,ij->i', indices([2, 3], 9), indices([2, 3], 9)],
  ['i,i->', bools([4]), bools([4])],
];

export const einsumSpace: Space<typeof einsum> = ({ uniform, list, int, length, pick }) => {
  const lengths = { i: length(1), j: length(1), k: length() };
  const terms = list(int(1, 3), () => list(int(0, 3), () => pick('i', 'j', 'k')));
  const out = [...new Set(terms.flat())].filter(() => pick(true, false));
  const operands = terms.map((term) => uniform(term.map((name) => lengths[name])));
  const names = terms.map((term) => term.join('')).join(',');
  return [pick(`${names}->${out.reverse().join('')}`, names), ...operands];
};

export const einsumBadSamples: BadSamples<typeof einsum> = ({ uniform, wrong }) => [
  { args: ['ij,jk->ik', uniform([2, 3]), uniform([2, 3])], error: 'ShapeError', names: ['einsum', '[2,3]', 'jk'] },
  { args: ['ij->i', uniform([3])], error: 'ShapeError', names: ['einsum', '[3]', 'ij'] },
  { args: ['ii->i', uniform([2, 3])], error: 'ShapeError', names: ['einsum', '[2,3]', 'ii'] },
  { args: ['ij,jk>ik', uniform([2, 2]), uniform([2, 2])], error: 'ArgumentError', names: ['einsum', 'ij,jk>ik'] },
  { args: ['i->ij', uniform([2])], error: 'ArgumentError', names: ['einsum', 'i->ij'] },
  { args: ['i->ii', uniform([2])], error: 'ArgumentError', names: ['einsum', 'i->ii'] },
  { args: ['i,i', uniform([2])], error: 'ArgumentError', names: ['einsum', '2 inputs', '1 tensors'] },
  { args: ['i', wrong(null)], error: 'ArgumentError', names: ['einsum', 'null'] },
  { args: [wrong(null), uniform([2])], error: 'ArgumentError', names: ['einsum'] },
];
