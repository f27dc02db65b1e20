import '@wengert/backend-cpu';
import '@wengert/backend-reference';
import '@wengert/backend-webgl';
import * as conformance from '@wengert/conformance';
import { GradientTape, grad, type Tensor, tensor } from '@wengert/core';
import * as functions from '@wengert/core/functions';
import * as samples from '@wengert/core/samples';
import * as optimizers from '@wengert/optimizers';

const x: Tensor = tensor([1, 2, 3]);
const derivative: (x: Tensor) => Tensor = grad((y: Tensor) => y.mul(y).sum());
const tape: GradientTape = new GradientTape();
export const sines: Tensor = functions.sin(derivative(x));
export const rest: object[] = [tape, conformance, samples, optimizers];

// @ts-expect-error: a tensor is no number, so the types are really there.
export const wrong: number = x;
