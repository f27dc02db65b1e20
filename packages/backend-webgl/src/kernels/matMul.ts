import { type Block, type KernelTable, type MatMul, type Output, sizeOf } from '@wengert/core/functions';
import { eachElement } from '../glsl/elements.ts';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { EXACT, type GpuStorage } from '../texture.ts';
import { broadcastStrides, collapse, offsetInts, offsets } from '../views.ts';
import { deal, ROWS } from './deal.ts';
import { copyView, fill } from './movement.ts';
import { padView } from './padding.ts';
import { products, type Walk, walkCode, walkKey, walkOf } from './walks.ts';

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

/** Below this number of multiplications one launch is made, be it slower than what two or more would do. */
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

/** Computes the product four columns at a time, with rows padded to whole texels, or small ones element by element. */
function multiply(device: Device, product: Product, size: number, bound: number | undefined): GpuStorage {
  const { m, n, k, transposeA, transposeB } = product;
  const aligned = !transposeA && k % 4 === 0 && n % 4 === 0;
  if (!aligned && size * k < SMALL) return single(device, product, size, bound);
  const a = transposeA ? rows(device, product.a, m) : rows(device, product.a, k);
  const b = transposeB ? rows(device, product.b, k) : rows(device, product.b, n);
  const wide = tiled(device, { ...product, a, b }, size / n, bound);
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

/** Matrices whose rows begin at texels and end with zeros: the storage itself where they do. */
function rows(device: Device, storage: GpuStorage, width: number): GpuStorage {
  if (width % 4 === 0) return storage;
  const shape = [storage.size / width, width];
  return padView(device, storage, shape, [width, 1], { low: [0, 0], interior: [0, 0] }, [shape[0], up(width)]);
}

/** The product of matrices whose rows are whole texels, `height` rows in all; its own rows are padded to texels. */
function tiled(device: Device, product: Product, height: number, bound: number | undefined): GpuStorage {
  const { a, b, m, n, k, transposeA, transposeB, dims, steps } = product;
  const rank = dims.length;
  const [widthA, widthB] = [texels(transposeA ? m : k), texels(transposeB ? k : n)];
  const left = walkOf(a, widthA, transposeA ? 'columns' : 'rows');
  const right = walkOf(b, widthB, transposeB ? 'rows' : 'columns');
  const places = rank === 0 ? [] : [...dims.slice(1), 0, ...steps[0], 0, ...steps[1]];
  const [sizeA, sizeB] = [(transposeA ? k : m) * widthA, (transposeB ? n : k) * widthB];
  const ints = [m, n, k, texels(n), widthA, widthB, sizeA, sizeB, ...places];
  // Four rows at once need a fourth of the reads, and another launch that brings them together.
  const count = !transposeA && (m < ROWS || height * n * k < SMALL) ? 1 : ROWS;
  const ragged = k % 4 !== 0;
  const source = () => tiledSource(rank, left, right, count, ragged);
  const key = `matMul ${rank} ${walkKey(left)} ${walkKey(right)} ${count} ${ragged}`;
  const width = up(n);
  const lines = (height / m) * Math.ceil(m / count);
  const parts = device.launchAll(key, source, [a, b], ints, lines * width, bound, count);
  return count === 1 ? parts[0] : deal(device, parts, m, texels(n), height * width);
}

/** GLSL that leaves the numbers of the matrices of a and b for matrix `i` of the output in `o0` and `o1`. */
function batchPlaces(rank: number): string {
  return rank === 0 ? 'int o0 = 0, o1 = 0;\n' : offsets(rank, 2);
}

const TILED_INTS = ['m', 'n', 'k', 'nw', 'widthA', 'widthB', 'sizeA', 'sizeB'];

function tiledSource(rank: number, left: Walk, right: Walk, count: number, ragged: boolean): Source {
  const four = [0, 1, 2, 3];
  const rows = four.slice(0, count);
  const a = walkCode(left, 0, 'widthA');
  const b = walkCode(right, 1, 'widthB');
  const placesA =
    left.along === 'rows'
      ? rows.map((i) => `a + min(r + ${i}, m - 1) * widthA`)
      : four.map((c) => `a + (r >> 2) + ${c} * widthA`);
  const placesB =
    right.along === 'rows'
      ? four.map((c) => `b + min(4 * column + ${c}, n - 1) * widthB`)
      : four.map((c) => `b + column + ${c} * widthB`);
  // What lies below the last row, or in another matrix, must not get into the sums. Rows end with zeros.
  const end = (c: number, name: string, walk: Walk): string =>
    ragged && c > 0 && walk.along === 'columns' ? `if (p + ${c} >= k) ${name}${c} = vec4(0.0);\n` : '';
  const glsl = `vec4 texel(int o) {
int lines = (m + ${count - 1}) / ${count};
int i = o, column = wTake(i, nw), r = ${count} * wTake(i, lines);
${batchPlaces(rank)}int a = o0 * sizeA, b = o1 * sizeB;
${a.start(placesA)}${b.start(placesB)}${rows.map((k) => `vec4 sum${k} = vec4(0.0);\n`).join('')}for (int p = 0; p < k; p += 4) {
${placesA.map((_, c) => `vec4 v${c} = ${a.read(c)};\n${end(c, 'v', left)}`).join('')}${placesB.map((_, c) => `vec4 w${c} = ${b.read(c)};\n${end(c, 'w', right)}`).join('')}${products(count, left.along, right.along)}${a.step}${b.step}}
${rows
  .slice(1)
  .map((k) => `more${k} = sum${k};\n`)
  .join('')}return sum0;
}`;
  return { inputs: 2, ints: [...TILED_INTS, ...(rank === 0 ? [] : offsetInts(rank, 2))], outputs: count, glsl };
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
  const glsl = eachElement(`int column = wTake(i, n), r = wTake(i, m);
${batchPlaces(rank)}int a = o0 * m * k + r * rowA, b = o1 * k * n + column * columnB;
float sum = 0.0;
for (int p = 0; p < k; p++) sum += wElement(t0, s0, a + p * stepA) * wElement(t1, s1, b + p * stepB);
return sum;`);
  const ints = ['size', 'm', 'n', 'k', 'rowA', 'stepA', 'columnB', 'stepB', ...(rank === 0 ? [] : offsetInts(rank, 2))];
  return { inputs: 2, ints, glsl };
}
