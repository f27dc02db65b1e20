import {
  type Block,
  type Output,
  type Shape,
  type Spec,
  sizeOf,
  stridesOf,
  type TypedArray,
} from '@wengert/core/functions';
import { reshaped } from '../storage.ts';
import { axisParts, type ConvAxis, NO_AXIS, type Windows } from './convAxis.ts';
import { copy } from './copy.ts';

/** Where a convolution reads and writes. */
export interface Memory {
  /** The elements, as long as no further memory is asked for. */
  readonly data: TypedArray;
  readonly length: number;
}

/** A tensor of a convolution. */
export interface Operand<M> extends Spec {
  readonly memory: M;
}

/** A convolution of one group in which all outputs see the same taps. */
export interface Part<M> {
  readonly x: M;
  readonly from: number;
  readonly filter: M;
  readonly filterFrom: number;
  readonly axes: readonly ConvAxis[];
  readonly images: number;
  readonly channels: number;
  readonly outputs: number;
  readonly product: M;
  readonly to: number;
}

/** What computes the parts, and where. */
export interface ConvEngine<M extends Memory> {
  scratch(length: number): M;
  /** Stores [images, ...positions of the outputs, outputs] in the product, from `to` on. */
  multiply(part: Part<M>): void;
}

/** x [G, N, ...S, C] with filter [G, ...K, C, O] to [G, N, ...S', O]. */
export function convolve<M extends Memory>(
  engine: ConvEngine<M>,
  x: Operand<M>,
  filter: Operand<M>,
  out: Operand<M>,
  windows: Windows,
): void {
  if (out.memory.length === 0) return;
  const parts = threeOf(
    [NO_AXIS],
    x.shape.slice(2, -1).map((length, i) => axisParts(out.shape[i + 2], filter.shape[i + 1], length, windows, i)),
  );
  for (const depth of parts[0]) {
    for (const height of parts[1]) {
      for (const width of parts[2]) convolvePart(engine, x, filter, out, [depth, height, width]);
    }
  }
}

/** Adds axes in front until there are three. */
function threeOf<T>(none: T, axes: readonly T[]): T[] {
  return [...new Array<T>(3 - axes.length).fill(none), ...axes];
}

/** The outputs of one part of each axis, for all groups and images. */
function convolvePart<M extends Memory>(
  engine: ConvEngine<M>,
  x: Operand<M>,
  filter: Operand<M>,
  out: Operand<M>,
  axes: readonly ConvAxis[],
): void {
  const { dtype } = out;
  const [groups, images] = x.shape;
  const [channels, outputs] = filter.shape.slice(-2);
  const outShape = [groups, images, ...threeOf(1, out.shape.slice(2, -1)), outputs];
  const filterShape = [...threeOf(1, filter.shape.slice(1, -2)), channels * outputs];
  const counts = axes.map((axis) => axis.outputs.count);
  const taps = axes.map((axis) => axis.taps.count);
  const positions = images * sizeOf(counts);
  const columns = sizeOf(taps) * channels;
  const whole = axes.every(({ outputs }) => outputs.step === 1);
  const all = axes.every(({ taps }) => taps.step === 1);
  const product = whole ? out.memory : engine.scratch(positions * outputs);
  const part = all ? filter.memory : engine.scratch(columns * outputs);
  const filterSteps = stridesOf(filterShape);
  const outSteps = stridesOf(outShape);
  for (let g = 0; g < groups; g++) {
    const filterAt = (g * filter.memory.length) / groups;
    if (!all) {
      const shape = [...taps, channels * outputs];
      const offset = axes.reduce((sum, axis, i) => sum + axis.taps.first * filterSteps[i], filterAt);
      const strides = filterSteps.map((step, i) => (i < 3 ? step * axes[i].taps.step : step));
      const { data } = part;
      copy(dtype, shape, { data, offset: 0, strides: stridesOf(shape) }, { data: filter.memory.data, offset, strides });
    }
    const to = whole ? g * positions * outputs : 0;
    engine.multiply({
      x: x.memory,
      from: (g * x.memory.length) / groups,
      filter: part,
      filterFrom: all ? filterAt : 0,
      axes,
      images,
      channels,
      outputs,
      product,
      to,
    });
    if (!whole) {
      const shape = [images, ...counts, outputs];
      const offset = axes.reduce((sum, axis, i) => sum + axis.outputs.first * outSteps[i + 2], g * outSteps[0]);
      const strides = outSteps.slice(1).map((step, i) => (i > 0 && i < 4 ? step * axes[i - 1].outputs.step : step));
      const { data } = product;
      copy(dtype, shape, { data: out.memory.data, offset, strides }, { data, offset: 0, strides: stridesOf(shape) });
    }
  }
}

/** Whether part of the filter may lie beyond x, where matrix products multiply it by zeros. */
export function meetsZeros({ pads }: Windows): boolean {
  return pads.some(([low, high]) => low > 0 || high > 0);
}

/** The arguments of the kernel of `conv2d` as those of the one of `conv`. */
export function asOneGroup(
  inputs: readonly Block[],
  windows: Omit<Windows, 'inputDilations'>,
  out: Output,
): [Block[], Windows, Output[]] {
  const grouped = (shape: Shape): Shape => [1, ...shape];
  const blocks = inputs.map((block) => reshaped(block, grouped(block.shape)));
  return [blocks, { ...windows, inputDilations: [1, 1] }, [{ ...out, shape: grouped(out.shape) }]];
}
