import { type Kernel, type KernelTable, sizeOf } from '@wengert/core/functions';
import { broadcastView, Deferred, formulaOf, pointwiseOps, type View } from '@wengert/fusion';
import { boundOf, type Known } from '../bounds.ts';
import type { WebglGraph } from '../fusion.ts';
import type { Device } from '../program.ts';
import { isOnHost, type TensorStorage } from '../storage.ts';
import type { GpuStorage } from '../texture.ts';

/** A kernel for every scalar formula: it only notes what is to be computed. */
export function pointwiseKernels(device: Device, graph: WebglGraph): KernelTable {
  return Object.fromEntries(pointwiseOps.map((op) => [op, pointwise(device, graph, op)])) as KernelTable;
}

function pointwise({ context, pool }: Device, graph: WebglGraph, op: keyof KernelTable): Kernel {
  return (inputs, _, [{ shape, dtype }]) => {
    const formula = formulaOf(
      op,
      inputs.map((input) => input.dtype),
      dtype,
    );
    if (formula === undefined) return null;
    const operands: { storage: GpuStorage | Deferred<GpuStorage, Known>; view: View }[] = [];
    const bounds: number[] = [];
    for (const input of inputs) {
      const storage = input.storage as TensorStorage;
      if (isOnHost(storage)) return null;
      bounds.push(storage instanceof Deferred ? storage.info.bound : storage.bound);
      operands.push({ storage, view: broadcastView(input.shape, shape) });
    }
    const bound = boundOf(formula, bounds);
    if (bound === null) return null;
    context.check(context.generation);
    const size = sizeOf(shape);
    // What no texture holds fails at once.
    if (size === 0 || size > 4 * context.maxSide ** 2) return [pool.attempt(op, () => pool.allocate(size, bound))];
    return [graph.defer(formula, operands, size, { bound })];
  };
}
