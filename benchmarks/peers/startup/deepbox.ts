import { GradTensor, parameter, tensor } from 'deepbox/ndarray';

const matrix = (rows: number[][]) => tensor(rows, { dtype: 'float32' });
const a = parameter(
  matrix([
    [1, 2],
    [3, 4],
  ]),
);
a.matmul(
  GradTensor.fromTensor(
    matrix([
      [5, 6],
      [7, 8],
    ]),
  ),
)
  .sum()
  .backward();
if (a.grad?.data[0] !== 11) throw new Error('the gradient is wrong');
