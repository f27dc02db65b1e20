import type { TensorLike } from '../../convert.ts';
import type { DataFormat } from '../../imageBatch.ts';
import type { BadSamples, Draw, Samples, Space } from '../../sampling.ts';
import type { Tensor } from '../../tensor.ts';
import type { Padding, Pair, RoundingMode } from '../../window.ts';
import { inPair, scene } from '../../windowSpaces.ts';
import { conv2d } from '../conv2d.ts';
import { depthwiseConv2d } from '../depthwiseConv2d.ts';
import { matMul } from '../matMul.ts';
import { type Epilogue, epilogue, finished } from './epilogue.ts';

/** The arguments of `fused.matMul`. */
export interface FusedMatMul extends Epilogue {
  readonly a: TensorLike;
  readonly b: TensorLike;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** The arguments of `fused.conv2d` and `fused.depthwiseConv2d`. */
export interface FusedConv2d extends Epilogue {
  readonly x: TensorLike;
  readonly filter: TensorLike;
  readonly strides: number | Pair;
  readonly pad: Padding;
  readonly dataFormat?: DataFormat;
  readonly dilations?: number | Pair;
  readonly dimRoundingMode?: RoundingMode | null | undefined;
}

/**
 * `matMul` with a bias, then an activation: tfjs's `fused.matMul`.
 * @example
 * fused.matMul({ a: [[1, -2]], b: [[1, 0], [0, 1]], bias: [1, 1], activation: 'relu' }).print(); // [[2, 0]]
 */
export function fusedMatMul(args: FusedMatMul): Tensor {
  return finished('fusedMatMul', matMul(args.a, args.b, args.transposeA, args.transposeB), args);
}

/**
 * `conv2d` with a bias, then an activation: tfjs's `fused.conv2d`.
 * @example
 * fused.conv2d({ x: [[[1], [-2]]], filter: [[[[2]]]], strides: 1, pad: 'same', bias: 1, activation: 'relu6' }).print(); // [[[3], [0]]]
 */
export function fusedConv2d(args: FusedConv2d): Tensor {
  const { x, filter, strides, pad, dataFormat, dilations, dimRoundingMode } = args;
  const y = conv2d(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode);
  return finished('fusedConv2d', y, args, dataFormat === 'NCHW');
}

/**
 * `depthwiseConv2d` with a bias, then an activation: tfjs's `fused.depthwiseConv2d`.
 * @example
 * fused.depthwiseConv2d({ x: [[[1, 2]]], filter: [[[[3], [4]]]], strides: 1, pad: 'same', bias: [-4, 0], activation: 'relu' }).print(); // [[[0, 8]]]
 */
export function fusedDepthwiseConv2d(args: FusedConv2d): Tensor {
  const { x, filter, strides, pad, dataFormat, dilations, dimRoundingMode } = args;
  const y = depthwiseConv2d(x, filter, strides, pad, dataFormat, dilations, dimRoundingMode);
  return finished('fusedDepthwiseConv2d', y, args, dataFormat === 'NCHW');
}

export const fusedMatMulSamples: Samples<typeof fusedMatMul> = ({ uniform, exactly }) => [
  [{ a: uniform([2, 3]), b: uniform([3, 2]) }],
  [{ a: uniform([3, 2]), b: uniform([2, 3]), transposeA: true, transposeB: true, bias: uniform([2]) }],
  [{ a: uniform([2, 2, 3]), b: uniform([3, 2]), bias: uniform([2, 1]), activation: 'sigmoid' }],
  [
    {
      a: exactly([[1, -2]]),
      b: exactly([
        [2, 0],
        [0, 1],
      ]),
      activation: 'prelu',
      preluActivationWeights: exactly([0.2, 0.3]),
    },
  ],
  [{ a: uniform([0, 2]), b: uniform([2, 1]), bias: 1, activation: 'leakyrelu', leakyreluAlpha: 0.1 }],
];

function fusedScene(draw: Draw) {
  const { images, window, strides, pad, channelsFirst, dilations, rounding } = scene(draw, inPair);
  const dataFormat: DataFormat = channelsFirst ? 'NCHW' : 'NHWC';
  return { images, window, channels: draw.int(1, 3), strides, pad, dataFormat, dilations, dimRoundingMode: rounding };
}

export const fusedMatMulSpace: Space<typeof fusedMatMul> = (draw) => {
  const { uniform, pick, length, shape, narrowed } = draw;
  const [batch, m, k, n] = [shape(0, 2), length(), length(), length()];
  const [transposeA, transposeB] = [pick(false, true), pick(false, true)];
  const a = uniform([...batch, ...(transposeA ? [k, m] : [m, k])]);
  const b = uniform([...narrowed(batch), ...(transposeB ? [n, k] : [k, n])]);
  return [{ a, b, transposeA, transposeB, ...epilogue(draw, n) }];
};

export const fusedConv2dSamples: Samples<typeof fusedConv2d> = ({ uniform }) => [
  [{ x: uniform([2, 3, 3, 2]), filter: uniform([2, 2, 2, 3]), strides: 1, pad: 'same', bias: uniform([3]) }],
  [
    {
      x: uniform([2, 3, 3]),
      filter: uniform([2, 1, 2, 2]),
      strides: 1,
      pad: 1,
      dataFormat: 'NCHW',
      bias: uniform([2]),
      activation: 'sigmoid',
    },
  ],
  [
    {
      x: uniform([3, 2, 1], 0.5, 1),
      filter: uniform([2, 2, 1, 2], -1, -0.5),
      strides: [2, 1],
      pad: 0,
      dilations: 1,
      dimRoundingMode: 'floor',
      activation: 'prelu',
      preluActivationWeights: uniform([2]),
    },
  ],
];

export const fusedConv2dSpace: Space<typeof fusedConv2d> = (draw) => {
  const { images, window, channels, ...args } = fusedScene(draw);
  const features = draw.int(1, 2);
  const filter = draw.uniform([...window, channels, features], -1, 1);
  return [{ ...args, x: draw.uniform(images(channels)), filter, ...epilogue(draw, features) }];
};

export const fusedDepthwiseConv2dSamples: Samples<typeof fusedDepthwiseConv2d> = ({ uniform }) => [
  [
    {
      x: uniform([1, 3, 3, 2]),
      filter: uniform([2, 2, 2, 2]),
      strides: 1,
      pad: 'valid',
      bias: uniform([4]),
      activation: 'sigmoid',
    },
  ],
  [
    {
      x: uniform([2, 3, 3]),
      filter: uniform([2, 2, 2, 1]),
      strides: 1,
      pad: 'same',
      dataFormat: 'NCHW',
      bias: uniform([2]),
      dilations: 2,
    },
  ],
];

export const fusedDepthwiseConv2dSpace: Space<typeof fusedDepthwiseConv2d> = (draw) => {
  const { images, window, channels, ...args } = fusedScene(draw);
  const multiplier = draw.int(1, 2);
  const filter = draw.uniform([...window, channels, multiplier], -1, 1);
  return [{ ...args, x: draw.uniform(images(channels)), filter, ...epilogue(draw, channels * multiplier) }];
};

export const fusedMatMulBadSamples: BadSamples<typeof fusedMatMul> = ({ uniform, wrong }) => [
  { args: [{ a: uniform([2, 3]), b: uniform([2, 3]) }], error: 'ShapeError', names: ['matMul', '[2,3]'] },
  {
    args: [{ a: uniform([2, 3]), b: uniform([3, 2]), bias: uniform([3]) }],
    error: 'ShapeError',
    names: ['fusedMatMul', '[3]', '[2,2]'],
  },
  {
    args: [{ a: uniform([2, 3]), b: uniform([3, 2]), activation: wrong('tanh') }],
    error: 'ArgumentError',
    names: ['fusedMatMul', 'tanh'],
  },
  {
    args: [{ a: uniform([2, 3]), b: uniform([3, 2]), activation: 'prelu' }],
    error: 'ArgumentError',
    names: ['fusedMatMul', 'preluActivationWeights'],
  },
];

/* @__NO_SIDE_EFFECTS__ */
function refusedConv(op: string, plain: string): BadSamples<typeof fusedConv2d> {
  return ({ uniform, wrong }) => {
    const filter = uniform([2, 2, 1, 1]);
    return [
      { args: [{ x: uniform([3]), filter, strides: 1, pad: 1 }], error: 'ShapeError', names: [plain, '[3]'] },
      { args: [{ x: wrong(null), filter, strides: 1, pad: 1 }], error: 'ArgumentError', names: [plain, 'null'] },
      {
        args: [{ x: uniform([3, 3, 1]), filter, strides: 1, pad: 'same', bias: uniform([2]) }],
        error: 'ShapeError',
        names: [op, '[2]'],
      },
    ];
  };
}

export const fusedConv2dBadSamples: BadSamples<typeof fusedConv2d> = refusedConv('fusedConv2d', 'conv2d');
export const fusedDepthwiseConv2dBadSamples: BadSamples<typeof fusedDepthwiseConv2d> = refusedConv(
  'fusedDepthwiseConv2d',
  'depthwiseConv2d',
);
