import { grad, init, type jit, jvp, lax, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import type { Contestant, Emit, Trial } from '../../src/contestant.ts';
import type { Classifier, Operand, Problems } from '../../src/problems.ts';

type A = np.Array;
type Operands<P> = { readonly [K in keyof P as P[K] extends Operand ? K : never]: A };
type AnyFunction = Parameters<typeof jit>[0];

/** Compiles a function, or leaves it as it is. */
export type Prepare = <F extends AnyFunction>(f: F) => F;

// In jax-js a function consumes its arguments; `.ref` is one further claim.

const arrayOf = ({ data, shape }: Operand): A => np.array(data, { shape: [...shape] });
const refs = (arrays: readonly A[]): A[] => arrays.map((array) => array.ref);

function give(emit: Emit, arrays: readonly A[]): void {
  for (const array of arrays) emit(array.dataSync() as Float32Array);
}

function crossEntropy(labels: A, logits: A): A {
  const [batch] = logits.shape;
  return nn
    .logSoftmax(logits)
    .mul(labels)
    .sum()
    .mul(-1 / batch);
}

function mlpLoss([w1, b1, w2, b2, w3, b3]: A[], images: A, labels: A): A {
  const first = nn.relu(np.matmul(images, w1).add(b1));
  const second = nn.relu(np.matmul(first, w2).add(b2));
  return crossEntropy(labels, np.matmul(second, w3).add(b3));
}

const maxPool = (x: A): A => lax.reduceWindow(x, np.max, [2, 2], [2, 2]);

/** Channels first, as the library's convolution wants them; the dense layer takes them last. */
function convLoss([f1, b1, f2, b2, w, b]: A[], images: A, labels: A): A {
  const block = (x: A, f: A, bias: A): A => {
    const [channels] = bias.shape;
    return maxPool(nn.relu(lax.conv(x, f, [1, 1], 'SAME').add(bias.reshape([channels, 1, 1]))));
  };
  const features = block(block(images, f1, b1), f2, b2);
  const rows = np.transpose(features, [0, 2, 3, 1]).reshape([labels.shape[0], -1]);
  return crossEntropy(labels, np.matmul(rows, w).add(b));
}

const channelsFirst = (images: A): A => np.transpose(images, [0, 3, 1, 2]);
const outputsFirst = (filter: A): A => np.transpose(filter, [3, 2, 0, 1]);

/** Makes the lazy transposes real, so that no run pays for them. */
function settled(array: A): A {
  const { shape } = array;
  return np.array(array.dataSync() as Float32Array<ArrayBuffer>, { shape });
}

/** The tasks as programs of jax-js, each prepared by `prepare`. */
export function jax(prepare: Prepare): Pick<Contestant, 'start' | 'tasks'> {
  function pure<P extends object>(
    f: (operands: Operands<P>, problem: P) => A,
    arrange: (array: A, name: string) => A = (array) => array,
  ): (problem: P) => Trial {
    return (problem) => {
      const names: string[] = [];
      const arrays: A[] = [];
      for (const [name, value] of Object.entries(problem)) {
        if (typeof value !== 'object' || !('data' in value)) continue;
        names.push(name);
        arrays.push(settled(arrange(arrayOf(value), name)));
      }
      const call = prepare((given: A[]): A => {
        const operands = Object.fromEntries(names.map((name, i) => [name, given[i]]));
        return f(operands as Operands<P>, problem);
      });
      return { run: (emit) => give(emit, [call(refs(arrays))]) };
    };
  }

  function training(loss: typeof mlpLoss, images: boolean, forgetful: boolean) {
    return (problem: Classifier): Trial => {
      const arrange = (array: A): A => (images && array.ndim === 4 ? settled(outputsFirst(array)) : array);
      const x = arrayOf(problem.images);
      const input = images ? settled(channelsFirst(x)) : x;
      const labels = arrayOf(problem.labels);
      let weights = problem.weights.map((operand) => arrange(arrayOf(operand)));
      const step = prepare((given: A[], batch: A, wanted: A): [A, A[]] => {
        const [value, gradients] = valueAndGrad(loss)(refs(given), batch, wanted);
        return [value, given.map((weight, i) => weight.sub((gradients as A[])[i].mul(problem.rate)))];
      });
      return {
        run(emit) {
          const [value, next] = step(forgetful ? refs(weights) : weights, input.ref, labels.ref);
          weights = next;
          give(emit, [forgetful ? value.ref : value]);
        },
        state(emit) {
          const last = (weight: A): A => (weight.ndim === 4 ? np.transpose(weight.ref, [2, 3, 1, 0]) : weight.ref);
          give(emit, weights.map(last));
        },
      };
    };
  }

  const imageShape = (channels: number, side: number) => [8, channels, side, side];
  const conv2d = pure<Problems['conv2d']>(
    ({ x, filter }) => lax.conv(x, filter, [1, 1], 'SAME'),
    (array, name) => (name === 'x' ? channelsFirst(array) : outputsFirst(array)),
  );
  const pool = pure<Problems['maxPool']>(({ x }) => maxPool(x), channelsFirst);

  return {
    async start() {
      const devices = await init('wasm');
      if (!devices.includes('wasm')) throw new Error('the wasm device does not start');
    },
    tasks: {
      matMul: pure<Problems['matMul']>(({ a, b }, p) =>
        np.matmul(p.transposeA ? a.transpose() : a, p.transposeB ? b.transpose() : b),
      ),
      add: pure(({ a, b }) => a.add(b)),
      broadcastAdd: pure(({ a, b }) => a.add(b)),
      exp: pure(({ x }) => np.exp(x)),
      tanh: pure(({ x }) => np.tanh(x)),
      chain: pure(({ a, b, c }) => np.tanh(a.mul(b).add(c)).mul(0.5)),
      sum: pure(({ x }) => x.sum()),
      sumAxis0: pure(({ x }) => x.sum(0)),
      sumAxis1: pure(({ x }) => x.sum(1)),
      maxAxis1: pure(({ x }) => np.max(x, 1)),
      softmax: pure(({ x }) => nn.softmax(x)),
      // Only noted until it is read.
      transpose: pure(({ x }) => x.transpose()),
      conv2d: (problem) => ({ ...conv2d(problem), channelsFirst: imageShape(32, 28) }),
      maxPool: (problem) => ({ ...pool(problem), channelsFirst: imageShape(16, 14) }),
      mlpStep: training(mlpLoss, false, false),
      mlpStepForgetful: training(mlpLoss, false, true),
      convStep: training(convLoss, true, false),
      hvp(problem) {
        const images = arrayOf(problem.images);
        const labels = arrayOf(problem.labels);
        const weights = problem.weights.map(arrayOf);
        const vectors = problem.vectors.map(arrayOf);
        const product = prepare((w: A[], v: A[], x: A, y: A): A[] => {
          const slope = (at: A[]): A[] => grad(mlpLoss)(at, x, y) as A[];
          const [gradients, products] = jvp(slope, [w], [v]);
          for (const gradient of gradients) gradient.dispose();
          return products;
        });
        return { run: (emit) => give(emit, product(refs(weights), refs(vectors), images.ref, labels.ref)) };
      },
      scalarChain({ f, x, scale, shift, shrink, times }) {
        const outer = f === 'sin' ? np.sin : np.tanh;
        const end = (start: A): A => {
          let y = start;
          for (let i = 0; i < times; i++) y = outer(y.mul(scale).add(shift)).mul(shrink);
          return y;
        };
        const differentiate = prepare((start: A): [A, A] => valueAndGrad(end)(start) as [A, A]);
        const start = np.array(x);
        return { run: (emit) => give(emit, differentiate(start.ref)) };
      },
      tinyOps: pure<Problems['tinyOps']>(({ x, a, b }, { times }) => {
        let y = x;
        for (let i = 0; i < times; i++) y = y.mul(a.ref).add(b.ref);
        a.dispose();
        b.dispose();
        return y;
      }),
    },
  };
}
