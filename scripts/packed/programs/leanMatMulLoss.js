import { cpuBackendWith, products, reductions } from '@wengert/backend-cpu/families';
import { grad, matMul, registerBackend, sum, tensor } from '@wengert/core/functions';

registerBackend('cpu', () => cpuBackendWith([products, reductions]), 2);

const w = tensor([
  [1, 2],
  [3, 4],
]);
const x = tensor([
  [1, 0],
  [1, 1],
]);
console.log(JSON.stringify(grad((v) => sum(matMul(x, v)))(w).arraySync()));
