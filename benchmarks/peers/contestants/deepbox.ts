import {
  add,
  dot,
  exp,
  GradTensor,
  logSoftmaxGrad,
  max,
  mul,
  mulScalar,
  parameter,
  softmax,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  transpose,
} from 'deepbox/ndarray';
import type { Contestant, Emit, Trial } from '../../src/contestant.ts';
import type { Classifier, Operand, Problems } from '../../src/problems.ts';

type Operands<P> = { readonly [K in keyof P as P[K] extends Operand ? K : never]: Tensor };

const tensorOf = ({ data, shape }: Operand): Tensor => tensor(data, { dtype: 'float32' }).reshape([...shape]);
const give = (emit: Emit, { data }: Tensor): void => emit(data as Float32Array);

function eager<P extends object>(f: (operands: Operands<P>, problem: P) => Tensor): (problem: P) => Trial {
  return (problem) => {
    const operands: Record<string, Tensor> = {};
    for (const [name, value] of Object.entries(problem)) {
      if (typeof value === 'object' && 'data' in value) operands[name] = tensorOf(value);
    }
    const known = operands as Operands<P>;
    return { run: (emit) => give(emit, f(known, problem)) };
  };
}

/** Rows in the order of memory; a transpose only changes strides. */
function contiguous(x: Tensor): Tensor {
  return mulScalar(x, 1);
}

function mlpLoss(images: GradTensor, labels: GradTensor, [w1, b1, w2, b2, w3, b3]: readonly GradTensor[]): GradTensor {
  const hidden = images.matmul(w1).add(b1).relu().matmul(w2).add(b2).relu();
  const [batch] = images.shape;
  const scale = GradTensor.fromTensor(tensor([-1 / batch], { dtype: 'float32' }));
  return logSoftmaxGrad(hidden.matmul(w3).add(b3)).mul(labels).sum().mul(scale);
}

function training(problem: Classifier): Trial {
  const images = GradTensor.fromTensor(tensorOf(problem.images));
  const labels = GradTensor.fromTensor(tensorOf(problem.labels));
  let weights = problem.weights.map((operand) => parameter(tensorOf(operand)));
  return {
    run(emit) {
      const loss = mlpLoss(images, labels, weights);
      loss.backward();
      weights = weights.map((weight) => {
        if (weight.grad === null) throw new Error('a weight has no gradient');
        // Plain tensors are not recorded.
        return parameter(sub(weight.tensor, mulScalar(weight.grad, problem.rate)));
      });
      give(emit, loss.tensor);
    },
    state: (emit) => {
      for (const weight of weights) give(emit, weight.tensor);
    },
  };
}

const fixed = (value: number): GradTensor => GradTensor.fromTensor(tensor([value], { dtype: 'float32' }));

/** Typed arrays with reverse mode, in plain JavaScript. */
export const contestant: Contestant = {
  title: 'deepbox',
  role: 'peer',
  packages: ['deepbox'],
  cannot: { W5d: 'its autograd has no sin', hvp: 'its gradients cannot be differentiated' },
  tasks: {
    matMul: eager<Problems['matMul']>(({ a, b }, p) =>
      dot(p.transposeA ? transpose(a) : a, p.transposeB ? transpose(b) : b),
    ),
    add: eager(({ a, b }) => add(a, b)),
    broadcastAdd: eager(({ a, b }) => add(a, b)),
    exp: eager(({ x }) => exp(x)),
    tanh: eager(({ x }) => tanh(x)),
    chain: eager(({ a, b, c }) => mulScalar(tanh(add(mul(a, b), c)), 0.5)),
    sum: eager(({ x }) => sum(x)),
    sumAxis0: eager(({ x }) => sum(x, 0)),
    sumAxis1: eager(({ x }) => sum(x, 1)),
    maxAxis1: eager(({ x }) => max(x, 1)),
    softmax: eager(({ x }) => softmax(x, 1)),
    transpose: eager(({ x }) => contiguous(transpose(x))),
    mlpStep: training,
    mlpStepForgetful: training,
    scalarChain({ x, scale, shift, shrink, times }) {
      const [a, b, c] = [scale, shift, shrink].map(fixed);
      return {
        run(emit) {
          const start = parameter(tensor([x], { dtype: 'float32' }));
          let y: GradTensor = start;
          for (let i = 0; i < times; i++) y = y.mul(a).add(b).tanh().mul(c);
          y.sum().backward();
          if (start.grad === null) throw new Error('there is no gradient');
          give(emit, y.tensor);
          give(emit, start.grad);
        },
      };
    },
    tinyOps: eager<Problems['tinyOps']>(({ x, a, b }, { times }) => {
      let y = x;
      for (let i = 0; i < times; i++) y = add(mul(y, a), b);
      return y;
    }),
  },
};
