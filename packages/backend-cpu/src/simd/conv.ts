import { type Block, type KernelTable, type Output, sizeOf, type TypedArray } from '@wengert/core/functions';
import {
  asOneGroup,
  type ConvEngine,
  convolve,
  type Memory,
  meetsZeros,
  type Operand,
  type Part,
} from '../kernels/convParts.ts';
import { f32x4, i32, v128 } from '../wasm/instructions.ts';
import type { Definition } from '../wasm/module.ts';
import { addressOf, heapView, isFloat32, lazy, makeOnHeap, onHeap, scratch } from './access.ts';
import { multiply } from './gemm.ts';
import { patchLoop } from './patchLoop.ts';

/** Fewer multiplications cost less in a plain loop. */
const FEWEST = 4096;
/** So many columns of patches are made at a time, if one line of taps has no more, and so many of their elements. */
const COLUMNS = 512;
const ELEMENTS = 2 ** 15;
const BYTES = 4;

const patchLine = lazy(() => patchLoop);

/** Whether all floats from an address to before another are finite. */
const finiteLoop: Definition = {
  parameters: ['i32', 'i32'],
  result: 'i32',
  body(code) {
    const [at, end] = [0, 1].map((i) => code.parameter(i));
    const sum = code.let('v128', code.floats(0));
    const value = code.local('v128');
    const step = (size: number, load: typeof v128.load): void =>
      code.while(i32.le(i32.add(at, i32.const(size)), end), () => {
        code.set(value, load(at));
        // What is not finite has NaN as its difference from itself.
        code.set(sum, f32x4.add(sum, f32x4.sub(value, value)));
        code.set(at, i32.add(at, i32.const(size)));
      });
    step(16, v128.load);
    step(BYTES, v128.load32);
    code.do(i32.eqz(v128.anyTrue(f32x4.ne(sum, sum))));
  },
};
const isFinite = lazy(() => finiteLoop);

class HeapMemory implements Memory {
  readonly address: number;
  readonly length: number;

  constructor(address: number, length: number) {
    this.address = address;
    this.length = length;
  }

  get data(): TypedArray {
    return heapView('float32', this.address, this.length);
  }
}

/** Working memory that is asked for again and again while a kernel runs. */
class Room {
  #address = 0;
  #bytes = 0;

  atLeast(bytes: number): number {
    if (bytes > this.#bytes) {
      this.#address = scratch(bytes);
      this.#bytes = bytes;
    }
    return this.#address;
  }
}

/** Matrix products of patches, which are made block by block, and the filter. */
class Engine implements ConvEngine<HeapMemory> {
  readonly #patches = new Room();
  readonly #positions = new Room();

  scratch(length: number): HeapMemory {
    return new HeapMemory(scratch(length * BYTES), length);
  }

  multiply({ x, from, axes, images, channels, outputs, filter, filterFrom, product, to }: Part<HeapMemory>): void {
    const [depth, height, width] = axes;
    const line = width.taps.count * channels;
    const lines = depth.taps.count * height.taps.count;
    const rows = images * depth.outputs.count * height.outputs.count * width.outputs.count;
    const together = Math.max(1, Math.min(lines, Math.floor(COLUMNS / Math.max(1, line))));
    const tall = Math.max(16, Math.min(rows, 256, Math.floor(ELEMENTS / (together * line))));
    const patches = this.#patches.atLeast(tall * together * line * BYTES);
    const positions = this.#positions.atLeast(width.positions.length * BYTES);
    heapView('int32', positions, width.positions.length).set(width.positions);
    if (lines * line === 0) product.data.fill(0, to, to + rows * outputs);
    for (let first = 0; first < lines && line > 0; first += together) {
      const columns = Math.min(together, lines - first) * line;
      const right = filter.address + (filterFrom + first * line * outputs) * BYTES;
      for (let row = 0; row < rows; row += tall) {
        const count = Math.min(tall, rows - row);
        for (let k = 0; k * line < columns; k++) {
          this.#line(
            x.address + from * BYTES,
            axes,
            channels,
            first + k,
            row,
            count,
            positions,
            patches + k * line * BYTES,
            columns,
          );
        }
        const result = product.address + (to + row * outputs) * BYTES;
        multiply(count, outputs, columns, patches, columns * BYTES, right, result, first > 0);
      }
    }
  }

  /** The patches' columns for one line of taps, of `count` rows from `row` on. */
  #line(
    x: number,
    [depth, height, width]: Part<HeapMemory>['axes'],
    channels: number,
    tap: number,
    row: number,
    count: number,
    positions: number,
    to: number,
    columns: number,
  ): void {
    const [kd, kh] = [Math.floor(tap / height.taps.count), tap % height.taps.count];
    const across = width.outputs.count;
    const taps = width.taps.count;
    const patch = patchLine();
    for (let done = 0; done < count; ) {
      const ow = (row + done) % across;
      const rest = (row + done - ow) / across;
      const oh = rest % height.outputs.count;
      const outer = (rest - oh) / height.outputs.count;
      const od = outer % depth.outputs.count;
      const image = (outer - od) / depth.outputs.count;
      const pd = depth.positions[od * depth.taps.count + kd];
      const ph = height.positions[oh * height.taps.count + kh];
      const run = Math.min(across - ow, count - done);
      const start = ((image * depth.length + pd) * height.length + ph) * width.length * channels;
      const line = pd < 0 || ph < 0 ? 0 : x + start * BYTES;
      patch(to + done * columns * BYTES, columns * BYTES, line, positions + ow * taps * BYTES, run, taps, channels);
      done += run;
    }
  }
}

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
