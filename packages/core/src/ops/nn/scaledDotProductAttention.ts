import { backendOf, type TensorLike, toTensor } from '../../convert.ts';
import { ShapeError } from '../../errors.ts';
import { composite } from '../../op/composite.ts';
import type { OpFunction } from '../../op/op.ts';
import { castTo, operands } from '../../promote.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import { broadcastShapes, sameShape, showShape } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { lessEqual, logicalAnd } from '../comparison.ts';
import { steps } from '../gather.ts';
import { matMulOp } from '../matMul.ts';
import { add, mul } from '../pointwise.ts';
import { softmaxOp } from '../softmax.ts';
import { select } from '../where.ts';

/** Attributes of `scaledDotProductAttention`. */
export interface ScaledDotProductAttention {
  readonly causal: boolean;
  readonly scale: number;
}

/** Inputs are query, key and value, and perhaps a mask: bools that tell who may be looked at, or numbers to add. */
export const scaledDotProductAttentionOp: OpFunction<readonly Tensor[], ScaledDotProductAttention, Tensor> = composite(
  'scaledDotProductAttention',
  {
    infer([query, key, value]) {
      const batch = [key, value].reduce<readonly number[]>(
        (shape, other) => broadcastShapes('scaledDotProductAttention', shape, other.shape.slice(0, -2)),
        query.shape.slice(0, -2),
      );
      return { shape: [...batch, query.shape.slice(-2)[0], value.shape.slice(-1)[0]], dtype: query.dtype };
    },
    compose([query, key, value, mask], { causal, scale }) {
      const product = matMulOp([mul(query, scale), key], { transposeA: false, transposeB: true });
      const scores = mask === undefined || mask.dtype === 'bool' ? product : add(product, mask);
      const seen = visible(scores, mask, causal);
      const weights =
        seen === null
          ? softmaxOp([scores], { axis: scores.rank - 1 })
          : select(scores, seen, softmaxOp([select(scores, seen, scores, HIDDEN)], { axis: scores.rank - 1 }), 0);
      return matMulOp([weights, value], { transposeA: false, transposeB: false });
    },
  },
);

/** Finite, so that a query that may look at nothing gives zeros and not NaN. */
const HIDDEN = -1e30;

/** Who may look at whom: null where all may. */
function visible(scores: Tensor, mask: Tensor | undefined, causal: boolean): Tensor | null {
  const [queries, keys] = scores.shape.slice(-2);
  const past = causal ? lessEqual(steps(scores, keys, 1), steps(scores, queries, 1, [queries, 1])) : null;
  if (mask?.dtype !== 'bool') return past;
  return past === null ? mask : logicalAnd(past, mask);
}

/**
 * Attention of `query` [..., queries, width] to `key` [..., keys, width]: softmax(query · keyᵀ · scale) · `value` [...,
 * keys, features]. `mask` [..., queries, keys] is true where a query may look at a key, or floats to add to the products;
 * with `causal` query number i sees the keys up to number i. `scale` is 1 / √width by default. A query that sees nothing
 * gives zeros (Vaswani et al., "Attention Is All You Need").
 * @example
 * scaledDotProductAttention([[1]], [[0], [Math.log(3)]], [[4], [8]]).print(); // [[7]]
 */
export function scaledDotProductAttention(
  query: TensorLike,
  key: TensorLike,
  value: TensorLike,
  mask?: TensorLike | null,
  causal = false,
  scale?: number | null,
): Tensor {
  const op = 'scaledDotProductAttention';
  const backend = backendOf([query, key, value, mask ?? 0]);
  const [q, k, v] = operands(op, [query, key, value], 'float', backend);
  const [queries, width] = q.shape.slice(-2);
  const [keys, other] = k.shape.slice(-2);
  if (Math.min(q.rank, k.rank, v.rank) < 2 || width !== other || v.shape[v.rank - 2] !== keys) {
    throw new ShapeError(
      `${op}: query ${showShape(q.shape)}, key ${showShape(k.shape)} and value ${showShape(v.shape)} must be [..., queries, width], [..., keys, width] and [..., keys, features]`,
    );
  }
  const attrs = { causal, scale: scale ?? 1 / Math.sqrt(width) };
  if (mask === undefined || mask === null) return scaledDotProductAttentionOp([q, k, v], attrs);
  const given = toTensor(op, mask, backend);
  const pairs = [...broadcastShapes(op, q.shape.slice(0, -2), k.shape.slice(0, -2)), queries, keys];
  if (!sameShape(broadcastShapes(op, pairs, given.shape), pairs)) {
    throw new ShapeError(`${op}: a mask of shape ${showShape(given.shape)} is larger than ${showShape(pairs)}`);
  }
  return scaledDotProductAttentionOp([q, k, v, given.dtype === 'bool' ? given : castTo(given, q.dtype)], attrs);
}

export const scaledDotProductAttentionSamples: Samples<typeof scaledDotProductAttention> = ({
  uniform,
  bools,
  exactly,
}) => [
  [uniform([3, 2]), uniform([4, 2]), uniform([4, 3])],
  [uniform([2, 2, 3, 2]), uniform([2, 1, 3, 2]), uniform([3, 1]), null, true],
  [uniform([2, 3, 2]), uniform([2, 4, 2]), uniform([2, 4, 2]), bools([3, 4]), false, 2],
  [uniform([3, 2]), uniform([3, 2]), uniform([3, 2]), uniform([3, 3]), true],
  [
    uniform([2, 2]),
    uniform([2, 2]),
    uniform([2, 2]),
    [
      [true, false],
      [false, false],
    ],
  ],
  [exactly([[100]]), exactly([[100], [-100]]), uniform([2, 1])],
  [uniform([0, 3, 2]), uniform([0, 4, 2]), uniform([0, 4, 1])],
];

export const scaledDotProductAttentionSpace: Space<typeof scaledDotProductAttention> = ({
  uniform,
  bools,
  shape,
  narrowed,
  length,
  pick,
}) => {
  const [batch, queries, keys, depth, values] = [shape(0, 2), length(), length(1), length(1), length()];
  const [q, k] = [uniform([...batch, queries, depth], -1, 1), uniform([...narrowed(batch), keys, depth], -1, 1)];
  const mask = pick(undefined, null, bools([queries, keys]), uniform([...narrowed(batch), queries, keys], -1, 1));
  const v = uniform([...narrowed(batch), keys, values], -1, 1);
  return [q, k, v, mask, pick(undefined, false, true), pick(undefined, null, 2)];
};

export const scaledDotProductAttentionBadSamples: BadSamples<typeof scaledDotProductAttention> = ({
  uniform,
  wrong,
}) => {
  const op = 'scaledDotProductAttention';
  return [
    { args: [uniform([3, 2]), uniform([3, 3]), uniform([3, 2])], error: 'ShapeError', names: [op, '[3,2]', '[3,3]'] },
    { args: [uniform([3, 2]), uniform([3, 2]), uniform([2, 2])], error: 'ShapeError', names: [op, '[2,2]'] },
    { args: [uniform([2]), uniform([3, 2]), uniform([3, 2])], error: 'ShapeError', names: [op, '[2]'] },
    {
      args: [uniform([3, 2]), uniform([3, 2]), uniform([3, 2]), uniform([2, 3, 3])],
      error: 'ShapeError',
      names: [op, '[2,3,3]'],
    },
    { args: [wrong(null), uniform([3, 2]), uniform([3, 2])], error: 'ArgumentError', names: [op, 'null'] },
  ];
};
