import { type Concat, type Gather, type Kernel, type KernelTable, sizeOf } from '@wengert/core/functions';
import { eachElement } from '../glsl/elements.ts';
import { type Device, MAX_INPUTS, type Source } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import type { GpuStorage } from '../texture.ts';

/** `concat` and `gather`. */
export function joiningKernels(device: Device): KernelTable {
  return { concat: concat(device), gather: gather(device) };
}

function concat(device: Device): Kernel<Concat> {
  return (inputs, { axis }, [out]) => {
    const storages = gpuInputs(inputs);
    if (storages === null) return null;
    const inner = sizeOf(out.shape.slice(axis + 1));
    const outer = sizeOf(out.shape.slice(0, axis));
    // [outer, run] each, side by side.
    let parts = inputs
      .map(({ shape }, k) => ({ storage: storages[k], run: shape[axis] * inner, owned: false }))
      .filter(({ storage }) => storage.size > 0);
    if (parts.length === 0) return [device.pool.allocate(0, 1)];
    do {
      const next: typeof parts = [];
      for (let i = 0; i < parts.length; i += MAX_INPUTS) {
        const group = parts.slice(i, i + MAX_INPUTS);
        const run = group.reduce((sum, part) => sum + part.run, 0);
        next.push({ storage: join(device, group, outer, run), run, owned: true });
        for (const part of group) if (part.owned) device.pool.free(part.storage);
      }
      parts = next;
    } while (parts.length > 1);
    return [parts[0].storage];
  };
}

function join(
  device: Device,
  parts: readonly { storage: GpuStorage; run: number }[],
  outer: number,
  run: number,
): GpuStorage {
  const size = outer * run;
  const packed = parts.every((part) => part.run % 4 === 0);
  const unit = packed ? 4 : 1;
  const ints = [size, run / unit, ...parts.map((part) => part.run / unit)];
  const bound = Math.max(...parts.map(({ storage }) => storage.bound));
  return device.launch(
    `concat ${parts.length} ${packed}`,
    () => concatSource(parts.length, packed),
    parts.map(({ storage }) => storage),
    ints,
    size,
    bound,
  );
}

function concatSource(count: number, packed: boolean): Source {
  const runs = Array.from({ length: count }, (_, k) => `r${k}`);
  const read = packed ? 'wTexel' : 'wElement';
  const pieces = runs.map((r, k) => `if (c < ${r}) return ${read}(t${k}, s${k}, row * ${r} + c);\nc -= ${r};\n`);
  const body = `int row = i, c = wTake(row, run);\n${pieces.join('')}return ${packed ? 'vec4(0.0)' : '0.0'};`;
  const glsl = packed ? `vec4 texel(int i) {\n${body}\n}` : eachElement(body);
  return { inputs: count, ints: ['size', 'run', ...runs], glsl };
}

function gather(device: Device): Kernel<Gather> {
  return (inputs, { axis }, [out]) => {
    const storages = gpuInputs(inputs);
    if (storages === null || storages[0].size === 0) return null;
    const [x, indices] = inputs;
    const size = sizeOf(out.shape);
    const inner = sizeOf(x.shape.slice(axis + 1));
    const packed = inner % 4 === 0;
    const ints = [size, packed ? inner / 4 : inner, sizeOf(indices.shape), x.shape[axis]];
    if (size === 0) return [device.pool.allocate(0, storages[0].bound)];
    return [device.launch(`gather ${packed}`, () => gatherSource(packed), storages, ints, size, storages[0].bound)];
  };
}

function gatherSource(packed: boolean): Source {
  const body = `int outer = i, c = wTake(outer, inner), row = wTake(outer, count);
int k = clamp(int(wElement(t1, s1, row)), 0, len - 1);
return ${packed ? 'wTexel' : 'wElement'}(t0, s0, (outer * len + k) * inner + c);`;
  const glsl = packed ? `vec4 texel(int i) {\n${body}\n}` : eachElement(body);
  return { inputs: 2, ints: ['size', 'inner', 'count', 'len'], glsl };
}
