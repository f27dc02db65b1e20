import { type Conv, type Kernel, type KernelTable, type Shape, sizeOf } from '@wengert/core/functions';
import { eachElement } from '../glsl/elements.ts';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { EXACT } from '../texture.ts';
import { AXIS, convTilesSource } from './convTiles.ts';
import { deal, ROWS } from './deal.ts';
import { fill } from './movement.ts';
import { walkKey, walkOf } from './walks.ts';

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
    const axes = spatial.flatMap((n, k) => {
      return [n, output[k], window[k], strides[k], pads[k][0], dilations[k], inputDilations?.[k] ?? 1];
    });
    // Group g has the images from g * images on, and the filter number g.
    const images = leading === 2 ? x.shape[1] : x.shape[0];
    if (!packed) {
      const ints = [size, images, channels, features, ...axes];
      return [device.launch(`conv ${rank}`, () => convSource(rank), storages, ints, size, bound)];
    }
    const spaced = inputDilations?.some((spacing) => spacing > 1) ?? false;
    const bordered = spaced || pads.some(([low, high]) => low > 0 || high > 0);
    const [depth, width] = [channels / 4, features / 4];
    const walks =
      channels % 4 === 0
        ? { left: walkOf(storages[0], depth, 'rows'), right: walkOf(storages[1], width, 'columns') }
        : null;
    const form = { rank, bordered, spaced, walks };
    const walking = walks === null ? '' : `${walkKey(walks.left)} ${walkKey(walks.right)}`;
    const key = `conv ${rank} tiles ${bordered} ${spaced} ${walking}`;
    const groups = leading === 2 ? x.shape[0] : 1;
    const pixels = images * sizeOf(output);
    const ints = [pixels, images, walks === null ? channels : depth, width, ...axes];
    const partial = groups * Math.ceil(pixels / ROWS) * features;
    const parts = device.launchAll(key, () => convTilesSource(form), storages, ints, partial, bound, ROWS);
    return [deal(device, parts, pixels, width, size)];
  };
}

/** Every element by itself. */
function convSource(rank: number): Source {
  const axes = Array.from({ length: rank }, (_, k) => k);
  const places = [...axes].reverse().map((k) => `int y${k} = wTake(i, out${k});\n`);
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
  const body = `int feature = wTake(i, features);
${places.join('')}int image = i, group = i / images;
float sum = 0.0;
${loops.join('')}int tap = tap${rank - 1}, at = at${rank - 1};
for (int c = 0; c < channels; c++) {
sum += wElement(t0, s0, at * channels + c) * wElement(t1, s1, (tap * channels + c) * features + feature);
}
${'}\n'.repeat(rank)}return sum;`;
  const ints = ['size', 'images', 'channels', 'features', ...axes.flatMap((k) => AXIS.map((name) => `${name}${k}`))];
  return { inputs: 2, ints, glsl: eachElement(body) };
}
