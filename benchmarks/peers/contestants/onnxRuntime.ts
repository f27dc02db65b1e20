import * as ort from 'onnxruntime-web';
import type { Contestant, Trial } from '../../src/contestant.ts';
import type { Operand } from '../../src/problems.ts';
import { type Node, onnxModel } from '../shared/onnx.ts';

type Nodes = readonly Node[];

const one = (op: string, inputs: readonly string[], attributes: Node['attributes'] = {}): Nodes => [
  { op, inputs, output: 'y', attributes },
];

/** Images [batch, height, width, channels] as [batch, channels, height, width]. */
function channelsFirst({ data, shape }: Operand): Operand {
  const [batch, height, width, channels] = shape;
  const arranged = new Float32Array(data.length);
  for (let from = 0; from < data.length; from++) {
    const channel = from % channels;
    const pixel = Math.floor(from / channels);
    const image = Math.floor(pixel / (height * width));
    arranged[(image * channels + channel) * height * width + (pixel % (height * width))] = data[from];
  }
  return { data: arranged, shape: [batch, channels, height, width] };
}

/** Filters [height, width, inputs, outputs] as [outputs, inputs, height, width]. */
function outputsFirst({ data, shape: [height, width, inputs, outputs] }: Operand): Operand {
  const arranged = new Float32Array(data.length);
  for (let from = 0; from < data.length; from++) {
    const output = from % outputs;
    const input = Math.floor(from / outputs) % inputs;
    const at = Math.floor(from / (outputs * inputs));
    arranged[(output * inputs + input) * height * width + at] = data[from];
  }
  return { data: arranged, shape: [outputs, inputs, height, width] };
}

/** A session for the graph from the operands to `y`. */
async function graph(
  operands: Readonly<Record<string, Operand>>,
  shape: readonly number[],
  nodes: Nodes,
): Promise<Trial> {
  const names = Object.keys(operands);
  const inputs = Object.fromEntries(names.map((name) => [name, operands[name].shape]));
  const session = await ort.InferenceSession.create(onnxModel({ inputs, outputs: { y: shape }, nodes }), {
    executionProviders: ['wasm'],
  });
  const feeds = Object.fromEntries(
    names.map((name) => [name, new ort.Tensor('float32', operands[name].data, operands[name].shape)]),
  );
  return {
    async run(emit) {
      const { y } = await session.run(feeds);
      emit(y.data as Float32Array);
      y.dispose();
    },
  };
}

/** ONNX Runtime on WebAssembly SIMD, one thread: it runs graphs that are given as a whole, and gives no gradients. */
export const contestant: Contestant = {
  title: 'ort web',
  role: 'peer',
  packages: ['onnxruntime-web'],
  cannot: { tinyOps: 'it runs graphs, not single ops' },
  start() {
    ort.env.wasm.numThreads = 1;
  },
  tasks: {
    matMul({ a, b, transposeA, transposeB }) {
      const plain = !transposeA && !transposeB;
      const attributes = { transA: Number(transposeA), transB: Number(transposeB) };
      return graph({ a, b }, a.shape, plain ? one('MatMul', ['a', 'b']) : one('Gemm', ['a', 'b'], attributes));
    },
    add: ({ a, b }) => graph({ a, b }, a.shape, one('Add', ['a', 'b'])),
    broadcastAdd: ({ a, b }) => graph({ a, b }, a.shape, one('Add', ['a', 'b'])),
    exp: ({ x }) => graph({ x }, x.shape, one('Exp', ['x'])),
    tanh: ({ x }) => graph({ x }, x.shape, one('Tanh', ['x'])),
    chain: ({ a, b, c }) =>
      graph({ a, b, c, half: { data: new Float32Array([0.5]), shape: [] } }, a.shape, [
        { op: 'Mul', inputs: ['a', 'b'], output: 'product' },
        { op: 'Add', inputs: ['product', 'c'], output: 'shifted' },
        { op: 'Tanh', inputs: ['shifted'], output: 'bent' },
        ...one('Mul', ['bent', 'half']),
      ]),
    sum: ({ x }) => graph({ x }, [], one('ReduceSum', ['x'], { keepdims: 0 })),
    sumAxis0: ({ x }) => graph({ x }, [x.shape[1]], one('ReduceSum', ['x'], { axes: [0], keepdims: 0 })),
    sumAxis1: ({ x }) => graph({ x }, [x.shape[0]], one('ReduceSum', ['x'], { axes: [1], keepdims: 0 })),
    maxAxis1: ({ x }) => graph({ x }, [x.shape[0]], one('ReduceMax', ['x'], { axes: [1], keepdims: 0 })),
    softmax: ({ x }) => graph({ x }, x.shape, one('Softmax', ['x'], { axis: 1 })),
    transpose: ({ x }) => graph({ x }, [...x.shape].reverse(), one('Transpose', ['x'], { perm: [1, 0] })),
    async conv2d({ x, filter }) {
      const [batch, height, width] = x.shape;
      const shape = [batch, filter.shape[3], height, width];
      const attributes = { auto_pad: 'SAME_UPPER', kernel_shape: [3, 3] };
      const nodes = one('Conv', ['x', 'filter'], attributes);
      return {
        ...(await graph({ x: channelsFirst(x), filter: outputsFirst(filter) }, shape, nodes)),
        channelsFirst: shape,
      };
    },
    async maxPool({ x }) {
      const [batch, height, width, channels] = x.shape;
      const shape = [batch, channels, height / 2, width / 2];
      const nodes = one('MaxPool', ['x'], { kernel_shape: [2, 2], strides: [2, 2] });
      return { ...(await graph({ x: channelsFirst(x) }, shape, nodes)), channelsFirst: shape };
    },
  },
};
