import type { GpuStorage, Texture } from '../texture.ts';

/**
 * How a loop goes through a matrix whose rows are whole texels, four numbers of the summed index at a time: along
 * several rows at once, or down four rows at a time. It is `straight` where no step leads round the texture's edge.
 */
export interface Walk {
  readonly along: 'rows' | 'columns';
  readonly straight: boolean;
}

/** The walk through rows of `width` texels. */
export function walkOf({ texture }: GpuStorage, width: number, along: Walk['along']): Walk {
  const whole = (texture as Texture).width;
  return { along, straight: along === 'rows' ? whole % width === 0 : (4 * width) % whole === 0 };
}

export function walkKey({ along, straight }: Walk): string {
  return `${along}${straight ? '' : ' round'}`;
}

/** The GLSL of a walk through input `t`. */
export interface WalkCode {
  /** Goes to these places: expressions of indices of texels. */
  start(places: readonly string[]): string;
  /** The texel at place `i`. */
  read(i: number): string;
  /** Goes on to the next four. */
  readonly step: string;
}

/**
 * Coordinates are floats, in which sampling a texture is much cheaper in software than fetching by integers: whole
 * numbers and halves of them, times a reciprocal that is exact across, and rounded far less than half a texel down.
 * `width` is the GLSL of the rows' length in texels.
 */
export function walkCode({ along, straight }: Walk, t: number, width: string): WalkCode {
  const [u, v, d] = [`u${t}x`, `v${t}x`, `d${t}`];
  const s = `s${t}`;
  const column = (place: string) => `((${place}) & int(${s}.z))`;
  const across = (place: string) => `(float${column(place)} + 0.5)`;
  const down = (place: string) => `(float((${place}) - ${column(place)}) * ${s}.x + 0.5)`;
  if (straight) {
    // All places move by the same distance, along or down.
    const moved =
      along === 'rows' ? (i: number) => `${u}${i} + ${d}, ${v}${i}` : (i: number) => `${u}${i}, ${v}${i} + ${d}`;
    const begin = (place: string, i: number) =>
      `float ${u}${i} = ${across(place)} * ${s}.x, ${v}${i} = ${down(place)} * ${s}.y;\n`;
    const [zero, step] =
      along === 'rows'
        ? [`float ${d} = 0.0;\n`, `${d} += ${s}.x;\n`]
        : [
            `float n${t} = 0.0, ${d} = 0.0, step${t} = floor(float(4 * ${width}) * ${s}.x);\n`,
            `n${t} += step${t};\n${d} = n${t} * ${s}.y;\n`,
          ];
    return {
      start: (places) => places.map(begin).join('') + zero,
      read: (i) => `texture(t${t}, vec2(${moved(i)}))`,
      step,
    };
  }
  // All places move by a part of the width and so many rows; the sampler itself goes round the edge.
  const [part, whole] =
    along === 'rows'
      ? [`${s}.x`, '0.0']
      : [`(float${column(`4 * ${width}`)} * ${s}.x)`, `floor(float(4 * ${width}) * ${s}.x)`];
  const begin = (place: string, i: number) =>
    `float ${u}${i} = ${across(place)} * ${s}.x, ${v}${i} = ${down(place)};\n`;
  return {
    start: (places) =>
      `${places.map(begin).join('')}float ${d} = 0.0, n${t} = 0.0, part${t} = ${part}, whole${t} = ${whole};\n`,
    read: (i) => `texture(t${t}, vec2(${u}${i} + ${d}, (floor(${u}${i} + ${d}) + ${v}${i} + n${t}) * ${s}.y))`,
    step: `${d} += part${t};\nn${t} += whole${t} + floor(${d});\n${d} -= floor(${d});\n`,
  };
}

/** The lanes of a vector. */
const LANES = ['x', 'y', 'z', 'w'];

/**
 * GLSL that adds to `sum0` to `sum3` (or fewer) the products of four numbers of the summed index. `v<i>` are row i of
 * the left matrix, or where it is walked along its columns the rows' numbers for index i; `w<i>` likewise.
 */
export function products(rows: number, left: Walk['along'], right: Walk['along']): string {
  const a = (i: number, k: number) => (left === 'rows' ? `v${i}.${LANES[k]}` : `v${k}.${LANES[i]}`);
  const b = (k: number) => (right === 'columns' ? `w${k}` : `vec4(${LANES.map((_, j) => `w${j}.${LANES[k]}`)})`);
  return Array.from(
    { length: rows },
    (_, i) => `sum${i} += ${LANES.map((_, k) => `${a(i, k)} * ${b(k)}`).join(' + ')};\n`,
  ).join('');
}
