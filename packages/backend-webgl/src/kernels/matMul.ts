import { type Block, type KernelTable, type MatMul, type Output, sizeOf } from '@wengert/core/functions';
import { eachElement } from '../glsl/elements.ts';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { EXACT, type GpuStorage } from '../texture.ts';
import { broadcastStrides, collapse, offsetInts, offsets } from '../views.ts';
import { copyView, fill } from './movement.ts';
import { padView } from './padding.ts';

/** One product as the programs see it: a [batch of a, m, k] or its transpose, b [batch of b, k, n] or its. */
interface Product extends MatMul {
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

export function matMulKernels(device: Device): KernelTable {
  return {
    matMul(inputs, attrs, [out]) {
      const storages = gpuInputs(inputs);
      if (storages === null) return null;
      const product = productOf(inputs, storages, attrs, out);
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
  { transposeA, transposeB }: MatMul,
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

/** From this number of multiplications on, four rows are computed at once. */
const LARGE = 2 ** 18;

/** Computes the product four columns at a time, with rows padded to whole texels, or small ones element by element. */
function multiply(device: Device, product: Product, size: number, bound: number | undefined): GpuStorage {
  const { m, n, k, transposeA, transposeB } = product;
  const aligned = !transposeA && k % 4 === 0 && n % 4 === 0;
  if (!aligned && size * k < SMALL) return single(device, product, size, bound);
  const large = size * k >= LARGE && m >= 8;
  const a = rows(device, product.a, m, k, transposeA);
  // Four rows at once read all of the last texels, so that b has to end with zeros where a does.
  const b = transposeB ? rows(device, product.b, n, k, false) : rows(device, product.b, k, n, false, large ? up(k) : k);
  const padded = { ...product, a, b };
  const wide = large ? tiled(device, padded, size / n, bound) : packed(device, padded, size / n, bound);
  if (a !== product.a) device.pool.free(a);
  if (b !== product.b) device.pool.free(b);
  if (n % 4 === 0) return wide;
  const result = copyView(device, wide, 0, [up(n), 1], [size / n, n]);
  device.pool.free(wide);
  return result;
}

function texels(n: number): number {
  return Math.ceil(n / 4);
}

function up(n: number): number {
  return 4 * texels(n);
}

/** Matrices whose rows begin at texels and end with zeros, `full` of them in each: the storage itself where they do. */
function rows(
  device: Device,
  storage: GpuStorage,
  height: number,
  width: number,
  transposed: boolean,
  full: number = height,
): GpuStorage {
  if (!transposed && width % 4 === 0 && full === height) return storage;
  const batch = storage.size / (height * width);
  const shape = [batch, height, width];
  const strides = transposed ? [height * width, 1, height] : [height * width, width, 1];
  if (width % 4 === 0 && full === height) return copyView(device, storage, 0, strides, shape);
  const none = [0, 0, 0];
  return padView(device, storage, shape, strides, { low: none, interior: none }, [batch, full, up(width)]);
}

/** The uniforms of `packed` and `tiled`, in the order of `PACKED_INTS`; `lines` are the rows of one matrix of b. */
function packedInts({ m, n, k, transposeB, dims, steps }: Product, lines: number): number[] {
  const [kw, nw] = [texels(k), texels(n)];
  const places = dims.length === 0 ? [] : [...dims.slice(1), 0, ...steps[0], 0, ...steps[1]];
  return [m, n, k, kw, nw, m * kw, transposeB ? n * kw : lines * nw, ...places];
}

const PACKED_INTS = ['m', 'n', 'k', 'kw', 'nw', 'sizeA', 'sizeB'];

/** The product of matrices whose rows are whole texels, `height` rows in all; its own rows are padded to texels. */
function packed(device: Device, product: Product, height: number, bound: number | undefined): GpuStorage {
  const { a, b, n, k, transposeB, dims } = product;
  const rank = dims.length;
  const source = () => packedSource(rank, transposeB);
  const key = `matMul ${rank} ${transposeB}`;
  return device.launch(key, source, [a, b], packedInts(product, k), height * up(n), bound);
}

/** As `packed`, four rows at a time into four textures, which are then dealt out. */
function tiled(device: Device, product: Product, height: number, bound: number | undefined): GpuStorage {
  const { a, b, m, n, k, transposeB, dims } = product;
  const rank = dims.length;
  const source = () => tiledSource(rank, transposeB);
  const lines = (height / m) * texels(m);
  const ints = packedInts(product, up(k));
  const key = `matMul tiled ${rank} ${transposeB}`;
  const quarters = device.launchAll(key, source, [a, b], ints, lines * up(n), bound, 4);
  const wide = device.launch('matMul deal', dealSource, quarters, [m, texels(m), texels(n)], height * up(n), bound);
  for (const quarter of quarters) device.pool.free(quarter);
  return wide;
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
  return { inputs: 2, ints: [...PACKED_INTS, ...(rank === 0 ? [] : offsetInts(rank, 2))], glsl };
}

function tiledSource(rank: number, transposeB: boolean): Source {
  const four = [0, 1, 2, 3];
  const step = transposeB
    ? four.map((r) => `sum${r} += vec4(${four.map((c) => `dot(v${r}, w${c})`).join(', ')});\n`)
    : four.map((r) => `sum${r} += v${r}.x * w0 + v${r}.y * w1 + v${r}.z * w2 + v${r}.w * w3;\n`);
  const readB = (c: number) =>
    transposeB
      ? `wTexel(t1, s1, b + min(4 * column + ${c}, n - 1) * kw + p)`
      : `wTexel(t1, s1, b + (4 * p + ${c}) * nw)`;
  const glsl = `vec4 texel(int o) {
int mw = (m + 3) >> 2;
int line = o / nw, column = o - line * nw;
int i = line / mw, r = 4 * (line - i * mw);
${batchPlaces(rank)}int b = o1 * sizeB${transposeB ? '' : ' + column'};
${four.map((k) => `int a${k} = o0 * sizeA + min(r + ${k}, m - 1) * kw;\nvec4 sum${k} = vec4(0.0);\n`).join('')}
for (int p = 0; p < kw; p++) {
${four.map((k) => `vec4 v${k} = wTexel(t0, s0, a${k} + p);\nvec4 w${k} = ${readB(k)};\n`).join('')}${step.join('')}}
more1 = sum1;
more2 = sum2;
more3 = sum3;
return sum0;
}`;
  return { inputs: 2, ints: [...PACKED_INTS, ...(rank === 0 ? [] : offsetInts(rank, 2))], outputs: 4, glsl };
}

function dealSource(): Source {
  const glsl = `vec4 texel(int o) {
int line = o / nw, column = o - line * nw;
int i = line / m, r = line - i * m;
int j = (i * mw + (r >> 2)) * nw + column;
r &= 3;
ivec2 at = ivec2(j & ((1 << s0) - 1), j >> s0);
if (r < 2) return r == 0 ? texelFetch(t0, at, 0) : texelFetch(t1, at, 0);
return r == 2 ? texelFetch(t2, at, 0) : texelFetch(t3, at, 0);
}`;
  return { inputs: 4, ints: ['m', 'mw', 'nw'], glsl };
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
