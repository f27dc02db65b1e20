import type { Contestant } from '../src/contestant.ts';
import { conv2d, maxPool } from '../src/imageLoops.ts';
import { addRows, chain, matMul, maxColumns, softmax, sum, sumColumns, sumRows, transpose } from '../src/loops.ts';
import { convTraining, curvature, mlpTraining } from '../src/naiveNetworks.ts';

/** Plain loops over float32: what anybody would write without a library. */
export const contestant: Contestant = {
  title: 'naive JS',
  role: 'bound',
  packages: [],
  cannot: { W6: 'it is arrays alone', 'W6-forgetful': 'it is arrays alone' },
  tasks: {
    matMul({ a, b, transposeA, transposeB }) {
      const [n] = a.shape;
      const product = { m: n, k: n, n, transposeA, transposeB };
      return { run: (emit) => emit(matMul(a.data, b.data, product)) };
    },
    add: ({ a, b }) => ({ run: (emit) => emit(addRows(a.data, b.data)) }),
    broadcastAdd: ({ a, b }) => ({ run: (emit) => emit(addRows(a.data, b.data)) }),
    exp: ({ x }) => ({ run: (emit) => emit(x.data.map(Math.exp)) }),
    tanh: ({ x }) => ({ run: (emit) => emit(x.data.map(Math.tanh)) }),
    chain: ({ a, b, c }) => ({ run: (emit) => emit(chain(a.data, b.data, c.data)) }),
    sum: ({ x }) => ({ run: (emit) => emit(sum(x.data)) }),
    sumAxis0: ({ x }) => ({ run: (emit) => emit(sumRows(x.data, x.shape[1])) }),
    sumAxis1: ({ x }) => ({ run: (emit) => emit(sumColumns(x.data, x.shape[1])) }),
    maxAxis1: ({ x }) => ({ run: (emit) => emit(maxColumns(x.data, x.shape[1])) }),
    softmax: ({ x }) => ({ run: (emit) => emit(softmax(x.data, x.shape[1])) }),
    transpose: ({ x }) => ({ run: (emit) => emit(transpose(x.data, x.shape[1])) }),
    conv2d({ x, filter }) {
      const [batch, height, width, inputs] = x.shape;
      const convolution = { batch, height, width, inputs, outputs: filter.shape[3], size: filter.shape[0] };
      return { run: (emit) => emit(conv2d(x.data, filter.data, convolution)) };
    },
    maxPool: ({ x }) => ({ run: (emit) => emit(maxPool(x.data, x.shape).out) }),
    mlpStep: mlpTraining,
    convStep: convTraining,
    hvp: curvature,
    scalarChain({ f, x, scale, shift, shrink, times }) {
      const result = new Float32Array(2);
      return {
        run(emit) {
          let y = x;
          let slope = 1;
          for (let i = 0; i < times; i++) {
            const inner = y * scale + shift;
            const outer = f === 'sin' ? Math.sin(inner) : Math.tanh(inner);
            slope *= scale * shrink * (f === 'sin' ? Math.cos(inner) : 1 - outer * outer);
            y = outer * shrink;
          }
          result[0] = y;
          result[1] = slope;
          emit(result.subarray(0, 1));
          emit(result.subarray(1));
        },
      };
    },
    tinyOps({ x, a, b, times }) {
      return {
        run(emit) {
          let y = x.data;
          for (let i = 0; i < times; i++) {
            const product = new Float32Array(16);
            for (let j = 0; j < 16; j++) product[j] = y[j] * a.data[j];
            y = addRows(product, b.data);
          }
          emit(y);
        },
      };
    },
  },
};
