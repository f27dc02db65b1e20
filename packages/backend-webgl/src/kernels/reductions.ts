import { type Kernel, type KernelTable, type Reduce, type Shape, sizeOf, stridesOf } from '@wengert/core/functions';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { EXACT, type GpuStorage } from '../texture.ts';
import { copyView, fill } from './movement.ts';

/** How elements are combined: `shifted` means that e^(x - m) is summed, with m the second input. */
interface Reduction {
  readonly name: string;
  readonly initial: string;
  readonly combine: (x: string, y: string) => string;
  readonly shifted?: boolean;
}

const perLane = (f: string) => (x: string, y: string) =>
  `vec4(${['x', 'y', 'z', 'w'].map((lane) => `${f}(${x}.${lane}, ${y}.${lane})`).join(', ')})`;

export const SUM: Reduction = { name: 'sum', initial: '0.0', combine: (x, y) => `${x} + ${y}` };
export const SUM_EXP: Reduction = { ...SUM, name: 'sumExp', shifted: true };
export const MAX: Reduction = { name: 'max', initial: '-wInfinity()', combine: perLane('wMax') };
const PROD: Reduction = { name: 'prod', initial: '1.0', combine: (x, y) => `${x} * ${y}` };
const MIN: Reduction = { name: 'min', initial: 'wInfinity()', combine: perLane('wMin') };

/** A tensor as [outer, length, inner], of which the middle axis is reduced. */
export interface Triple {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** Kernels that reduce axes. */
export function reductionKernels(device: Device): KernelTable {
  return {
    sum: overAxes(device, SUM),
    prod: overAxes(device, PROD),
    max: overAxes(device, MAX),
    min: overAxes(device, MIN),
  };
}

/** `shape` around neighbouring axes, or null where others lie between them. */
export function around(shape: Shape, axes: readonly number[]): Triple | null {
  const real = axes.filter((axis) => shape[axis] !== 1);
  if (real.length === 0) return { outer: sizeOf(shape), length: 1, inner: 1 };
  const [first, last] = [real[0], real[real.length - 1]];
  for (let axis = first; axis < last; axis++) if (shape[axis] !== 1 && !real.includes(axis)) return null;
  return {
    outer: sizeOf(shape.slice(0, first)),
    length: sizeOf(shape.slice(first, last + 1)),
    inner: sizeOf(shape.slice(last + 1)),
  };
}

function overAxes(device: Device, reduction: Reduction): Kernel<Reduce> {
  return (inputs, { axes }, [out]) => {
    const storages = gpuInputs(inputs);
    if (storages === null) return null;
    const [{ shape, dtype }] = inputs;
    const size = sizeOf(out.shape);
    const length = sizeOf(axes.map((axis) => shape[axis]));
    let { bound } = storages[0];
    if (reduction === PROD && dtype === 'int32') {
      bound = Math.max(bound, 1) ** length;
      if (bound > EXACT) return null;
    }
    if (reduction === SUM && dtype !== 'float32') {
      bound *= length;
      if (bound > EXACT) return null;
    }
    if (length === 0) return empty(device, reduction, dtype, size);
    if (size === 0) return [device.pool.allocate(0, bound)];
    const { storage, triple, owned } = gathered(device, storages[0], shape, axes);
    const result = reduce(device, reduction, [storage], triple, bound);
    if (owned) device.pool.free(storage);
    return [result];
  };
}

/** The reduction of nothing; the least and the greatest int32 are left to the fallback. */
function empty(device: Device, reduction: Reduction, dtype: string, size: number): [GpuStorage] | null {
  if (reduction === SUM || reduction === PROD) return [fill(device, size, reduction === SUM ? 0 : 1, 1)];
  if (dtype === 'int32') return null;
  if (dtype === 'bool') return [fill(device, size, reduction === MIN ? 1 : 0, 1)];
  return [fill(device, size, reduction === MIN ? Infinity : -Infinity, 1)];
}

/** The input with its reduced axes side by side: itself where they are, else a transposed copy. */
export function gathered(
  device: Device,
  storage: GpuStorage,
  shape: Shape,
  axes: readonly number[],
): { storage: GpuStorage; triple: Triple; owned: boolean } {
  const triple = around(shape, axes);
  if (triple !== null) return { storage, triple, owned: false };
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const perm = [...kept, ...axes];
  const strides = stridesOf(shape);
  const moved = copyView(
    device,
    storage,
    0,
    perm.map((axis) => strides[axis]),
    perm.map((axis) => shape[axis]),
  );
  const outer = sizeOf(kept.map((axis) => shape[axis]));
  return { storage: moved, triple: { outer, length: sizeOf(shape) / outer, inner: 1 }, owned: true };
}

/** Elements along the reduced axis that one invocation takes where there are few of these. */
export const CHUNK = 512;

/** Reduces the middle axis, in as many passes as it takes to occupy the GPU. */
export function reduce(
  device: Device,
  reduction: Reduction,
  inputs: readonly GpuStorage[],
  { outer, length, inner }: Triple,
  bound?: number,
): GpuStorage {
  const chunk = length > CHUNK && outer * inner < 2 ** 16 ? CHUNK / (inner > 1 ? 8 : 1) : length;
  const parts = Math.ceil(length / chunk);
  const size = outer * parts * inner;
  const form = inner % 4 === 0 ? 'across' : inner === 1 && (length % 4 === 0 || outer === 1) ? 'along' : 'single';
  const ints = [size, length, chunk, parts, form === 'across' ? inner / 4 : inner];
  const source = () => reduceSource(reduction, form);
  const partial = device.launch(`${reduction.name} ${form}`, source, inputs, ints, size, bound);
  if (parts === 1) return partial;
  const rest = reduction.shifted ? SUM : reduction;
  const result = reduce(device, rest, [partial], { outer, length: parts, inner }, bound);
  device.pool.free(partial);
  return result;
}

/**
 * The output is [outer, parts, inner]. `across` reads texels that hold four inner elements, `along` texels that hold
 * four of the reduced ones, `single` elements.
 */
function reduceSource(reduction: Reduction, form: 'across' | 'along' | 'single'): Source {
  const { initial, combine, shifted = false } = reduction;
  const place = `int outer = i, c = wTake(outer, inner), part = wTake(outer, parts);
int begin = part * chunk, end = min(begin + chunk, len);
vec4 sum = vec4(${initial});
`;
  const exp = 'v = vec4(wExp(v.x - m.x), wExp(v.y - m.y), wExp(v.z - m.z), wExp(v.w - m.w));\n';
  const step = (read: string) => `vec4 v = ${read};\n${shifted ? exp : ''}`;
  if (form === 'across') {
    const m = shifted ? 'vec4 m = wTexel(t1, s1, outer * inner + c);\n' : '';
    const glsl = `vec4 texel(int i) {
${place}${m}for (int k = begin; k < end; k++) {
${step('wTexel(t0, s0, (outer * len + k) * inner + c)')}sum = ${combine('sum', 'v')};
}
return sum;
}`;
    return { inputs: shifted ? 2 : 1, ints: REDUCE_INTS, glsl };
  }
  const m = shifted ? 'vec4 m = vec4(wElement(t1, s1, outer * inner + c));\n' : '';
  const first = combine('sum', 'sum.zwxy');
  const fold = `sum = ${first};\nsum = ${combine('sum', 'sum.yxwz')};\nreturn sum.x;`;
  // The last texel of a whole tensor may be padded, with anything.
  const along = `int base = outer * len;
for (int k = begin; k < end; k += 4) {
${step('wTexel(t0, s0, (base + k) >> 2)')}if (k + 4 > end) v = vec4(v.x, k + 1 < end ? v.y : ${initial}, k + 2 < end ? v.z : ${initial}, ${initial});
sum = ${combine('sum', 'v')};
}
${fold}`;
  const single = `for (int k = begin; k < end; k++) {
${step('vec4(wElement(t0, s0, (outer * len + k) * inner + c))')}sum = ${combine('sum', 'v')};
}
return sum.x;`;
  const glsl = `float element(int i) {
if (i >= size) return 0.0;
${place}${m}${form === 'along' ? along : single}
}
vec4 texel(int o) {
vec4 r = vec4(0.0);
for (int l = 0; l < 4; l++) r[l] = element(4 * o + l);
return r;
}`;
  return { inputs: shifted ? 2 : 1, ints: REDUCE_INTS, glsl };
}

export const REDUCE_INTS: readonly string[] = ['size', 'len', 'chunk', 'parts', 'inner'];
