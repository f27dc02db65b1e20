import type { KernelTable } from '@wengert/core/functions';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { EXACT, type GpuStorage } from '../texture.ts';
import { copyView } from './movement.ts';

/** Sorts along the last axis. */
export function sortingKernels(device: Device): KernelTable {
  return {
    sort(inputs, { descending }, [values]) {
      const storages = gpuInputs(inputs);
      if (storages === null) return null;
      const { shape } = values;
      const n = shape[shape.length - 1];
      const [{ size, bound }] = storages;
      const last = Math.max(n - 1, 1);
      if (size === 0) return [device.pool.allocate(0, bound), device.pool.allocate(0, last)];
      if (n > EXACT) return null;
      const rows = size / n;
      const { pairs, padded } = sortedPairs(device, storages[0], rows, n, descending);
      return pairs.map((pair, k) => {
        const whole = Object.assign(pair, { bound: k === 0 ? bound : last });
        if (padded === n) return whole;
        const cut = copyView(device, whole, 0, [padded, 1], [rows, n]);
        device.pool.free(pair);
        return cut;
      });
    },
  };
}

/**
 * The elements of rows in order, and their places, in rows of `padded` of which the first `n` count: Batcher's bitonic
 * sort. Elements are compared with their places, so that none is equal to another and the order is stable; NaN comes
 * after all numbers, and padding after NaN.
 */
export function sortedPairs(
  device: Device,
  storage: GpuStorage,
  rows: number,
  n: number,
  descending: boolean,
): { readonly pairs: readonly GpuStorage[]; readonly padded: number } {
  const padded = Math.max(4, 2 ** Math.ceil(Math.log2(n)));
  const launch = (key: string, source: () => Source, from: readonly GpuStorage[], ints: readonly number[]) => {
    const name = `sort ${key} ${descending}`;
    return device.launchAll(name, source, from, [n, ...ints], rows * padded, storage.bound, 2);
  };
  let pairs = launch('begin', () => beginSource(descending), [storage], [padded / 4]);
  const next = (key: string, source: () => Source, ints: readonly number[]): void => {
    const made = launch(key, source, pairs, ints);
    for (const pair of pairs) device.pool.free(pair);
    pairs = made;
  };
  // Runs of length `run` become sorted, upwards and downwards in turns.
  for (let run = 8; run <= padded; run *= 2) {
    for (let distance = run / 2; distance >= 4; distance /= 2) {
      next('across', () => acrossSource(descending), [padded / 4, run / 4, distance / 4]);
    }
    next('within', () => withinSource(descending), [padded / 4, run / 4]);
  }
  return { pairs, padded };
}

/** Whether an element comes before another, each with its place. */
function comparison(descending: boolean): string {
  return `bool isBefore(float a, float i, float b, float j) {
float m = i >= float(n) ? 2.0 : wNan(a) ? 1.0 : 0.0, k = j >= float(n) ? 2.0 : wNan(b) ? 1.0 : 0.0;
if (m != k) return m < k;
if (m == 0.0 && a != b) return a ${descending ? '>' : '<'} b;
return i < j;
}
void order(inout float a, inout float i, inout float b, inout float j, bool up) {
if (isBefore(b, j, a, i) != up) return;
float t = a;
a = b;
b = t;
t = i;
i = j;
j = t;
}
`;
}

const ordered = (a: string, b: string, up: string) => `order(v.${a}, i.${a}, v.${b}, i.${b}, ${up});\n`;

/** Makes four elements that go up and then down, or the reverse, sorted. */
const merged = (up: string) =>
  ordered('x', 'z', up) + ordered('y', 'w', up) + ordered('x', 'y', up) + ordered('z', 'w', up);

const END = 'more1 = i;\nreturn v;\n}';

/** Pairs of elements and places, sorted by fours. */
function beginSource(descending: boolean): Source {
  const glsl = `${comparison(descending)}float element(int row, int c) { return c < n ? wElement(t0, s0, row * n + c) : 0.0; }
vec4 texel(int o) {
int row = o, at = wTake(row, width), c = 4 * at;
vec4 v = vec4(element(row, c), element(row, c + 1), element(row, c + 2), element(row, c + 3));
vec4 i = vec4(float(c), float(c + 1), float(c + 2), float(c + 3));
bool up = (at & 1) == 0 || width == 1;
${ordered('x', 'y', 'true')}${ordered('z', 'w', 'false')}${merged('up')}${END}`;
  return { inputs: 1, ints: ['n', 'width'], outputs: 2, glsl };
}

/** Orders elements that are texels apart. */
function acrossSource(descending: boolean): Source {
  const lane = (l: string) =>
    `if (isBefore(v.${l}, i.${l}, w.${l}, j.${l}) != first) {\nv.${l} = w.${l};\ni.${l} = j.${l};\n}\n`;
  const glsl = `${comparison(descending)}vec4 texel(int o) {
int row = o, at = wTake(row, width), p = o ^ apart;
vec4 v = wTexel(t0, s0, o), i = wTexel(t1, s1, o), w = wTexel(t0, s0, p), j = wTexel(t1, s1, p);
bool first = ((at & apart) == 0) == ((at & run) == 0);
${['x', 'y', 'z', 'w'].map(lane).join('')}${END}`;
  return { inputs: 2, ints: ['n', 'width', 'run', 'apart'], outputs: 2, glsl };
}

/** Orders elements within texels. */
function withinSource(descending: boolean): Source {
  const glsl = `${comparison(descending)}vec4 texel(int o) {
int row = o, at = wTake(row, width);
vec4 v = wTexel(t0, s0, o), i = wTexel(t1, s1, o);
bool up = (at & run) == 0;
${merged('up')}${END}`;
  return { inputs: 2, ints: ['n', 'width', 'run'], outputs: 2, glsl };
}
