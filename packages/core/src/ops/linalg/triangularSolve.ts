import type { TensorLike } from '../../convert.ts';
import type { OpFunction } from '../../op/op.ts';
import { primitive } from '../../op/primitive.ts';
import type { BadSamples, Samples, Space } from '../../sampling.ts';
import type { Tensor } from '../../tensor.ts';
import { matMulOp } from '../matMul.ts';
import { add, neg } from '../pointwise.ts';
import { band } from './bandPart.ts';
import { substitute } from './elimination.ts';
import { refusedBySolver, solved } from './matrices.ts';
import { matrixLoop } from './matrixLoop.ts';

/** Attributes of `triangularSolve`: which triangle is read, whether it is transposed, and has ones on its diagonal. */
export interface TriangularSolve {
  readonly lower: boolean;
  readonly transpose: boolean;
  readonly unitDiagonal: boolean;
}

export const triangularSolveOp: OpFunction<readonly [a: Tensor, b: Tensor], TriangularSolve, Tensor> = primitive(
  'triangularSolve',
  {
    saves: [0, 'y'],
    infer: ([, b]) => b,
    host: matrixLoop((n, [a, b], { lower, transpose, unitDiagonal }) => {
      if (transpose) substitute(a, 1, n, b, n, !lower, unitDiagonal);
      else substitute(a, n, 1, b, n, lower, unitDiagonal);
      return [b];
    }),
    vjp(g, [a], x, attrs, needs) {
      const gb = triangularSolveOp([a, g], { ...attrs, transpose: !attrs.transpose });
      if (!needs[0]) return [null, gb];
      const [left, right] = attrs.transpose ? [x, gb] : [gb, x];
      const ga = matMulOp([left, right], { transposeA: false, transposeB: true });
      return [neg(triangle(ga, attrs)), gb];
    },
    jvp([ta, tb], [a], x, attrs) {
      const moved = ta && neg(matMulOp([triangle(ta, attrs), x], { transposeA: attrs.transpose, transposeB: false }));
      const right = moved && tb ? add(moved, tb) : (moved ?? tb);
      return right && triangularSolveOp([a, right], attrs);
    },
  },
);

/** What `triangularSolve` reads of a matrix. */
function triangle(x: Tensor, { lower, unitDiagonal }: TriangularSolve): Tensor {
  const first = unitDiagonal ? 1 : 0;
  return lower ? band(x, -Infinity, -first) : band(x, first, Infinity);
}

/**
 * X with A X = B, or Aᵀ X = B, for triangular A [..., n, n]: the other triangle is not read, nor is the diagonal where
 * it is declared to be ones. B is [..., n, m] or one vector [n]; the batches broadcast.
 * @example
 * triangularSolve([[2, 0], [1, 4]], [[2], [9]]).print(); // [[1], [2]]
 */
export function triangularSolve(
  a: TensorLike,
  b: TensorLike,
  lower = true,
  transpose = false,
  unitDiagonal = false,
): Tensor {
  return solved('triangularSolve', a, b, (x, y) => triangularSolveOp([x, y], { lower, transpose, unitDiagonal }));
}

export const triangularSolveSamples: Samples<typeof triangularSolve> = ({ uniform, dominant }) => [
  ...[true, false].flatMap((lower) =>
    [true, false].flatMap((transpose) =>
      [true, false].map(
        (unit): Parameters<typeof triangularSolve> => [dominant([3, 3]), uniform([3, 2]), lower, transpose, unit],
      ),
    ),
  ),
  [dominant([2, 3, 3]), uniform([2, 3, 1])],
  [dominant([3, 3]), uniform([2, 3, 2]), false],
  [dominant([3, 3]), uniform([3])],
  [dominant([1, 1]), uniform([1, 1])],
  [uniform([0, 2, 2]), uniform([0, 2, 1])],
  [uniform([0, 0]), uniform([0, 2])],
];

export const triangularSolveSpace: Space<typeof triangularSolve> = (draw) => {
  const { dominant, uniform, shape, narrowed, length, pick } = draw;
  const [batch, n, columns] = [shape(0, 2), length(), length()];
  return [
    dominant([...narrowed(batch), n, n]),
    uniform([...pick(batch, narrowed(batch)), n, columns], -1, 1),
    pick(true, false),
    pick(false, true),
    pick(false, true),
  ];
};

export const triangularSolveBadSamples: BadSamples<typeof triangularSolve> = refusedBySolver('triangularSolve');
