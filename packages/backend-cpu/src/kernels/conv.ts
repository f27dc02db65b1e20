import { allocate, type Block, type DType, type KernelTable, type TypedArray } from '@wengert/core/functions';
import { make, view } from '../storage.ts';
import { asOneGroup, type ConvEngine, convolve, meetsZeros, type Operand, type Part } from './convParts.ts';
import { convolveRows } from './convRows.ts';
import { Gemm } from './gemm.ts';
import { patches } from './patches.ts';

/** Below so many products of channels and outputs a matrix product would be mostly packing. */
const FEW = 8;

interface ArrayMemory {
  readonly data: TypedArray;
  readonly length: number;
}

const memoryOf = (data: TypedArray): ArrayMemory => ({ data, length: data.length });

/** Plain loops: matrix products of patches, or, for few channels, sums of shifted rows. */
class Engine implements ConvEngine<ArrayMemory> {
  readonly #dtype: DType;
  readonly #gemm: Gemm;
  /** Whether zeros around x may be multiplied by the filter, as all of it is finite. */
  readonly #pads: boolean;

  constructor(dtype: DType, pads: boolean) {
    this.#dtype = dtype;
    this.#pads = pads;
    this.#gemm = new Gemm(dtype);
  }

  scratch(length: number): ArrayMemory {
    return memoryOf(allocate(this.#dtype, length));
  }

  multiply(part: Part<ArrayMemory>): void {
    const { axes, images, channels, outputs, from, filterFrom, to } = part;
    const [x, filter, product] = [part.x.data, part.filter.data, part.product.data];
    const positions = axes.reduce((count, axis) => count * axis.outputs.count, 1);
    if (channels * outputs <= FEW || !this.#pads) {
      const size = axes.reduce((count, axis) => count * axis.length, channels);
      for (let i = 0; i < images; i++) {
        const result = to + i * positions * outputs;
        convolveRows(this.#dtype, x, from + i * size, filter, filterFrom, axes, channels, outputs, product, result);
      }
    } else {
      const columns = axes.reduce((count, axis) => count * axis.taps.count, channels);
      const left = patches(this.#dtype, x, from, axes, channels);
      const right = { data: filter, offset: filterFrom, row: outputs, column: 1 };
      this.#gemm.multiply(images * positions, outputs, columns, left, right, product, to);
    }
  }
}

function operand(block: Block): Operand<ArrayMemory> {
  const { shape, dtype } = block;
  return { shape, dtype, memory: memoryOf(view(block)) };
}

/** Cross-correlations. */
export const conv: KernelTable = {
  conv([x, filter], windows, [out]) {
    if (out.dtype === 'bool') return null;
    const result = make(out);
    const memory = memoryOf(result.data);
    const finite = !meetsZeros(windows) || view(filter).every(Number.isFinite);
    convolve(new Engine(out.dtype, finite), operand(x), operand(filter), { ...out, memory }, windows);
    return [result];
  },

  conv2d: (inputs, windows, [out]) => conv.conv?.(...asOneGroup(inputs, windows, out)) ?? null,
};
