import { type Conv, type Kernel, type KernelTable, type Shape, sizeOf } from '@wengert/core/functions';
import { eachElement } from '../glsl/elements.ts';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { EXACT } from '../texture.ts';
import { fill } from './movement.ts';

/** `conv2d` has no gaps in its input. */
type ConvAttrs = Omit<Conv, 'inputDilations'> & Partial<Conv>;

/** Convolutions over one to three axes, without unfolding: `conv`, and `conv2d`, whose tensors have no groups. */
export function convKernels(device: Device): KernelTable {
  return { conv: convolve(device, 2), conv2d: convolve(device, 1) };
}

/** `leading` is the number of axes of x before the spatial ones. */
function convolve(device: Device, leading: 1 | 2): Kernel<ConvAttrs> {
  return (inputs, { strides, pads, dilations, inputDilations }, [out]) => {
    const storages = gpuInputs(inputs);
    if (storages === null || out.dtype === 'bool') return null;
    const [x, filter] = inputs;
    const lengths = (shape: Shape, from: number, to: number): readonly number[] => shape.slice(from, shape.length - to);
    const spatial = lengths(x.shape, leading, 1);
    const window = lengths(filter.shape, leading - 1, 2);
    const output = lengths(out.shape, leading, 1);
    const [channels, features] = filter.shape.slice(-2);
    const terms = sizeOf(window) * channels;
    let bound: number | undefined;
    if (out.dtype === 'int32') {
      bound = storages[0].bound * storages[1].bound * terms;
      if (bound > EXACT) return null;
    }
    const size = sizeOf(out.shape);
    if (size === 0) return [device.pool.allocate(0, bound)];
    if (storages[0].size === 0 || storages[1].size === 0) return [fill(device, size, 0, 1)];
    const rank = spatial.length;
    const packed = features % 4 === 0;
    const form = packed ? (channels % 4 === 0 ? 'texels' : 'columns') : 'elements';
    const axes = spatial.flatMap((n, k) => {
      return [n, output[k], window[k], strides[k], pads[k][0], dilations[k], inputDilations?.[k] ?? 1];
    });
    // Group g has the images from g * images on, and the filter number g.
    const images = leading === 2 ? x.shape[1] : x.shape[0];
    const unit = packed ? 4 : 1;
    const ints = [size, images, form === 'texels' ? channels / 4 : channels, features / unit, ...axes];
    return [device.launch(`conv ${rank} ${form}`, () => convSource(rank, form), storages, ints, size, bound)];
  };
}

type Form = 'texels' | 'columns' | 'elements';

/** What a tap adds: four channels by four features at a time, or one by four, or one by one. */
const TAPS: Readonly<Record<Form, string>> = {
  texels: `vec4 v = wTexel(t0, s0, at * channels + c);
int f = (tap * channels + c) * 4 * features + feature;
sum += v.x * wTexel(t1, s1, f);
sum += v.y * wTexel(t1, s1, f + features);
sum += v.z * wTexel(t1, s1, f + 2 * features);
sum += v.w * wTexel(t1, s1, f + 3 * features);
`,
  columns: `sum += wElement(t0, s0, at * channels + c) * wTexel(t1, s1, (tap * channels + c) * features + feature);
`,
  elements: `sum += wElement(t0, s0, at * channels + c) * wElement(t1, s1, (tap * channels + c) * features + feature);
`,
};

function convSource(rank: number, form: Form): Source {
  const axes = Array.from({ length: rank }, (_, k) => k);
  const places = [...axes].reverse().map((k) => `int y${k} = i % out${k};\ni /= out${k};\n`);
  // Where the input lies under a tap; between the elements of a dilated one there is none.
  const loops = axes.map((k) => {
    const [tap, at] = k === 0 ? ['group', 'image'] : [`tap${k - 1}`, `at${k - 1}`];
    return `for (int w${k} = 0; w${k} < window${k}; w${k}++) {
int u${k} = y${k} * stride${k} - low${k} + w${k} * dilation${k};
int x${k} = u${k} / spacing${k};
if (u${k} < 0 || x${k} >= in${k} || x${k} * spacing${k} != u${k}) continue;
int tap${k} = ${tap} * window${k} + w${k};
int at${k} = ${at} * in${k} + x${k};
`;
  });
  const type = form === 'elements' ? 'float' : 'vec4';
  const body = `int feature = i % features;
i /= features;
${places.join('')}int image = i, group = i / images;
${type} sum = ${type}(0.0);
${loops.join('')}int tap = tap${rank - 1}, at = at${rank - 1};
for (int c = 0; c < channels; c++) {
${TAPS[form]}}
${'}\n'.repeat(rank)}return sum;`;
  const names = ['in', 'out', 'window', 'stride', 'low', 'dilation', 'spacing'];
  const ints = ['size', 'images', 'channels', 'features', ...axes.flatMap((k) => names.map((name) => `${name}${k}`))];
  const glsl = form === 'elements' ? eachElement(body) : `vec4 texel(int i) {\n${body}\n}`;
  return { inputs: 2, ints, glsl };
}
