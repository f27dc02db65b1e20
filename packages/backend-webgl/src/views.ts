import { type Shape, sizeOf, stridesOf } from '@wengert/core/functions';
import { stridedView } from '@wengert/fusion';
import { prepareMap } from './map.ts';
import type { Device } from './program.ts';
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
const VARIABLES = 'xyzw';

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

/** Computes a map over views into a new storage. */
export function mapViews(
  device: Device,
  map: PointwiseMap,
  views: readonly View[],
  shape: Shape,
  bound: number,
): GpuStorage {
  const size = sizeOf(shape);
  if (size === 0) return device.pool.allocate(0, bound);
  const storages = [...new Set(views.map(({ storage }) => storage))];
  const reads = views.map(({ storage, base, strides }) => {
    return { input: storages.indexOf(storage), length: storage.size, view: stridedView(shape, strides, base) };
  });
  const body = () => `y0 = ${map.expression.replaceAll(/\b[xyzw]\b/g, (name) => `x${VARIABLES.indexOf(name)}`)};`;
  return prepareMap(device, { key: map.key, outputs: 1, ints: [], values: [], body }, storages, reads, size).run(
    bound,
  )[0];
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
  let code = `int c;\n${all.map((k) => `int o${k} = b${k};\n`).join('')}`;
  for (let axis = rank - 1; axis > 0; axis--) {
    code += `c = wTake(i, d${axis});\n`;
    code += all.map((k) => `o${k} += c * p${k}x${axis};\n`).join('');
  }
  return code + all.map((k) => `o${k} += i * p${k}x0;\n`).join('');
}
