import { type KernelTable, sizeOf } from '@wengert/core/functions';
import { eachElement } from '../glsl/elements.ts';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { EXACT } from '../texture.ts';
import { fill } from './movement.ts';

/** The way back from the largest elements: each place of the images looks through the windows that it lies in. */
export function poolGradientKernels(device: Device): KernelTable {
  return {
    maxPoolScatter(inputs, { window, strides, dilations, shape }, [out]) {
      const storages = gpuInputs(inputs);
      const size = sizeOf(shape);
      if (storages === null || out.dtype !== 'float32' || size > EXACT) return null;
      if (storages[0].size === 0) return [fill(device, size, 0, 1)];
      const grid = inputs[0].shape;
      const channels = shape[shape.length - 1];
      const packed = channels % 4 === 0;
      const axes = window.flatMap((taps, k) => [shape[k + 1], grid[k + 1], taps, strides[k], dilations[k]]);
      const ints = [size, packed ? channels / 4 : channels, ...axes];
      const source = () => scatterSource(window.length, packed);
      return [device.launch(`maxPoolScatter ${window.length} ${packed}`, source, storages, ints, size)];
    },
  };
}

const AXIS = ['in', 'out', 'window', 'stride', 'dilation'];

function scatterSource(rank: number, packed: boolean): Source {
  const axes = Array.from({ length: rank }, (_, k) => k);
  const apart = [...axes].reverse().map((k) => `int y${k} = wTake(i, in${k});\n`);
  const loops = axes.map(
    (k) => `for (int w${k} = 0; w${k} < window${k}; w${k}++) {
int u${k} = y${k} - w${k} * dilation${k};
int x${k} = u${k} / stride${k};
if (u${k} < 0 || x${k} >= out${k} || x${k} * stride${k} != u${k}) continue;
int at${k} = ${k === 0 ? 'i' : `at${k - 1}`} * out${k} + x${k};
`,
  );
  const [type, read] = packed ? ['vec4', 'wTexel'] : ['float', 'wElement'];
  const own = packed ? 'vec4 own = float(4 * i) + vec4(0.0, 1.0, 2.0, 3.0);' : 'float own = float(i);';
  const hit = packed ? 'mix(vec4(0.0), g, equal(place, own))' : 'place == own ? g : 0.0';
  const body = `${own}
int c = wTake(i, channels);
${apart.join('')}${type} sum = ${type}(0.0);
${loops.join('')}int at = at${rank - 1} * channels + c;
${type} place = ${read}(t1, s1, at), g = ${read}(t0, s0, at);
sum += ${hit};
${'}\n'.repeat(rank)}return sum;`;
  const ints = ['size', 'channels', ...axes.flatMap((k) => AXIS.map((name) => `${name}${k}`))];
  return { inputs: 2, ints, glsl: packed ? `vec4 texel(int i) {\n${body}\n}` : eachElement(body) };
}
