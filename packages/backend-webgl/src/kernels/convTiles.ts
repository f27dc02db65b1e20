import type { Source } from '../program.ts';
import { ROWS } from './deal.ts';
import { products, type Walk, walkCode } from './walks.ts';

/** What the code of a convolution depends on. */
export interface ConvForm {
  /** The number of spatial axes. */
  readonly rank: number;
  /** Whether taps may meet what is no element: a border, or a gap between elements. */
  readonly bordered: boolean;
  /** Whether there are gaps between the elements. */
  readonly spaced: boolean;
  /** How images and filter are walked, four channels at a time; null where channels are no whole texels. */
  readonly walks: { readonly left: Walk; readonly right: Walk } | null;
}

/** The uniforms of a spatial axis. */
export const AXIS: readonly string[] = ['in', 'out', 'window', 'stride', 'low', 'dilation', 'spacing'];

const axesOf = (rank: number): number[] => Array.from({ length: rank }, (_, k) => k);

/** The pixels that one invocation computes. */
const PIXELS = axesOf(ROWS);

/**
 * Four features of four pixels one after the other: a product of matrices of which the left one is never made. Of the
 * uniforms, `pixels` counts those of a group, `channels` and `features` are in texels where they are whole ones.
 */
export function convTilesSource(form: ConvForm): Source {
  const { rank, walks } = form;
  const axes = axesOf(rank);
  const inner = walks === null ? elementTap(form) : walkedTap(form, walks);
  const loops = axes.map((k) => {
    const places = PIXELS.map((i) => place(form, k, i));
    return `for (int w${k} = 0; w${k} < window${k}; w${k}++) {\n${places.join('')}`;
  });
  const glsl = `vec4 texel(int o) {
int lines = (pixels + ${ROWS - 1}) / ${ROWS};
int line = o, feature = wTake(line, features);
int group = line / lines;
${pixels(rank)}int filterRow = group * ${[...axes.map((k) => `window${k}`), 'channels'].join(' * ')};
${PIXELS.map((i) => `vec4 sum${i} = vec4(0.0);\n`).join('')}${inner.before}${loops.join('')}${inner.tap}${'}\n'.repeat(rank)}${PIXELS.slice(
  1,
)
  .map((i) => `more${i} = sum${i};\n`)
  .join('')}return sum0;
}`;
  const ints = ['pixels', 'images', 'channels', 'features', ...axes.flatMap((k) => AXIS.map((name) => `${name}${k}`))];
  return { inputs: 2, ints, outputs: ROWS, glsl };
}

/**
 * Takes the first pixel's number apart and counts on from it to the others, leaving in `image<i>` and `y<k>n<i>` the
 * image and where the window begins. Past the last pixel lie others, whose sums are not used.
 */
function pixels(rank: number): string {
  const axes = axesOf(rank);
  const apart = [...axes].reverse().map((k) => `int y${k}n0 = wTake(image0, out${k});\n`);
  const carry = (k: number, i: number): string => {
    const more = k > 0 ? carry(k - 1, i) : `image${i}++;`;
    return `if (++y${k}n${i} == out${k}) {\ny${k}n${i} = 0;\n${more}\n}`;
  };
  const next = (i: number) =>
    `int image${i} = image${i - 1}, ${axes.map((k) => `y${k}n${i} = y${k}n${i - 1}`).join(', ')};\n${carry(rank - 1, i)}\n`;
  const begin = (i: number) =>
    `image${i} += group * images;\n${axes.map((k) => `y${k}n${i} = y${k}n${i} * stride${k} - low${k};\n`).join('')}`;
  return `int image0 = ${ROWS} * (line - group * lines);
${apart.join('')}${PIXELS.slice(1).map(next).join('')}${PIXELS.map(begin).join('')}`;
}

/** Where along axis k pixel i meets the tap: `at<k>n<i>`, and whether there is an element, `on<k>n<i>`. */
function place({ bordered, spaced }: ConvForm, k: number, i: number): string {
  const outer = k === 0 ? `image${i}` : `at${k - 1}n${i}`;
  const [u, x] = [`u${k}n${i}`, spaced ? `x${k}n${i}` : `u${k}n${i}`];
  const so = k === 0 ? '' : `on${k - 1}n${i} && `;
  const gap = spaced ? ` && ${x} * spacing${k} == ${u}` : '';
  return `int ${u} = y${k}n${i} + w${k} * dilation${k};
${spaced ? `int ${x} = ${u} / spacing${k};\n` : ''}${bordered ? `bool on${k}n${i} = ${so}${u} >= 0 && ${x} < in${k}${gap};\n` : ''}int at${k}n${i} = ${outer} * in${k} + ${x};
`;
}

/** The code around the taps and that of one tap. */
interface Taps {
  readonly before: string;
  readonly tap: string;
}

/** Four channels by four features at a time. */
function walkedTap({ rank, bordered }: ConvForm, { left, right }: NonNullable<ConvForm['walks']>): Taps {
  const images = walkCode(left, 0, 'channels');
  const filter = walkCode(right, 1, 'features');
  const begin = images.start(PIXELS.map((i) => `at${rank - 1}n${i} * channels`));
  const reads = PIXELS.map((i) => {
    const read = images.read(i);
    const v = bordered ? `mix(vec4(0.0), ${read}, bvec4(on${rank - 1}n${i}))` : read;
    return `vec4 v${i} = ${v};\nvec4 w${i} = ${filter.read(i)};\n`;
  });
  return {
    before: filter.start([0, 1, 2, 3].map((c) => `(4 * filterRow + ${c}) * features + feature`)),
    tap: `${begin}for (int c = 0; c < channels; c++) {
${reads.join('')}${products(ROWS, 'rows', 'columns')}${images.step}${filter.step}}
`,
  };
}

/** One channel by four features at a time. */
function elementTap({ rank, bordered }: ConvForm): Taps {
  const sums = PIXELS.map((i) => {
    const read = `wElement(t0, s0, at${rank - 1}n${i} * channels + c)`;
    return `sum${i} += ${bordered ? `(on${rank - 1}n${i} ? ${read} : 0.0)` : read} * w;\n`;
  });
  return {
    before: 'int row = filterRow * features + feature;\n',
    tap: `for (int c = 0; c < channels; c++) {
vec4 w = wTexel(t1, s1, row);
row += features;
${sums.join('')}}
`,
  };
}
