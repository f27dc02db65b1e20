import type { Block } from '@wengert/core/functions';
import { type Formula, type ScalarType, type Source, scalarType, type View } from '@wengert/fusion';
import type { CpuStorage } from '../../storage.ts';
import type { Nest } from '../../strides.ts';
import type { Compiled } from '../../wasm/module.ts';
import { borrowing, copied, lazy, makeOnHeap } from '../access.ts';
import { settled } from './graph.ts';
import { isFixed, type Known, launchOf } from './launch.ts';
import { nestOf } from './nest.ts';
import { pointwiseLoop, type Reading } from './pointwiseLoop.ts';

/** Loops by formula, and by how each input is read: along, standing still, or as a number. */
const loops = new WeakMap<Formula, Map<number, () => Compiled>>();

/** Computes an op on a few thousand elements, whose lookup must not cost more. Null where the heap has no room for it. */
export function computeNow(
  formula: Formula,
  inputs: readonly Block[],
  views: readonly View[],
  size: number,
  info: Known,
): readonly CpuStorage[] | null {
  const storages: CpuStorage[] = [];
  const seen: View[] = [];
  const numbers: number[] = [];
  const args: Source[] = [];
  for (let i = 0; i < inputs.length; i++) {
    const storage = settled(inputs[i]);
    if (storage.length === 1) {
      args.push({ from: 'number', index: numbers.length });
      numbers.push(storage.dtype === 'bool' ? -storage.data[0] : storage.data[0]);
    } else {
      args.push({ from: 'access', index: storages.length });
      storages.push(storage);
      seen.push(views[i]);
    }
  }
  const nest = nestOf(size, seen);
  if (nest === null || nest.dims.length > 2) return inGeneral(formula, inputs, args, storages, seen, size, info);
  const loop = loopOf(formula, args, nest);
  return borrowing(() => {
    const [made, to] = makeOnHeap({ shape: [size], dtype: info.dtype, scoped: info.scoped });
    const call = [nest.dims[0], nest.dims[1], to];
    for (let k = 0; k < storages.length; k++) {
      const storage = storages[k];
      const row = nest.strides[k][0] * (storage.bytes / storage.length);
      call.push(storage.address || storage.need() || copied(storage), row);
    }
    for (let k = 0; k < numbers.length; k++) call.push(numbers[k]);
    loop(...call);
    return [made];
  });
}

function loopOf(formula: Formula, args: readonly Source[], nest: Nest): Compiled {
  let variant = 0;
  for (let i = 0; i < args.length; i++) {
    variant = 3 * variant + (args[i].from === 'number' ? 2 : Number(isFixed(nest, args[i].index)));
  }
  let known = loops.get(formula);
  if (known === undefined) {
    known = new Map();
    loops.set(formula, known);
  }
  let loop = known.get(variant);
  if (loop === undefined) {
    loop = lazy(() => {
      const readings: Reading[] = [];
      const numbers: ScalarType[] = [];
      for (const [i, { from, index }] of args.entries()) {
        if (from === 'number') numbers.push(formula.inputs[i]);
        else readings.push({ type: formula.inputs[i], fixed: isFixed(nest, index) });
      }
      return pointwiseLoop({ readings, numbers, steps: [{ formula, args }], outputs: [0] });
    });
    known.set(variant, loop);
  }
  return loop();
}

/** As any launch. */
function inGeneral(
  formula: Formula,
  inputs: readonly Block[],
  args: readonly Source[],
  storages: readonly CpuStorage[],
  views: readonly View[],
  size: number,
  info: Known,
): readonly CpuStorage[] | null {
  const scalars: { value: number; type: ScalarType }[] = [];
  for (const [i, { from }] of args.entries()) {
    if (from === 'number') scalars.push({ value: settled(inputs[i]).data[0], type: formula.inputs[i] });
  }
  return launchOf({
    structure: `${formula.key}${args.map(({ from }) => from[0])}`,
    size,
    steps: [{ formula, args }],
    inputs: storages,
    ending: storages.map(() => false),
    accesses: storages.map(({ dtype }, input) => ({ input, view: views[input], type: scalarType(dtype) })),
    scalars,
    outputs: [{ step: 0, node: { info } }],
  }).run();
}
