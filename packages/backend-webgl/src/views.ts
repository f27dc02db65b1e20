import { type Shape, stridesOf } from '@wengert/core/functions';
import { eachElement } from './glsl/elements.ts';
import type { Device, Source } from './program.ts';
import type { GpuStorage } from './texture.ts';

/** Where the elements of an output lie in an input: element c is at base + the sum of c[axis] * strides[axis]. */
export interface View {
  readonly storage: GpuStorage;
  readonly base: number;
  readonly strides: readonly number[];
}

/** A pointwise program over views: a GLSL expression of x, y, z, and so on, one for each view. */
export interface PointwiseMap {
  readonly key: string;
  readonly expression: string;
}

/** The names of the values in expressions. */
const VARIABLES = ['x', 'y', 'z', 'w'];

/** The strides with which `from` has to be read under NumPy's broadcasting to `to`. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const added = to.length - from.length;
  return to.map((_, i) => (i < added || from[i - added] === 1 ? 0 : strides[i - added]));
}

/** Leaves out axes of length 1 and joins neighbours that all views run through as one. */
export function collapse(shape: Shape, strides: readonly (readonly number[])[]): { dims: number[]; steps: number[][] } {
  const dims: number[] = [];
  const steps: number[][] = strides.map(() => []);
  for (let axis = 0; axis < shape.length; axis++) {
    const n = shape[axis];
    if (n === 1) continue;
    const last = dims.length - 1;
    if (last >= 0 && strides.every((list, k) => steps[k][last] === list[axis] * n)) {
      dims[last] *= n;
      for (const [k, list] of strides.entries()) steps[k][last] = list[axis];
    } else {
      dims.push(n);
      for (const [k, list] of strides.entries()) steps[k].push(list[axis]);
    }
  }
  return { dims, steps };
}

/**
 * Computes a map over views into a new storage. Views that lie in memory as the output does are read texel by texel;
 * where the innermost axis allows it, so are the others; else each element is looked up by itself.
 */
export function mapViews(
  device: Device,
  map: PointwiseMap,
  views: readonly View[],
  shape: Shape,
  bound: number,
): GpuStorage {
  const size = shape.reduce((product, n) => product * n, 1);
  const storages = views.map((view) => view.storage);
  if (size === 0) return device.pool.allocate(0, bound);
  const { dims, steps } = collapse(
    shape,
    views.map((view) => view.strides),
  );
  // A view is flat where it covers its storage in order, and so has the output's texture; constant where it is one element.
  const kinds = views.map(({ storage, base }, k) => {
    if (steps[k].every((step) => step === 0)) return base === 0 ? 'c' : 'v';
    return base === 0 && dims.length === 1 && steps[k][0] === 1 && storage.size === size ? 'f' : 'v';
  });
  if (!kinds.includes('v')) {
    const key = `${map.key} ${kinds.join('')}`;
    return device.launch(key, () => flatSource(map, kinds), storages, [], size, bound);
  }
  const rank = Math.max(dims.length, 1);
  const packed = dims.length > 0 && dims[rank - 1] % 4 === 0 && views.every((view, k) => isPacked(view.base, steps[k]));
  const kindsPacked = steps.map((list) => (list[rank - 1] === 1 ? 'p' : 's'));
  const ints = packed
    ? packedInts(dims, steps, views, kindsPacked)
    : [...dims.slice(1), ...views.flatMap((view, k) => [view.base, ...(dims.length > 0 ? steps[k] : [0])])];
  const key = `${map.key} ${packed ? kindsPacked.join('') : 'e'.repeat(views.length)} ${rank}`;
  const source = () => (packed ? packedSource(map, rank, kindsPacked) : elementSource(map, rank, views.length));
  return device.launch(key, source, storages, packed ? ints : [size, ...ints], size, bound);
}

/** Whether the innermost axis is contiguous or repeated, so that four outputs come from one texel. */
function isPacked(base: number, steps: readonly number[]): boolean {
  const last = steps.length - 1;
  if (steps[last] === 0) return true;
  return steps[last] === 1 && base % 4 === 0 && steps.every((step, axis) => axis === last || step % 4 === 0);
}

function packedInts(dims: number[], steps: number[][], views: readonly View[], kinds: readonly string[]): number[] {
  const lengths = [...dims.slice(1, -1), dims[dims.length - 1] / 4];
  if (dims.length === 1) lengths.length = 0;
  const places = views.flatMap(({ base }, k) => {
    if (kinds[k] === 's') return [base, ...steps[k]];
    return [base / 4, ...steps[k].slice(0, -1).map((step) => step / 4), 1];
  });
  return [...lengths, ...places];
}

/** Names of the uniforms that `offsets` reads: lengths of all axes but the first; base and steps of each view. */
export function offsetInts(rank: number, views: number): string[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return [
    ...axes.slice(1).map((axis) => `d${axis}`),
    ...Array.from({ length: views }, (_, k) => [`b${k}`, ...axes.map((axis) => `p${k}x${axis}`)]).flat(),
  ];
}

/** GLSL that takes the index `i` of an output apart and leaves its place in view k in `o<k>`. */
export function offsets(rank: number, views: number): string {
  const all = Array.from({ length: views }, (_, k) => k);
  let code = `int q, c;\n${all.map((k) => `int o${k} = b${k};\n`).join('')}`;
  for (let axis = rank - 1; axis > 0; axis--) {
    code += `q = i / d${axis}; c = i - q * d${axis}; i = q;\n`;
    code += all.map((k) => `o${k} += c * p${k}x${axis};\n`).join('');
  }
  return code + all.map((k) => `o${k} += i * p${k}x0;\n`).join('');
}

function formula({ expression }: PointwiseMap, count: number): string {
  return `float formula(${VARIABLES.slice(0, count).map((name) => `float ${name}`)}) { return ${expression}; }\n`;
}

const lanes = (count: number): string =>
  `vec4(${['x', 'y', 'z', 'w'].map(
    (lane) => `formula(${Array.from({ length: count }, (_, k) => `v${k}.${lane}`).join(', ')})`,
  )})`;

function flatSource(map: PointwiseMap, kinds: readonly string[]): Source {
  const reads = kinds.map((kind, k) =>
    kind === 'f'
      ? `vec4 v${k} = texelFetch(t${k}, ivec2(gl_FragCoord.xy), 0);\n`
      : `vec4 v${k} = texelFetch(t${k}, ivec2(0), 0).xxxx;\n`,
  );
  const glsl = `${formula(map, kinds.length)}vec4 texel(int o) {\n${reads.join('')}return ${lanes(kinds.length)};\n}`;
  return { inputs: kinds.length, ints: [], glsl };
}

function packedSource(map: PointwiseMap, rank: number, kinds: readonly string[]): Source {
  const reads = kinds.map((kind, k) =>
    kind === 'p'
      ? `vec4 v${k} = wTexel(t${k}, s${k}, o${k});\n`
      : `vec4 v${k} = vec4(wElement(t${k}, s${k}, o${k}));\n`,
  );
  const glsl = `${formula(map, kinds.length)}vec4 texel(int i) {\n${offsets(rank, kinds.length)}${reads.join('')}return ${lanes(kinds.length)};\n}`;
  return { inputs: kinds.length, ints: offsetInts(rank, kinds.length), glsl };
}

function elementSource(map: PointwiseMap, rank: number, count: number): Source {
  const values = Array.from({ length: count }, (_, k) => `wElement(t${k}, s${k}, o${k})`);
  const glsl = eachElement(`${offsets(rank, count)}return formula(${values.join(', ')});`, formula(map, count));
  return { inputs: count, ints: ['size', ...offsetInts(rank, count)], glsl };
}
