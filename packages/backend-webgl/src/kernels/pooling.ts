import { type Kernel, type KernelTable, type Output, sizeOf } from '@wengert/core/functions';
import { eachElement } from '../glsl/elements.ts';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { EXACT, INT32_BOUND } from '../texture.ts';
import { fill } from './movement.ts';

/** Where windows lie over images [batch, ...spatial, channels]. */
interface Windows {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads?: readonly (readonly [number, number])[];
}

/** What is made of the elements of a window: GLSL for `type`, which is float or vec4. */
interface Pooling {
  readonly name: string;
  /** Declares what is gathered. */
  readonly begin: string;
  /** Takes in the element `x`, which stands at the int `place` of the images, flattened. */
  readonly tap: string;
  /** Takes note of a tap outside the image; absent where it changes nothing. */
  readonly outside?: string;
  readonly result: string;
}

/** A NaN is passed over, as long as there is anything else; a border is lower than any element. */
const larger = (lowest: string): Pooling => ({
  name: `max ${lowest}`,
  begin: 'TYPE best = TYPE(wQuiet());',
  tap: 'best = LANES(wNan(best) || x > best ? x : best);',
  outside: `best = LANES(wNan(best) ? ${lowest} : best);`,
  result: 'best',
});

const MEAN: Pooling = {
  name: 'mean',
  begin: 'TYPE sum = TYPE(0.0);\nfloat count = 0.0;',
  tap: 'sum += x;\ncount++;',
  result: 'sum / max(count, 1.0)',
};

const LARGEST_PLACE: Pooling = {
  name: 'place',
  begin: 'float best = wQuiet();\nint at = -1;',
  tap: 'if (at < 0) at = place;\nif (wNan(best) ? !wNan(x) : x > best) {\nbest = x;\nat = place;\n}',
  result: 'float(at)',
};

/** Poolings, the places of the largest elements, and the way back to them. */
export function poolingKernels(device: Device): KernelTable {
  const lowest = ({ dtype }: Output) => larger(dtype === 'int32' ? '-2147483648.0' : '-wInfinity()');
  const largest = pool(device, lowest, true);
  const mean = pool(device, () => MEAN, true);
  return {
    maxPool: largest,
    maxPool3d: largest,
    avgPool: mean,
    avgPool3d: mean,
    maxPoolIndices: pool(device, () => LARGEST_PLACE, false),
  };
}

/** The kernel of a pooling; `lanes` says whether it may take four channels at once. */
function pool(device: Device, poolingFor: (out: Output) => Pooling, lanes: boolean): Kernel<Windows> {
  return (inputs, { window, strides, pads, dilations }, [out]) => {
    const storages = gpuInputs(inputs);
    const pooling = poolingFor(out);
    const [{ shape, dtype }] = inputs;
    if (storages === null || out.dtype === 'bool' || (pooling === MEAN && dtype !== 'float32')) return null;
    const [storage] = storages;
    const places = pooling === LARGEST_PLACE;
    if (places && storage.size > EXACT) return null;
    const size = sizeOf(out.shape);
    if (storage.size === 0) return size === 0 ? [device.pool.allocate(0)] : [fillLowest(device, size, pooling)];
    const rank = window.length;
    const channels = shape[rank + 1];
    const packed = lanes && channels % 4 === 0;
    const bordered = pads?.some(([low, high]) => low > 0 || high > 0) ?? false;
    const axes = window.flatMap((taps, k) => {
      return [shape[k + 1], out.shape[k + 1], taps, strides[k], pads?.[k][0] ?? 0, dilations[k]];
    });
    const ints = [size, packed ? channels / 4 : channels, ...axes];
    const source = () => poolSource(pooling, rank, packed, bordered);
    const bound = places ? storage.size : out.dtype === 'int32' ? INT32_BOUND : undefined;
    return [device.launch(`pool ${pooling.name} ${rank} ${packed} ${bordered}`, source, storages, ints, size, bound)];
  };
}

/** What windows over nothing but a border give. */
function fillLowest(device: Device, size: number, { name }: Pooling) {
  if (name === MEAN.name) return fill(device, size, 0, 1);
  return fill(device, size, name.includes('Infinity') ? Number.NEGATIVE_INFINITY : -(2 ** 31), INT32_BOUND);
}

const AXIS = ['in', 'out', 'window', 'stride', 'low', 'dilation'];

function poolSource(pooling: Pooling, rank: number, packed: boolean, bordered: boolean): Source {
  const axes = Array.from({ length: rank }, (_, k) => k);
  const type = packed ? 'vec4' : 'float';
  const each = (code: string): string =>
    code.replaceAll('TYPE', type).replaceAll(/LANES\((.*)\);/g, (_, lane: string) => {
      if (!packed) return `${lane};`;
      return `vec4(${['x', 'y', 'z', 'w'].map((l) => lane.replaceAll(/\b(x|best)\b/g, `$1.${l}`)).join(', ')});`;
    });
  const apart = [...axes].reverse().map((k) => `int y${k} = wTake(i, out${k}) * stride${k} - low${k};\n`);
  const outside = `{\n${each(pooling.outside ?? '')}\ncontinue;\n}`;
  const loops = axes.map((k) => {
    const outer = k === 0 ? 'i' : `at${k - 1}`;
    // What lies outside along an outer axis is passed by every tap of the inner ones, one of which tells of it.
    const skip = bordered ? `if (u${k} < 0 || u${k} >= in${k}) ${outside}\n` : '';
    return `for (int w${k} = 0; w${k} < window${k}; w${k}++) {
int u${k} = y${k} + w${k} * dilation${k};
${skip}int at${k} = ${outer} * in${k} + u${k};
`;
  });
  const body = `int c = wTake(i, channels);
${apart.join('')}${each(pooling.begin)}
${loops.join('')}int place = at${rank - 1} * channels + c;
${type} x = ${packed ? 'wTexel' : 'wElement'}(t0, s0, place);
${each(pooling.tap)}
${'}\n'.repeat(rank)}return ${pooling.result};`;
  const ints = ['size', 'channels', ...axes.flatMap((k) => AXIS.map((name) => `${name}${k}`))];
  return { inputs: 1, ints, glsl: packed ? `vec4 texel(int i) {\n${body}\n}` : eachElement(body) };
}
