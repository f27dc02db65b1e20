import { type Block, type KernelTable, type Output, sizeOf } from '@wengert/core/functions';
import { asOneGroup, convolve, meetsZeros, type Operand } from '../../kernels/convParts.ts';
import * as f32x4 from '../../wasm/f32x4.ts';
import * as i32 from '../../wasm/i32.ts';
import type { Definition } from '../../wasm/module.ts';
import * as v128 from '../../wasm/v128.ts';
import { addressOf, isFloat32, lazy, makeOnHeap, onHeap } from '../access.ts';
import { sumOfFloats } from '../reductions/folds.ts';
import { foldRun } from '../reductions/reductionLoop.ts';
import { Engine, HeapMemory } from './convEngine.ts';

/** Fewer multiplications cost less in a plain loop. */
const FEWEST = 4096;
const BYTES = 4;

/** Whether all floats from an address to before another are finite. */
const finiteLoop: Definition = {
  parameters: 2,
  result: 'i32',
  body(code) {
    const [at, end] = code.parameters;
    // What is not finite has NaN as its difference from itself.
    const sum = foldRun(code, sumOfFloats, at, end, (load) => f32x4.sub(load(at), load(at)));
    code.do(i32.eqz(v128.anyTrue(f32x4.ne(sum, sum))));
  },
};
const isFinite = lazy(() => finiteLoop);

function operand(block: Block): Operand<HeapMemory> {
  const { shape, dtype } = block;
  return { shape, dtype, memory: new HeapMemory(addressOf(block), sizeOf(shape)) };
}

function worthIt(filter: readonly number[], out: Output): boolean {
  const [channels, outputs] = filter.slice(-2);
  // Of a filter for each channel alone nothing is left to multiply in vectors.
  const narrow = channels * outputs < 4 && filter[0] > 1;
  return isFloat32(out) && !narrow && (sizeOf(out.shape) * sizeOf(filter)) / (outputs * filter[0] || 1) >= FEWEST;
}

/** Cross-correlations of float32. */
export const conv: KernelTable = {
  conv: onHeap(([x, filter], windows, [out]) => {
    if (!worthIt(filter.shape, out)) return null;
    // A product of the zeros around x with Infinity would be NaN.
    if (meetsZeros(windows)) {
      const weights = addressOf(filter);
      if (isFinite()(weights, weights + sizeOf(filter.shape) * BYTES) === 0) return null;
    }
    const [result, to] = makeOnHeap(out);
    const memory = new HeapMemory(to, result.length);
    convolve(new Engine(), operand(x), operand(filter), { ...out, memory }, windows);
    return [result];
  }),

  conv2d: (inputs, windows, [out]) => conv.conv?.(...asOneGroup(inputs, windows, out)) ?? null,
};
