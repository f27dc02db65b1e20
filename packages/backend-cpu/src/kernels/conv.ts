import { allocate, type Block, type DType, type KernelTable, type TypedArray } from '@wengert/core/functions';
import { make, view } from '../storage.ts';
import { asOneGroup, type ConvEngine, convolve, type Operand } from './convParts.ts';
import { convolveRows } from './convRows.ts';

interface ArrayMemory {
  readonly data: TypedArray;
  readonly length: number;
}

const memoryOf = (data: TypedArray): ArrayMemory => ({ data, length: data.length });

/** Sums of shifted and scaled rows, in which nothing is multiplied by the zeros around x. */
function engine(dtype: DType): ConvEngine<ArrayMemory> {
  return {
    scratch: (length) => memoryOf(allocate(dtype, length)),
    multiply({ axes, images, channels, outputs, x, from, filter, filterFrom, product, to }) {
      const positions = axes.reduce((count, axis) => count * axis.outputs.count, 1);
      const size = axes.reduce((count, axis) => count * axis.length, channels);
      for (let i = 0; i < images; i++) {
        const [image, result] = [from + i * size, to + i * positions * outputs];
        convolveRows(dtype, x.data, image, filter.data, filterFrom, axes, channels, outputs, product.data, result);
      }
    },
  };
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
    convolve(engine(out.dtype), operand(x), operand(filter), { ...out, memory: memoryOf(result.data) }, windows);
    return [result];
  },

  conv2d: (inputs, windows, [out]) => conv.conv?.(...asOneGroup(inputs, windows, out)) ?? null,
};
