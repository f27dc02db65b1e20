import { cpuBackendWith, products, reductions } from '@wengert/backend-cpu/families';
import { grad, matMul, registerBackend, sum, tensor } from '@wengert/core/functions';

registerBackend('cpu', () => cpuBackendWith([products, reductions]));

const [a, b] = [
  [
    [1, 2],
    [3, 4],
  ],
  [
    [5, 6],
    [7, 8],
  ],
].map((rows) => tensor(rows));
const slope = grad((x) => sum(matMul(x, b)))(a);
if (slope.dataSync()[0] !== 11) throw new Error('the gradient is wrong');
