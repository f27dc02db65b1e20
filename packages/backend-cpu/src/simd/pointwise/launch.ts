import { type DType, reportFused, type Spec, stridesOf } from '@wengert/core/functions';
import { flatView, isFlat, type Plan, type View } from '@wengert/fusion';
import { copy } from '../../kernels/copy.ts';
import { CpuStorage } from '../../storage.ts';
import { type Nest, walk } from '../../strides.ts';
import type { Workers } from '../../threads/tasks.ts';
import type { Compiled } from '../../wasm/module.ts';
import { borrowing, copyOf, lazy } from '../access.ts';
import { nestOf } from './nest.ts';
import { pointwiseLoop } from './pointwiseLoop.ts';
import { CHUNK, runner, type Track } from './tracks.ts';

/** What is known of a tensor before it has values. */
export interface Known {
  readonly dtype: DType;
  scoped: boolean;
  /** The threads of the backend that it belongs to. */
  readonly workers: Workers | null;
}

/** What a launch computes: a plan of the graph, or one op. */
export type Work = Pick<
  Plan<CpuStorage, Known>,
  'structure' | 'size' | 'steps' | 'inputs' | 'accesses' | 'scalars' | 'ending'
> & {
  readonly outputs: readonly { readonly step: number; readonly node: { readonly info: Known } }[];
};

/** So many elements are worth the attention of several threads. */
const SHARED_FROM = 2 ** 17;

/** Loops by what they compute and how they read it. */
const loops = new Map<string, () => Compiled>();

/** Forgets the loop of that name. */
export function evict(key: string): void {
  loops.delete(key);
}

/** Prepares a loop over all elements of some work. It returns null, not storages, where the heap has no room for it. */
export function launchOf(work: Work): { readonly key: string; readonly run: () => readonly CpuStorage[] | null } {
  const { accesses, size } = work;
  const views = new Array<View>(accesses.length);
  for (let i = 0; i < views.length; i++) views[i] = accesses[i].view;
  const nest = nestOf(size, views) ?? laidOut(size, views);
  let key = work.structure;
  for (let i = 0; i < views.length; i++) if (isFixed(nest, i)) key += ` ${i}`;
  return { key, run: () => compute(work, nest, views, loopOf(key, work, nest)) };
}

/** Whether an access stands still along the innermost loop. */
export function isFixed({ strides }: Nest, access: number): boolean {
  return strides[access][strides[access].length - 1] === 0;
}

/** A nest for the views after those that do not go with the others were replaced by flat ones. */
function laidOut(size: number, views: View[]): Nest {
  let nest: Nest | null = null;
  for (let i = 0; nest === null; i++) {
    if (!isFlat(views[i], size)) views[i] = flatView(size);
    nest = nestOf(size, views);
  }
  return nest;
}

function loopOf(key: string, { accesses, steps, scalars, outputs }: Work, nest: Nest): Compiled {
  let loop = loops.get(key);
  if (loop === undefined) {
    // Loops are kept: what they are made from must not hold the tensors of the work.
    const parts = {
      readings: accesses.map(({ type }, i) => ({ type, fixed: isFixed(nest, i) })),
      numbers: scalars.map(({ type }) => type),
      steps,
      outputs: outputs.map(({ step }) => step),
    };
    loop = lazy(() => pointwiseLoop(parts));
    loops.set(key, loop);
  }
  return loop();
}

function compute(work: Work, nest: Nest, views: readonly View[], loop: Compiled): readonly CpuStorage[] | null {
  const { size, outputs, steps, inputs, accesses } = work;
  const made: CpuStorage[] = [];
  const fresh: CpuStorage[] = [];
  for (const { node } of outputs) {
    const { dtype, scoped } = node.info;
    const reused = ended(work, views, dtype, made);
    if (reused === null) fresh.push(new CpuStorage(dtype, size, scoped, null));
    else if (!scoped) reused.promote();
    made.push(reused ?? fresh[fresh.length - 1]);
  }
  const temporary: CpuStorage[] = [];
  let done: true | null = null;
  try {
    done = borrowing(() => {
      const sources: CpuStorage[] = [];
      for (let i = 0; i < accesses.length; i++) {
        const storage = inputs[accesses[i].input];
        const fits = accesses[i].view === views[i];
        sources.push(fits ? storage : expanded(storage, accesses[i].view, size));
        if (!fits) temporary.push(sources[i]);
      }
      run(work, nest, views, loop, made, sources);
      return true;
    });
  } finally {
    for (const storage of done === null ? [...temporary, ...fresh] : temporary) storage.release();
  }
  if (done === null) return null;
  if (steps.length > 1) {
    const specOf = ({ length, dtype }: CpuStorage): Spec => ({ shape: [length], dtype });
    const ops = steps.map(({ formula }) => formula.op);
    reportFused('cpu', ops, inputs.map(specOf), made.map(specOf));
  }
  return made;
}

/** An input that an output may be written into: read once, element by element as they lie, and never again. */
function ended(
  { inputs, accesses, ending, size }: Work,
  views: readonly View[],
  dtype: DType,
  taken: readonly CpuStorage[],
): CpuStorage | null {
  const reads = (input: number): number => accesses.filter((access) => access.input === input).length;
  for (let i = 0; i < accesses.length; i++) {
    const { input, view } = accesses[i];
    const storage = inputs[input];
    if (!ending[input] || storage.dtype !== dtype || taken.includes(storage) || view !== views[i]) continue;
    // Were there rows, what the end of one spills would meet the next before it is read.
    if (isFlat(view, size) && reads(input) === 1 && views.every((other) => other.dims.length < 2)) return storage;
  }
  return null;
}

function run(
  { size, scalars, outputs }: Work,
  { dims, strides }: Nest,
  views: readonly View[],
  loop: Compiled,
  made: readonly CpuStorage[],
  sources: readonly CpuStorage[],
): void {
  const inner = dims.length - 1;
  const own = stridesOf(dims);
  const tracks: Track[] = [];
  const bases: number[] = [];
  const steps: number[][] = [];
  const add = (storage: CpuStorage, address: number, base: number, along: number[]): void => {
    tracks.push({ storage, address, row: along[inner - 1], column: along[inner] });
    bases.push(base);
    steps.push(along);
  };
  for (let k = 0; k < made.length; k++) add(made[k], made[k].address, 0, own);
  for (let i = 0; i < sources.length; i++) add(sources[i], placeOf(sources[i]), views[i].base, strides[i]);
  const numbers: number[] = [];
  for (const { value, type } of scalars) numbers.push(type === 'bool' ? -value : value);
  const workers = size < SHARED_FROM ? null : outputs[0].node.info.workers;
  const rows = runner({ loop, tracks, outputs: made.length, numbers }, workers);
  if (inner === 1) rows(bases, dims[0], dims[1]);
  else {
    const nest = { dims, strides: steps };
    walk(nest, inner - 1, (offsets) =>
      rows(
        offsets.map((offset, k) => offset + bases[k]),
        dims[inner - 1],
        dims[inner],
      ),
    );
  }
}

/** Where an input lies on the heap; 0 if it is too large to be copied as a whole, or if there is no room for it. */
function placeOf(storage: CpuStorage): number {
  return storage.address || storage.need() || (storage.length > CHUNK ? 0 : copyOf(storage));
}

/** What a view shows of a storage, one element after the other. */
function expanded(storage: CpuStorage, { base, dims, steps }: View, size: number): CpuStorage {
  const whole = new CpuStorage(storage.dtype, size, true, null);
  const from = { data: storage.data, offset: base, strides: steps };
  copy(storage.dtype, dims, { data: whole.data, offset: 0, strides: stridesOf(dims) }, from);
  return whole;
}
