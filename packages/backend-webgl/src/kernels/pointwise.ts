import { type Block, type Kernel, type KernelTable, type Output, sizeOf } from '@wengert/core/functions';
import { broadcastView, Deferred, type Formula, formulaOf, pointwiseOps, type View } from '@wengert/fusion';
import { boundOf, type Known } from '../bounds.ts';
import type { WebglGraph } from '../fusion.ts';
import { type HostInput, mapOnHost } from '../hostMap.ts';
import { boundOfData, HostStorage } from '../hostStorage.ts';
import type { Device } from '../program.ts';
import { onHost, type TensorStorage } from '../storage.ts';
import type { GpuStorage } from '../texture.ts';

/**
 * A kernel for every scalar formula: it only notes what is to be computed, or computes it at once where all inputs are
 * on the host and the output has fewer than `small` elements.
 */
export function pointwiseKernels(device: Device, graph: WebglGraph, small: number): KernelTable {
  return Object.fromEntries(pointwiseOps.map((op) => [op, pointwise(device, graph, small, op)])) as KernelTable;
}

function pointwise({ context, pool }: Device, graph: WebglGraph, small: number, op: keyof KernelTable): Kernel {
  return (inputs, _, [out]) => {
    const { shape, dtype } = out;
    const formula = formulaOf(
      op,
      inputs.map((input) => input.dtype),
      dtype,
    );
    if (formula === undefined) return null;
    const bounds: number[] = [];
    for (const input of inputs) {
      const storage = input.storage as TensorStorage;
      if (storage instanceof HostStorage && !storage.fits) return null;
      bounds.push(storage instanceof Deferred ? storage.info.bound : storage.bound);
    }
    const bound = boundOf(formula, bounds);
    if (bound === null) return null;
    const size = sizeOf(shape);
    if (size < small) {
      const made = computed(graph, formula, inputs, out);
      if (made !== null) return [made];
    }
    context.check(context.generation);
    // What no texture holds fails at once.
    if (size === 0 || size > 4 * context.maxSide ** 2) return [pool.attempt(op, () => pool.allocate(size, bound))];
    const operands = inputs.map((input): { storage: GpuStorage | Deferred<GpuStorage, Known>; view: View } => {
      const storage = input.storage as TensorStorage;
      const view = broadcastView(input.shape, shape);
      return { storage: storage instanceof HostStorage ? storage.onGpu(context, pool) : storage, view };
    });
    return [graph.defer(formula, operands, size, { bound })];
  };
}

/** The result of inputs that all are on the host; null where one is not, or where the formula has to go to the GPU. */
function computed(
  graph: WebglGraph,
  formula: Formula,
  inputs: readonly Block[],
  { shape, dtype }: Output,
): TensorStorage | null {
  const found: HostInput[] = [];
  for (const input of inputs) {
    const storage = input.storage as TensorStorage;
    if (storage instanceof HostStorage) found.push({ values: storage.data, shape: input.shape });
    else if (storage instanceof Deferred && storage.scalar !== null) {
      found.push({ values: [storage.scalar.value], shape: input.shape });
    } else return null;
  }
  const data = mapOnHost(formula, found, shape, dtype);
  return data && onHost(graph, data, dtype, boundOfData(data, dtype));
}
