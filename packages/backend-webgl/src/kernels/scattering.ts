import { type Fold, type Kernel, type KernelTable, type ScatterAdd, sizeOf, stridesOf } from '@wengert/core/functions';
import { eachElement } from '../glsl/elements.ts';
import type { Device, Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { EXACT } from '../texture.ts';
import { fill } from './movement.ts';
import { sortedPairs } from './sorting.ts';

/** The transposes of `unfold` and `gather`. A shader cannot add to another's element, so each looks for its own terms. */
export function scatteringKernels(device: Device): KernelTable {
  return { fold: fold(device), scatterAdd: scatterAdd(device) };
}

function fold(device: Device): Kernel<Fold> {
  return (inputs, { axes, window, strides, dilations }, [out]) => {
    const storages = gpuInputs(inputs);
    if (storages === null) return null;
    const bound = storages[0].bound * sizeOf(window);
    if (out.dtype === 'int32' && bound > EXACT) return null;
    const size = sizeOf(out.shape);
    if (storages[0].size === 0) return [fill(device, size, 0, 1)];
    const [{ shape }] = inputs;
    const rank = out.shape.length;
    const steps = stridesOf(shape);
    const taps = axes.flatMap((axis, j) => [
      shape[axis],
      window[j],
      strides[j],
      dilations[j],
      steps[axis],
      steps[rank + j],
    ]);
    // Other axes are walked as they lie in the input.
    const places = out.shape.flatMap((n, axis) => [n, axes.includes(axis) ? 0 : steps[axis]]);
    const source = () => foldSource(rank, axes);
    return [device.launch(`fold ${rank} ${axes}`, source, storages, [size, ...places, ...taps], size, bound)];
  };
}

function foldSource(rank: number, axes: readonly number[]): Source {
  const all = Array.from({ length: rank }, (_, axis) => axis);
  const places = [...all].reverse().map((k) => `int y${k} = wTake(i, d${k});\nbase += y${k} * p${k};\n`);
  const loops = axes.map((axis, j) => {
    const from = j === 0 ? 'base' : `at${j - 1}`;
    return `for (int w${j} = 0; w${j} < window${j}; w${j}++) {
int u${j} = y${axis} - w${j} * dilation${j};
int x${j} = u${j} / stride${j};
if (u${j} < 0 || x${j} >= count${j} || x${j} * stride${j} != u${j}) continue;
int at${j} = ${from} + x${j} * step${j} + w${j} * inside${j};
`;
  });
  const last = axes.length === 0 ? 'base' : `at${axes.length - 1}`;
  const body = `int base = 0;
float sum = 0.0;
${places.join('')}${loops.join('')}sum += wElement(t0, s0, ${last});
${'}\n'.repeat(axes.length)}return sum;`;
  const names = ['count', 'window', 'stride', 'dilation', 'step', 'inside'];
  const ints = [
    ...all.flatMap((k) => [`d${k}`, `p${k}`]),
    ...axes.flatMap((_, j) => names.map((name) => `${name}${j}`)),
  ];
  return { inputs: 1, ints: ['size', ...ints], glsl: eachElement(body) };
}

/** From how many comparisons of an index with a place on the indices are sorted first. */
const COMPARISONS = 2 ** 22;

function scatterAdd(device: Device): Kernel<ScatterAdd> {
  return (inputs, { axis, size: length }, [out]) => {
    const storages = gpuInputs(inputs);
    if (storages === null) return null;
    const [updates, indices] = storages;
    const count = sizeOf(inputs[1].shape);
    const size = sizeOf(out.shape);
    const bound = updates.bound * count;
    if (count > EXACT || (out.dtype === 'int32' && bound > EXACT)) return null;
    if (updates.size === 0) return [fill(device, size, 0, 1)];
    const inner = sizeOf(out.shape.slice(axis + 1));
    const packed = inner % 4 === 0;
    const unit = packed ? 4 : 1;
    const ints = [size, inner / unit, count, length];
    if ((size / unit) * count <= COMPARISONS) {
      return [device.launch(`scatterAdd ${packed}`, () => comparingSource(packed), storages, ints, size, bound)];
    }
    const { pairs } = sortedPairs(device, indices, 1, count, false);
    const source = () => searchingSource(packed);
    const sums = device.launch(`scatterAdd sorted ${packed}`, source, [updates, ...pairs], ints, size, bound);
    for (const pair of pairs) device.pool.free(pair);
    return [sums];
  };
}

const SCATTER_INTS = ['size', 'inner', 'count', 'len'];

/** Every place adds up its updates, which `terms` finds: it calls `add(k)` for update number k. */
function scatterSource(inputs: number, packed: boolean, terms: string): Source {
  const type = packed ? 'vec4' : 'float';
  const body = `int outer = i, c = wTake(outer, inner), place = wTake(outer, len);
${type} sum = ${type}(0.0);
${terms.replaceAll(/add\((\w+)\)/g, `sum += ${packed ? 'wTexel' : 'wElement'}(t0, s0, (outer * count + $1) * inner + c)`)}
return sum;`;
  const glsl = packed ? `vec4 texel(int i) {\n${body}\n}` : eachElement(body);
  return { inputs, ints: SCATTER_INTS, glsl };
}

function comparingSource(packed: boolean): Source {
  const terms = `for (int k = 0; k < count; k++) {
if (int(wElement(t1, s1, k)) == place) add(k);
}`;
  return scatterSource(2, packed, terms);
}

/** Finds the first of the sorted indices that is the place by halving, and takes those that follow. */
function searchingSource(packed: boolean): Source {
  const terms = `int low = 0, high = count;
while (low < high) {
int middle = (low + high) / 2;
if (int(wElement(t1, s1, middle)) < place) low = middle + 1;
else high = middle;
}
for (; low < count; low++) {
if (int(wElement(t1, s1, low)) != place) break;
int k = int(wElement(t2, s2, low));
add(k);
}`;
  return scatterSource(3, packed, terms);
}
