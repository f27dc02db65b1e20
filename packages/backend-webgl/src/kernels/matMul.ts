import { type Block, type Kernel, type Output, sizeOf } from '@wengert/core';
import { eachElement } from '../glsl/elements.ts';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { EXACT, type GpuStorage } from '../texture.ts';
import { broadcastStrides, collapse, offsetInts, offsets } from '../views.ts';
import { copyView, fill } from './movement.ts';
import { padView } from './padding.ts';

interface MatMulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** One product as the programs see it: a [batch of a, m, k] or its transpose, b [batch of b, k, n] or its. */
interface Product extends MatMulAttrs {
  readonly a: GpuStorage;
  readonly b: GpuStorage;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Lengths of the batch, and for both inputs how many matrices a step along each axis moves. */
  readonly dims: readonly number[];
  readonly steps: readonly (readonly number[])[];
}

/** Below this number of multiplications, rows that do not fill texels are read element by element. */
const SMALL = 2 ** 15;

export function matMulKernels(device: Device): Record<string, Kernel> {
  return {
    matMul(inputs, attrs, [out]) {
      const storages = gpuInputs(inputs);
      if (storages === null) return null;
      const product = productOf(inputs, storages, attrs as MatMulAttrs, out);
      const size = sizeOf(out.shape);
      let bound: number | undefined;
      if (out.dtype !== 'float32') {
        bound = storages[0].bound * storages[1].bound * product.k;
        // A sum of bools would have to become one again.
        if (out.dtype === 'bool' || bound > EXACT) return null;
      }
      if (size === 0) return [device.pool.allocate(0, bound)];
      if (product.k === 0) return [fill(device, size, 0, 1)];
      return [multiply(device, product, size, bound)];
    },
  };
}

function productOf(
  [a, b]: readonly Block[],
  [first, second]: readonly GpuStorage[],
  { transposeA, transposeB }: MatMulAttrs,
  { shape }: Output,
): Product {
  const m = shape[shape.length - 2];
  const n = shape[shape.length - 1];
  const k = a.shape[a.shape.length - (transposeA ? 2 : 1)];
  const batch = shape.slice(0, -2);
  const batchA = a.shape.slice(0, -2);
  const batchB = b.shape.slice(0, -2);
  const common = { a: first, b: second, n, k, transposeA, transposeB };
  // One matrix on the right takes all rows on the left at once.
  if (!transposeA && sizeOf(batchB) === 1) return { ...common, m: m * sizeOf(batch), dims: [], steps: [[], []] };
  const { dims, steps } = collapse(batch, [broadcastStrides(batchA, batch), broadcastStrides(batchB, batch)]);
  return { ...common, m, dims, steps };
}

/** Computes the product four columns at a time, with rows padded to whole texels, or small ones element by element. */
function multiply(device: Device, product: Product, size: number, bound: number | undefined): GpuStorage {
  const { m, n, k, transposeA, transposeB } = product;
  const aligned = !transposeA && k % 4 === 0 && n % 4 === 0;
  if (!aligned && size * k < SMALL) return single(device, product, size, bound);
  const a = rows(device, product.a, m, k, transposeA);
  const b = transposeB ? rows(device, product.b, n, k, false) : rows(device, product.b, k, n, false);
  const wide = packed(device, { ...product, a, b }, size / n, bound);
  if (a !== product.a) device.pool.free(a);
  if (b !== product.b) device.pool.free(b);
  if (n % 4 === 0) return wide;
  const result = copyView(device, wide, 0, [4 * texels(n), 1], [size / n, n]);
  device.pool.free(wide);
  return result;
}

function texels(n: number): number {
  return Math.ceil(n / 4);
}

/** Matrices of `height` rows that begin at texels and end with zeros: the storage itself where they do. */
function rows(device: Device, storage: GpuStorage, height: number, width: number, transposed: boolean): GpuStorage {
  if (!transposed && width % 4 === 0) return storage;
  const batch = storage.size / (height * width);
  const strides = transposed ? [height * width, 1, height] : [height * width, width, 1];
  const out = [batch, height, 4 * texels(width)];
  if (width % 4 === 0) return copyView(device, storage, 0, strides, out);
  return padView(device, storage, [batch, height, width], strides, { low: [0, 0, 0], interior: [0, 0, 0] }, out);
}

/** The product of matrices whose rows are whole texels, `height` rows in all; its own rows are padded to texels. */
function packed(device: Device, product: Product, height: number, bound: number | undefined): GpuStorage {
  const { a, b, m, n, k, transposeB, dims, steps } = product;
  const widths = { k: texels(k), n: texels(n) };
  const sizes = { a: m * widths.k, b: transposeB ? n * widths.k : k * widths.n };
  const rank = dims.length;
  const places = rank === 0 ? [] : [...dims.slice(1), 0, ...steps[0], 0, ...steps[1]];
  const ints = [m, n, k, widths.k, widths.n, sizes.a, sizes.b, ...places];
  const source = () => packedSource(rank, transposeB);
  return device.launch(`matMul ${rank} ${transposeB}`, source, [a, b], ints, height * widths.n * 4, bound);
}

/** GLSL that leaves the numbers of the matrices of a and b for matrix `i` of the output in `o0` and `o1`. */
function batchPlaces(rank: number): string {
  return rank === 0 ? 'int o0 = 0, o1 = 0;\n' : offsets(rank, 2);
}

function packedSource(rank: number, transposeB: boolean): Source {
  const columns = ['x', 'y', 'z', 'w'];
  const step = transposeB
    ? columns
        .map((lane, l) => `sum.${lane} += dot(v, wTexel(t1, s1, b + min(4 * column + ${l}, n - 1) * kw + p));\n`)
        .join('')
    : `int row = b + 4 * p * nw + column;
sum += v.x * wTexel(t1, s1, row);
if (4 * p + 1 < k) sum += v.y * wTexel(t1, s1, row + nw);
if (4 * p + 2 < k) sum += v.z * wTexel(t1, s1, row + 2 * nw);
if (4 * p + 3 < k) sum += v.w * wTexel(t1, s1, row + 3 * nw);
`;
  const glsl = `vec4 texel(int o) {
int line = o / nw, column = o - line * nw;
int i = line / m, r = line - i * m;
${batchPlaces(rank)}int a = o0 * sizeA + r * kw, b = o1 * sizeB;
vec4 sum = vec4(0.0);
for (int p = 0; p < kw; p++) {
vec4 v = wTexel(t0, s0, a + p);
${step}}
return sum;
}`;
  const ints = ['m', 'n', 'k', 'kw', 'nw', 'sizeA', 'sizeB', ...(rank === 0 ? [] : offsetInts(rank, 2))];
  return { inputs: 2, ints, glsl };
}

/** Every element by itself, wherever its row and column lie. */
function single(device: Device, product: Product, size: number, bound: number | undefined): GpuStorage {
  const { a, b, m, n, k, transposeA, transposeB, dims, steps } = product;
  const rank = dims.length;
  const places = rank === 0 ? [] : [...dims.slice(1), 0, ...steps[0], 0, ...steps[1]];
  const inA = transposeA ? [1, m] : [k, 1];
  const inB = transposeB ? [k, 1] : [1, n];
  const ints = [size, m, n, k, ...inA, ...inB, ...places];
  return device.launch(`matMul single ${rank}`, () => singleSource(rank), [a, b], ints, size, bound);
}

function singleSource(rank: number): Source {
  const glsl = eachElement(`int line = i / n, column = i - line * n;
i = line / m;
int r = line - i * m;
${batchPlaces(rank)}int a = o0 * m * k + r * rowA, b = o1 * k * n + column * columnB;
float sum = 0.0;
for (int p = 0; p < k; p++) sum += wElement(t0, s0, a + p * stepA) * wElement(t1, s1, b + p * stepB);
return sum;`);
  const ints = ['size', 'm', 'n', 'k', 'rowA', 'stepA', 'columnB', 'stepB', ...(rank === 0 ? [] : offsetInts(rank, 2))];
  return { inputs: 2, ints, glsl };
}
