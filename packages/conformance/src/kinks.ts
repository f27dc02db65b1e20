import * as w from '@wengert/core';

const { POSITIVE_INFINITY: INF, NaN: NAN } = Number;
const SELU = 1.7580993408473766;

/** A point where a function is not smooth, or is not finite, and the gradient that it has there all the same. */
export interface Kink {
  /** The op whose kink it is. */
  readonly op: string;
  readonly f: (...xs: w.Tensor[]) => w.Tensor;
  /** The arguments, each a list of elements. */
  readonly at: readonly (readonly number[])[];
  /** The gradients of the sum of `f`, by argument; zeros where there is none. */
  readonly gradients: readonly (readonly number[])[];
  /** The value of `f`. Default: is not checked. */
  readonly value?: readonly number[];
}

/** The n-th derivative of the sum of `f` of one argument: for n = 1 its gradient, from which later ones go on. */
function derivative(f: (x: w.Tensor) => w.Tensor, n: number): (x: w.Tensor) => w.Tensor {
  if (n === 0) return f;
  const before = derivative(f, n - 1);
  return (x) => {
    using tape = new w.GradientTape();
    tape.watch(x);
    const y = before(x);
    return tape.gradient(y, x, { unconnectedGradients: 'zero' });
  };
}

/** The derivatives of orders 1 to 4 of `f` at 0. */
function ordersAtZero(op: string, f: (x: w.Tensor) => w.Tensor, expected: readonly number[]): Kink[] {
  return expected.map((value, n) => ({ op, f: derivative(f, n), at: [[0]], gradients: [[value]] }));
}

/** The row of the Hessian of `f` that belongs to element `i`. */
function hessianRow(op: string, f: (x: w.Tensor) => w.Tensor, i: number, at: number[], row: number[]): Kink {
  const gradient = derivative(f, 1);
  return { op, f: (x) => w.slice(gradient(x), i, 1), at: [at], gradients: [row] };
}

/** Functions of one argument. */
const UNARY: [op: string, f: (x: w.Tensor) => w.Tensor, at: number[], gradient: number[], value?: number[]][] = [
  ['relu', w.relu, [0, -1, 1, NAN], [0, 0, 1, 1], [0, 0, 1, NAN]],
  ['relu6', w.relu6, [0, 3, 6, 7], [0, 1, 1, 0]],
  ['leakyRelu', (x) => w.leakyRelu(x, 0.3), [0, -1, 1], [0.3, 0.3, 1]],
  ['selu', w.selu, [0, 1000, -1000], [SELU, 1.0507009873554805, 0]],
  ['elu', w.elu, [0, 1000, -1000], [1, 1, 0]],
  ['abs', w.abs, [0, -2, 2], [0, -1, 1]],
  ['sign', w.sign, [0, 2], [0, 0]],
  ['floor', w.floor, [1, 1.5], [0, 0]],
  ['round', w.round, [0.5, 1.5], [0, 0]],
  ['ceil', w.ceil, [1, 1.5], [0, 0]],
  ['step', w.step, [0, 1], [0, 0]],
  ['sqrt', w.sqrt, [0, 4], [INF, 0.25]],
  ['log', w.log, [0, -2], [INF, -0.5], [-INF, NAN]],
  ['reciprocal', w.reciprocal, [0], [-INF], [INF]],
  ['clipByValue', (x) => w.clipByValue(x, -1, 1), [-1, 1, 1.1, -1.1], [1, 1, 0, 0]],
  ['max', (x) => w.max(x), [3, 1, 3], [0.5, 0, 0.5]],
  ['max', (x) => w.max(x.reshape([2, 2]), 1), [3, 3, 1, 2], [0.5, 0.5, 0, 1]],
  ['max', (x) => w.max(x), [1, NAN], [NAN, NAN], [NAN]],
  ['min', (x) => w.min(x), [1, 1, 3], [0.5, 0.5, 0]],
  ['min', (x) => w.min(x.reshape([2, 2]), 0), [3, 3, 3, 2], [0.5, 0, 0.5, 1]],
  ['std', (x) => w.std(x), [0.1, 0.1, 0.1], [0, 0, 0]],
  ['norm', (x) => w.norm(x), [0, 0], [0, 0]],
  ['norm', (x) => w.norm(x.reshape([1, 2]), 'fro', [0, 1]), [0, 0], [0, 0]],
  ['euclideanNorm', (x) => w.euclideanNorm(x), [0, 0], [0, 0]],
  ['topk', (x) => w.topk(x, 2).values, [3, 1, 3, 3], [1, 0, 1, 0]],
  ['maxPool', (x) => w.maxPool(x.reshape([2, 2, 1]), 2, 1, 'valid'), [1, 3, 3, 3], [0, 1, 0, 0]],
  ['sort', (x) => w.mul(w.sort(x), [1, 2, 3, 4]), [2, 1, 2, 2], [2, 1, 3, 4]],
  ['sort', (x) => w.mul(w.sort(x, -1, true), [1, 2, 3, 4]), [2, 1, 2, 2], [1, 4, 2, 3]],
  ['prod', (x) => w.prod(x), [2, 0, 3], [0, 6, 0]],
  ['cumprod', (x) => w.cumprod(x), [2, 0, 3], [1, 8, 0]],
  ['det', (x) => w.linalg.det(x.reshape([2, 2])), [1, 2, 2, 4], [4, -2, -2, 1]],
  ['det', (x) => w.linalg.det(x.reshape([3, 3])), [1, 0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1]],
  ['logSumExp', (x) => w.logSumExp(x), [100, -100], [1, Math.exp(-200)], [100]],
  ['logSumExp', (x) => w.logSumExp(x), [-100, -100], [0.5, 0.5], [Math.LN2 - 100]],
  ['logSumExp', (x) => w.logSumExp(x), [1000, -1000], [1, 0], [1000]],
  ['logSumExp', (x) => w.logSumExp(x), [-INF, -INF], [0, 0], [-INF]],
  ['softplus', w.softplus, [100, -100, 0], [1, Math.exp(-100), 0.5], [100, Math.exp(-100), Math.LN2]],
  ['softplus', w.softplus, [1000, -1000], [1, 0], [1000, 0]],
  ['sigmoid', w.sigmoid, [100, -100], [Math.exp(-100), Math.exp(-100)], [1, Math.exp(-100)]],
  ['sigmoid', w.sigmoid, [1000, -1000], [0, 0], [1, 0]],
  ['where', (x) => w.where([true, false], x, w.log(x)), [0, 2], [NAN, 0.5]],
  ['where', (x) => w.where(w.less(0, x), w.log(w.where(w.less(0, x), x, 1)), 0), [0, 2], [0, 0.5], [0, Math.LN2]],
];

type Row = readonly number[];

/** Functions of two arguments. */
const BINARY: [op: string, f: (a: w.Tensor, b: w.Tensor) => w.Tensor, a: Row, b: Row, byA: Row, byB: Row][] = [
  ['maximum', w.maximum, [1, 2, INF], [1, 1, INF], [0.5, 1, 0.5], [0.5, 0, 0.5]],
  ['minimum', w.minimum, [1, 2, -INF], [1, 1, -INF], [0.5, 0, 0.5], [0.5, 1, 0.5]],
  ['pow', w.pow, [0, 0, 0, 0], [0, -1, 1, 2], [0, -INF, 1, 0], [0, -INF, 0, 0]],
  ['pow', w.pow, [-2, -2], [3, 0], [12, 0], [NAN, NAN]],
  ['mul', (x, y) => w.mul(x, w.log(y)), [0, 0], [2, 1], [Math.LN2, 0], [0, 0]],
  ['floorDiv', w.floorDiv, [7, 6], [2, 2], [0, 0], [0, 0]],
  ['div', w.div, [1, -1, 0], [0, 0, 0], [INF, INF, INF], [-INF, INF, NAN]],
  ['hypot', w.hypot, [0, 3], [0, 4], [0, 0.6], [0, 0.8]],
  ['divNoNan', w.divNoNan, [1, 2], [0, 4], [0, 0.25], [0, -0.125]],
];

/**
 * What every backend returns at kinks and singular points. Where a function has several derivatives to choose from, this
 * is the choice; where it is smooth and only its usual formula breaks down, the derivative, at every order.
 */
export const KINKS: readonly Kink[] = [
  ...UNARY.map(
    ([op, f, at, gradient, value]): Kink => ({ op, f, at: [at], gradients: [gradient], ...(value && { value }) }),
  ),
  ...BINARY.map(([op, f, a, b, byA, byB]): Kink => ({ op, f, at: [a, b], gradients: [byA, byB] })),
  ...ordersAtZero('pow', (x) => w.pow(x, 1), [1, 0, 0, 0]),
  ...ordersAtZero('pow', (x) => w.pow(x, 2), [0, 2, 0, 0]),
  ...ordersAtZero('pow', (x) => w.pow(x, 3), [0, 0, 6, 0]),
  ...ordersAtZero('pow', (x) => w.pow(x, 4), [0, 0, 0, 24]),
  ...ordersAtZero('softplus', w.softplus, [0.5, 0.25, 0, -0.125]),
  ...ordersAtZero('elu', w.elu, [1, 1, 1, 1]),
  ...ordersAtZero('selu', w.selu, [SELU, SELU, SELU, SELU]),
  hessianRow('prod', (x) => w.prod(x), 1, [2, 0, 3, 0, 5], [0, 0, 0, 30, 0]),
  hessianRow('cumprod', (x) => w.slice(w.cumprod(x), 3, 1), 1, [2, 0, 3, 0, 5], [0, 0, 0, 6, 0]),
  hessianRow('norm', (x) => w.norm(x), 0, [0, 0], [0, 0]),
  hessianRow('std', (x) => w.std(x), 0, [1, 1], [0, 0]),
  hessianRow('max', (x) => w.max(x), 0, [1, 1], [0, 0]),
  hessianRow('hypot', (x) => w.hypot(x, 0), 0, [0, 3], [0, 0]),
  hessianRow('maximum', (x) => w.maximum(w.square(x), x), 0, [1, 2], [1, 0]),
  hessianRow('sqrt', w.sqrt, 0, [0, 4], [-INF, 0]),
  hessianRow('log', w.log, 0, [-2, 4], [-0.25, 0]),
  hessianRow('logSumExp', (x) => w.logSumExp(x), 0, [100, 100], [0.25, -0.25]),
  hessianRow('logSumExp', (x) => w.logSumExp(x), 0, [-INF, -INF], [0, 0]),
  {
    op: 'logSumExp',
    f: (x) => w.jvp((y) => w.logSumExp(y), [x], [w.onesLike(x)])[1],
    at: [[-INF, -INF]],
    gradients: [[0, 0]],
    value: [0],
  },
  hessianRow('det', (x) => w.linalg.det(x.reshape([2, 2])), 0, [1, 2, 2, 4], [0, 0, 0, 1]),
];
