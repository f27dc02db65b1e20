import { grad, init, numpy as np } from '@jax-js/jax';

await init('wasm');
const b = np.array([
  [5, 6],
  [7, 8],
]);
const slope = grad((x: np.Array) => np.matmul(x, b.ref).sum())(
  np.array([
    [1, 2],
    [3, 4],
  ]),
);
if ((await slope.data())[0] !== 11) throw new Error('the gradient is wrong');
