import { isFlat, type View } from '@wengert/fusion';
import { extent } from '../texture.ts';

/** A view of an input of a launch. */
export interface Read {
  /** The input's number, and how many elements it has. */
  readonly input: number;
  readonly length: number;
  readonly view: View;
}

/**
 * How a launch reads its views, four elements for each texel of the output. A view that lies as the output does gives
 * the texel in the same place; one element for all is read once; others need the output's place taken apart. Where the
 * innermost axis is a number of whole texels this is done once for four elements, else it is stepped from one to the
 * next.
 */
export interface Layout {
  /** Says all that the code depends on but the numbers. */
  readonly key: string;
  /** The numbers: lengths, bases and steps. */
  readonly ints: readonly number[];
  readonly places: readonly Place[];
  readonly digits: readonly Digits[];
  /** Of which digits only the innermost is needed, a part of the column of the output's texel. */
  readonly columns: readonly boolean[];
}

/** The same texel, one element for all, a texel, one element for four, four elements. */
type Kind = 'same' | 'one' | 'texel' | 'repeated' | 'elements';

interface Place {
  readonly kind: Kind;
  readonly input: number;
  /** Which digits it is found with. */
  readonly digits: number;
  /** Base and steps, outermost first: 0, 1, or the number's place in `ints`. */
  readonly base: Term;
  readonly steps: readonly Term[];
}

type Term = 0 | 1 | { readonly int: number };

/** The lengths, but for the first, by which places of the output are taken apart: of texels or of elements. */
interface Digits {
  readonly packed: boolean;
  readonly dims: readonly number[];
  /** The place of the first in `ints`. */
  readonly int: number;
}

/** No texture of the sizes that any WebGL 2 has is narrower for being higher than this. */
const LEAST_SIDE = 2048;

/** Whether the innermost digit is all that is needed, and follows from the texel's column in the output. */
function isColumn({ packed, dims }: Digits, own: readonly Place[], size: number): boolean {
  if (!packed || dims.length !== 2 || own.some(({ steps }) => steps[0] !== 0)) return false;
  const length = dims[1] / 4;
  return Number.isInteger(Math.log2(length)) && length <= 2 ** extent(size, LEAST_SIDE).shift;
}

/** Decides how the views are read for an output of `size` elements. */
export function layoutOf(reads: readonly Read[], size: number): Layout {
  const ints: number[] = [];
  const digits: Digits[] = [];
  const term = (value: number): Term => (value === 0 || value === 1 ? value : { int: ints.push(value) - 1 });
  const digitsOf = (dims: readonly number[], packed: boolean): number => {
    const known = digits.findIndex((other) => other.packed === packed && String(other.dims) === String(dims));
    if (known >= 0) return known;
    const int = ints.length;
    for (let axis = 1; axis < dims.length; axis++) {
      ints.push(packed && axis === dims.length - 1 ? dims[axis] / 4 : dims[axis]);
    }
    return digits.push({ packed, dims, int }) - 1;
  };
  const places = reads.map(({ input, length, view }): Place => {
    const { base, dims, steps } = view;
    if (length === size && isFlat(view, size)) return { kind: 'same', input, digits: -1, base: 0, steps: [] };
    if (dims.length === 0) return { kind: 'one', input, digits: -1, base: term(base), steps: [] };
    const kind = kindOf(view);
    if (kind !== 'texel') {
      return { kind, input, digits: digitsOf(dims, kind !== 'elements'), base: term(base), steps: steps.map(term) };
    }
    const inTexels = steps.map((step, axis) => term(axis === steps.length - 1 ? 1 : step / 4));
    return { kind, input, digits: digitsOf(dims, true), base: term(base / 4), steps: inTexels };
  });
  const pattern = (value: Term): string => (typeof value === 'number' ? String(value) : 'n');
  const key = places.map(({ kind, input, digits: number, base, steps }) => {
    return `${kind[0]}${input}${number >= 0 ? `d${number}` : ''}${[base, ...steps].map(pattern).join('')}`;
  });
  const columns = digits.map((one, k) => isColumn(one, placesWith(places, k), size));
  const marks = columns.includes(true) ? ` ${columns.map((is) => (is ? 'c' : 'd')).join('')}` : '';
  return { key: `${key.join(' ')}${marks}`, ints, places, digits, columns };
}

function placesWith(places: readonly Place[], digits: number): Place[] {
  return places.filter((place) => place.digits === digits);
}

function kindOf({ base, dims, steps }: View): Kind {
  const last = dims.length - 1;
  if (last > 0 && dims[last] % 4 !== 0) return 'elements';
  if (steps[last] === 0) return 'repeated';
  const whole = steps[last] === 1 && base % 4 === 0 && steps.every((step, axis) => axis === last || step % 4 === 0);
  return whole ? 'texel' : 'elements';
}

/**
 * The code that reads the views for texel `o` of the output into the vectors `v0`, `v1`, and so on. `int` gives the
 * GLSL of a number of the layout: a uniform's name, or the number itself.
 */
export function readingCode({ places, digits, columns }: Layout, int: (index: number) => string): string {
  const code: string[] = [];
  const at = ({ base, steps, digits: number }: Place): string => {
    const terms = steps.flatMap((step, axis) => {
      if (step === 0) return [];
      return step === 1 ? `c${number}x${axis}` : `c${number}x${axis} * ${int(step.int)}`;
    });
    if (base !== 0) terms.unshift(base === 1 ? '1' : int(base.int));
    return terms.length === 0 ? '0' : terms.join(' + ');
  };
  for (const [k, { kind, input, base }] of places.entries()) {
    if (kind === 'same') code.push(`vec4 v${k} = texture(t${input}, vTexCoord);`);
    else if (kind === 'one' && base === 0) code.push(`vec4 v${k} = texture(t${input}, vec2(0.0)).xxxx;`);
    else if (kind === 'one') code.push(`vec4 v${k} = vec4(wElement(t${input}, s${input}, ${at(places[k])}));`);
    else if (kind === 'elements') code.push(`vec4 v${k};`);
  }
  for (const [number, { packed, dims, int: first }] of digits.entries()) {
    const length = (axis: number): string => int(first + axis - 1);
    if (columns[number]) code.push(`int c${number}x1 = int(gl_FragCoord.x) & (${length(1)} - 1);`);
    else code.push(...takeApart(number, dims.length, packed ? 'o' : '4 * o', length));
    const own = [...places.entries()].filter(([, place]) => place.digits === number);
    if (packed) {
      for (const [k, place] of own) {
        const { kind, input } = place;
        const read = `${kind === 'texel' ? 'wTexel' : 'wElement'}(t${input}, s${input}, ${at(place)})`;
        code.push(`vec4 v${k} = ${kind === 'texel' ? read : `vec4(${read})`};`);
      }
      continue;
    }
    for (const lane of 'xyzw') {
      for (const [k, place] of own)
        code.push(`v${k}.${lane} = wElement(t${place.input}, s${place.input}, ${at(place)});`);
      if (lane !== 'w') code.push(next(number, dims.length - 1, length));
    }
  }
  return code.join('\n');
}

/** Takes a place apart into the digits `c<number>x<axis>`. */
function takeApart(number: number, rank: number, place: string, length: (axis: number) => string): string[] {
  const code = [`int c${number}x0 = ${place};`];
  for (let axis = rank - 1; axis > 0; axis--) {
    code.push(`int c${number}x${axis} = wTake(c${number}x0, ${length(axis)});`);
  }
  return code;
}

/** Moves the digits on by one element. */
function next(number: number, axis: number, length: (axis: number) => string): string {
  const digit = `c${number}x${axis}`;
  if (axis === 0) return `${digit}++;`;
  return `${digit}++; if (${digit} == ${length(axis)}) { ${digit} = 0; ${next(number, axis - 1, length)} }`;
}
