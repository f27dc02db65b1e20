// Wrong calls must not compile: each line under @ts-expect-error is one, and an unused directive fails the type check.

import {
  add,
  conv2d,
  customGrad,
  GradientTape,
  grad,
  hessian,
  type KernelTable,
  matMul,
  mul,
  pointwise,
  scalar,
  sum,
  sumOp,
  type Tensor,
  tensor,
  tidy,
  type Unary,
  variable,
  vjp,
} from '@wengert/core';
import type { Samples } from '@wengert/core/samples';

const x: Tensor = scalar(1);

add(x, 1);
x.add([1, 2]).sum(0).matMul(x);
// @ts-expect-error: a missing operand
add(x);
// @ts-expect-error: an attribute that add does not have
add(x, 1, 2);
// @ts-expect-error: strings are no tensors
add(x, '1');
// @ts-expect-error: null is no tensor
add(null, 1);
// @ts-expect-error: axes are numbers
sum(x, 'all');
// @ts-expect-error: a method takes what its function takes
x.sum('all');
// @ts-expect-error: no such method
x.sume();
// @ts-expect-error: transposeA is a boolean
matMul(x, x, 1);
// @ts-expect-error: an unknown padding
conv2d(x, x, 1, 'some');
// @ts-expect-error: an unknown dtype
tensor([1], [1], 'float16');
// @ts-expect-error: shapes are numbers
tensor([1], ['1']);
// @ts-expect-error: missing attributes of an internal op
sumOp([x]);
// @ts-expect-error: misspelt attributes
sumOp([x], { axis: [0] });
// @ts-expect-error: a tensor keeps its shape
x.shape = [2];

grad((y) => mul(y, y))(1);
// @ts-expect-error: the function must return a tensor
grad((y) => y.shape);
// @ts-expect-error: hessian differentiates a function
hessian(x);
// @ts-expect-error: tidy is synchronous
tidy(async () => x);
// @ts-expect-error: a variable's trainable flag is a boolean
variable(1, 'yes');
// @ts-expect-error: one primal is missing
vjp((a: Tensor, b: Tensor) => mul(a, b), [x]);

const tape = new GradientTape();
// @ts-expect-error: an unknown option
new GradientTape({ persist: true });
// @ts-expect-error: a source must be a tensor or a structure of them
tape.gradient(x, 1);
const maybe: Tensor | null = tape.gradient(x, x);
const certain: Tensor = tape.gradient(x, x, { unconnectedGradients: 'zero' });
// @ts-expect-error: without 'zero' a gradient may be null
const uncertain: Tensor = tape.gradient(x, x);
const named: { a: Tensor | null; b: (Tensor | null)[] } = tape.gradient(x, { a: x, b: [x] });
// @ts-expect-error: the structure is that of the sources
tape.gradient(x, { a: x }).b;

// The parameters of a custom function need no annotation.
export const custom: (x: Tensor) => Tensor = customGrad((y, save) => {
  save([y]);
  return { value: mul(y, y), gradFunc: (dy, [saved]) => mul(dy, saved) };
});
// @ts-expect-error: a custom gradient needs a pullback
customGrad((y: Tensor) => ({ value: y }));

// @ts-expect-error: a unary op has one partial
export const wrongPartials: Unary = pointwise('wrong', { partials: [() => 1, () => 1] });
// @ts-expect-error: samples must be argument lists of the function
export const wrongSamples: Samples<typeof sum> = ({ uniform }) => [[uniform([2]), 'all']];
export const table: KernelTable = {
  sum: ([y], { axes }, [out]) => [{ y, axes, out }],
  // @ts-expect-error: an attribute that the op does not have
  max: (_inputs, { axis }) => [{ axis }],
  // @ts-expect-error: no op of this name
  summ: () => null,
};

export { certain, maybe, named, uncertain };
