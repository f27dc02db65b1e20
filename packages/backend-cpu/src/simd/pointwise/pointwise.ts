import { type Block, type DType, type Kernel, type KernelTable, sameShape, sizeOf } from '@wengert/core/functions';
import {
  broadcastView,
  Deferred,
  type Formula,
  flatView,
  formulaOf,
  pointwiseOps,
  scalarType,
  type View,
} from '@wengert/fusion';
import type { CpuStorage } from '../../storage.ts';
import { currentWorkers } from '../../threads/tasks.ts';
import { computeNow } from './direct.ts';
import { graph, type Pending } from './graph.ts';
import type { Known } from './launch.ts';
import { importsOf } from './operations.ts';
import { reserveRoom } from './tracks.ts';

/** Fewer elements cost less in a plain loop than a call. */
const FEWEST = 256;
/** From so many elements on it pays to wait for what else is to be done with them. */
const DEFERRED_FROM = 2 ** 15;

const CODES: Readonly<Record<DType, number>> = { float32: 1, int32: 2, bool: 3, float64: 0 };

/** The formulas of an op that vectors can compute, by the dtypes of its inputs and output. */
function formulasOf(op: keyof KernelTable): (inputs: readonly Block[], dtype: DType) => Formula | null {
  const known = new Map<number, Formula | null>();
  return (inputs, dtype) => {
    let key = CODES[dtype];
    for (let i = 0; i < inputs.length; i++) key = 4 * key + CODES[inputs[i].dtype];
    let formula = known.get(key);
    if (formula === undefined) {
      const dtypes = inputs.map((input) => input.dtype);
      const found = formulaOf(op, dtypes, dtype);
      formula = found !== undefined && importsOf(found) !== null ? found : null;
      known.set(key, formula);
    }
    return formula;
  };
}

function viewOf(input: Block, shape: readonly number[], size: number): View {
  return sameShape(input.shape, shape) ? flatView(size) : broadcastView(input.shape, shape);
}

/** What the graph is given for an input: one element is a number. */
function operandOf({ storage }: Block, info: Known): CpuStorage | Pending {
  const own = storage as CpuStorage | Pending;
  if (own instanceof Deferred || own.length > 1) return own;
  return graph.scalar(own.data[0], scalarType(own.dtype), info);
}

/** A kernel that notes work on at least `from` elements, and does smaller work at once. */
function pointwiseKernel(op: keyof KernelTable, from: number): Kernel {
  const find = formulasOf(op);
  return (inputs, _, [{ shape, dtype, scoped }]) => {
    const size = sizeOf(shape);
    if (size < Math.max(1, Math.min(from, FEWEST))) return null;
    const formula = find(inputs, dtype);
    if (formula === null) return null;
    const info: Known = { dtype, scoped, workers: currentWorkers() };
    const views: View[] = [];
    for (let i = 0; i < inputs.length; i++) views.push(viewOf(inputs[i], shape, size));
    if (size < from || !reserveRoom()) return computeNow(formula, inputs, views, size, info);
    const operands: { readonly storage: CpuStorage | Pending; readonly view: View }[] = [];
    for (let i = 0; i < inputs.length; i++) operands.push({ storage: operandOf(inputs[i], info), view: views[i] });
    return [graph.defer(formula, operands, size, info)];
  };
}

/** Every pointwise op that vectors can compute. */
export function pointwiseKernels(from: number = DEFERRED_FROM): KernelTable {
  return Object.fromEntries(pointwiseOps.map((op) => [op, pointwiseKernel(op, from)]));
}
