import type { Block, Cast, Kernel, KernelTable, Output } from '@wengert/core/functions';
import { FORMULAS, type Formula, formulaFor } from '../formulas.ts';
import type { Device } from '../program.ts';
import { gpuInputs } from '../storage.ts';
import { INT32_BOUND } from '../texture.ts';
import { broadcastStrides, mapViews } from '../views.ts';

/** A kernel for every scalar formula. */
export function pointwiseKernels(device: Device): KernelTable {
  const own = Object.entries(FORMULAS).map(([op, formula]) => [op, pointwise(device, op, formula)]);
  return { ...(Object.fromEntries(own) as KernelTable), where: where(device), cast: cast(device) };
}

function pointwise(device: Device, op: string, formula: Formula): Kernel {
  return (inputs, _, [out]) => {
    const storages = gpuInputs(inputs);
    if (storages === null) return null;
    const dtype = inputs[0].dtype;
    const found = formulaFor(
      formula,
      dtype,
      out.dtype,
      storages.map((storage) => storage.bound),
    );
    if (found === null) return null;
    const views = storages.map((storage, k) => view(storage, inputs[k], out));
    return [mapViews(device, { key: `${op} ${dtype}`, expression: found.expression }, views, out.shape, found.bound)];
  };
}

function view(storage: Parameters<typeof mapViews>[2][number]['storage'], input: Block, out: Output) {
  return { storage, base: 0, strides: broadcastStrides(input.shape, out.shape) };
}

function where(device: Device): Kernel {
  return (inputs, _, [out]) => {
    const storages = gpuInputs(inputs);
    if (storages === null) return null;
    const views = storages.map((storage, k) => view(storage, inputs[k], out));
    const bound = Math.max(storages[1].bound, storages[2].bound);
    return [mapViews(device, { key: 'where', expression: 'x != 0.0 ? y : z' }, views, out.shape, bound)];
  };
}

const CASTS: Readonly<Record<string, string>> = {
  bool: 'wTruth(x != 0.0 || wNan(x))',
  int32: 'wToInt(x)',
  // An int32 has no -0, but its texel may have one.
  float32: 'x == 0.0 ? 0.0 : x',
};

function cast(device: Device): Kernel<Cast> {
  return (inputs, _, [out]) => {
    const storages = gpuInputs(inputs);
    const expression = CASTS[out.dtype];
    if (storages === null || expression === undefined) return null;
    const [{ dtype }] = inputs;
    const bound = out.dtype === 'bool' ? 1 : dtype === 'float32' ? INT32_BOUND : storages[0].bound;
    const same = dtype === out.dtype;
    const map = same ? { key: 'copy', expression: 'x' } : { key: `cast ${out.dtype}`, expression };
    return [mapViews(device, map, [view(storages[0], inputs[0], out)], out.shape, bound)];
  };
}
