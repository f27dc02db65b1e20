import { GradientTape, grad, tensor } from '@wengert/core';
import '@wengert/backend-cpu';

const x = tensor([1, 2, 3]);
const cubes = grad((y) => y.mul(y).mul(y).sum());
const tape = new GradientTape();
tape.watch(x);
const loss = x.mul(x).sum();
const squares = tape.gradient(loss, x);

console.log(JSON.stringify([[...cubes(x).dataSync()], [...squares.dataSync()]]));
