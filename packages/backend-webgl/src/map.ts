import { type Layout, layoutOf, type Read, readingCode } from './glsl/reads.ts';
import type { Device, Source } from './program.ts';
import type { GpuStorage } from './texture.ts';

/** What a launch computes from one element of each view to one of each output. */
export interface ElementMap {
  readonly key: string;
  readonly outputs: number;
  /** Uniforms of its own, by name, and their values. */
  readonly ints: readonly string[];
  readonly values: readonly number[];
  /** GLSL statements from the floats `x0`, `x1`, and so on, one of each view, to `y0`, `y1`, one of each output. */
  body(): string;
}

/** A launch that is ready to be made, any number of times. */
export interface PreparedMap {
  /** The name of its program. */
  readonly key: string;
  run(bound?: number): GpuStorage[];
}

/** A map over views of `inputs`, into new storages of `size` elements. */
export function prepareMap(
  device: Device,
  map: ElementMap,
  inputs: readonly GpuStorage[],
  reads: readonly Read[],
  size: number,
): PreparedMap {
  const layout = layoutOf(reads, size);
  const key = `${map.key} ${layout.key}`;
  const source = (): Source => mapSource(map, layout, inputs.length);
  const ints = layout.ints.length === 0 ? map.values : [...layout.ints, ...map.values];
  return { key, run: (bound) => device.launchAll(key, source, inputs, ints, size, bound, map.outputs) };
}

/** From this number of calls on, a formula is compiled once instead of four times: long programs compile for seconds. */
const LONG = 4;

function mapSource(map: ElementMap, layout: Layout, inputs: number): Source {
  const lengths = layout.ints.map((_, i) => `n${i}`);
  const views = layout.places.map((_, k) => k);
  const outputs = Array.from({ length: map.outputs }, (_, k) => k);
  const parameters = [...views.map((k) => `float x${k}`), ...outputs.map((k) => `out float y${k}`)];
  const body = map.body();
  const values = (lane: string): string[] => views.map((k) => `v${k}${lane}`);
  const results = (lane: string): string[] => outputs.map((k) => `r${k}${lane}`);
  const list = (...names: readonly string[]): string => names.join(', ');
  const ys = outputs.map((k) => `y${k}`);
  const lanes =
    (body.match(/\bw[A-Z]\w*\(/g) ?? []).length < LONG
      ? ['.x', '.y', '.z', '.w'].map((lane) => `formula(${list(...values(lane), ...results(lane))});\n`).join('')
      : `for (int l = 0; l < 4; l++) {
float ${list(...ys)};
formula(${list(...values('[l]'), ...ys)});
${results('[l]')
  .map((result, k) => `${result} = y${k};\n`)
  .join('')}}
`;
  const others = outputs.slice(1).map((k) => `more${k} = r${k};\n`);
  const glsl = `void formula(${list(...parameters)}) {
${body}
}
vec4 texel(int o) {
${readingCode(layout, (i) => lengths[i])}
vec4 ${list(...results(''))};
${lanes}${others.join('')}return r0;
}`;
  return { inputs, ints: [...lengths, ...map.ints], outputs: map.outputs, glsl };
}
