import type { DType, Kernel, Shape } from '@wengert/core';

type Numbers = readonly number[];
type Axes = Kernel<{ readonly axes: Numbers }>;
type Axis = Kernel<{ readonly axis: number }>;
type Plain = Kernel<unknown>;
interface Windows {
  readonly axes: Numbers;
  readonly window: Numbers;
  readonly strides: Numbers;
  readonly dilations: Numbers;
}

export interface KernelTable {
  cast: Kernel<{ readonly dtype: DType }>;
  transpose: Kernel<{ readonly perm: Numbers }>;
  broadcastTo: Kernel<{ readonly shape: Shape }>;
  reverse: Axes;
  slice: Kernel<{ readonly begin: Numbers; readonly size: Numbers; readonly strides: Numbers }>;
  pad: Kernel<{ readonly low: Numbers; readonly high: Numbers; readonly interior: Numbers }>;
  concat: Axis;
  gather: Axis;
  scatterAdd: Kernel<{ readonly axis: number; readonly size: number }>;
  unfold: Kernel<Windows>;
  fold: Kernel<Windows & { readonly size: Numbers }>;
  sum: Axes;
  max: Axes;
  min: Axes;
  prod: Axes;
  mean: Axes;
  logSumExp: Axes;
  argMax: Axis;
  softmax: Axis;
  logSoftmax: Axis;
  cumsum: Kernel<{ readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean }>;
  sort: Kernel<{ readonly descending: boolean }>;
  matMul: Kernel<{ readonly transposeA: boolean; readonly transposeB: boolean }>;
  conv: Kernel<{
    readonly strides: Numbers;
    readonly pads: readonly (readonly [number, number])[];
    readonly dilations: Numbers;
    readonly inputDilations: Numbers;
  }>;
  conv2d: Kernel<{
    readonly strides: readonly [number, number];
    readonly pads: readonly [readonly [number, number], readonly [number, number]];
    readonly dilations: readonly [number, number];
  }>;
  fft: Kernel<{ readonly inverse: boolean }>;
  triangularSolve: Kernel<{ readonly lower: boolean; readonly transpose: boolean; readonly unitDiagonal: boolean }>;
  cholesky: Plain;
  solve: Plain;
  slogdet: Plain;
  eigh: Plain;
  qr: Plain;
}
export function kernelMap(table: Partial<KernelTable>): Map<string, Kernel> {
  return new Map(Object.entries(table) as [string, Kernel][]);
}
