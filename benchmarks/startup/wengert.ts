import '@wengert/backend-cpu';
import { grad, matMul, sum, tensor } from '@wengert/core/functions';

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
