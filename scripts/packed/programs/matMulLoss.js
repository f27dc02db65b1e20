import { grad, matMul, sum, tensor } from '@wengert/core/functions';
import '@wengert/backend-cpu';

const w = tensor([
  [1, 2],
  [3, 4],
]);
const x = tensor([
  [1, 0],
  [1, 1],
]);
console.log(JSON.stringify(grad((v) => sum(matMul(x, v)))(w).arraySync()));
