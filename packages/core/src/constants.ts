import type { Backend } from './backend.ts';
import type { DType } from './dtype.ts';
import { Cell } from './storage.ts';
import { NOBODY, Tensor } from './tensor.ts';

/** Numbers stand in groups, which their bits choose; of each group so many are kept, those that came last. */
const GROUPS = 64;
const KEPT = 4;

/** The constants of a dtype. */
interface Table {
  readonly values: Float64Array;
  readonly tensors: (Tensor | null)[];
}

const tables = new WeakMap<Backend, Partial<Record<DType, Table>>>();

/**
 * The number as a scalar of `dtype` that many ops share, where the backend keeps such. It belongs to core: only inputs of
 * ops may be made of it, nothing that is returned to a user.
 */
export function constantOn(backend: Backend, dtype: DType, value: number): Tensor | null {
  if (backend.constant === undefined) return null;
  const { values, tensors } = tableOf(backend, dtype);
  const first = groupOf(value);
  for (let i = first; i < first + KEPT; i++) {
    const known = tensors[i];
    // A rule that disposes what it is given can only harm itself.
    if (known !== null && Object.is(values[i], value) && known.cell !== null) return known;
  }
  const made = new Tensor([], dtype, Cell.constant(backend, backend.constant(value, dtype)), NOBODY);
  made.kept = true;
  values.copyWithin(first + 1, first, first + KEPT - 1);
  tensors.copyWithin(first + 1, first, first + KEPT - 1);
  values[first] = value;
  tensors[first] = made;
  return made;
}

/** A double, and its words. */
function sameMemory(): { double: Float64Array; words: Int32Array } {
  const double = new Float64Array(1);
  return { double, words: new Int32Array(double.buffer) };
}

const bits = /* @__PURE__ */ sameMemory();

/** Where the group of a number begins. A map would take ten times as long to find a fraction. */
function groupOf(value: number): number {
  const { double, words } = bits;
  double[0] = value;
  return KEPT * (Math.imul(words[0] ^ words[1], 0x9e3779b1) >>> 26);
}

/** The table that was asked for last, as nearly always. */
let last: { readonly backend: Backend; readonly dtype: DType; readonly table: Table } | null = null;

function tableOf(backend: Backend, dtype: DType): Table {
  if (last === null || last.backend !== backend || last.dtype !== dtype) {
    last = { backend, dtype, table: findTable(backend, dtype) };
  }
  return last.table;
}

function findTable(backend: Backend, dtype: DType): Table {
  let own = tables.get(backend);
  if (own === undefined) {
    own = {};
    tables.set(backend, own);
  }
  own[dtype] ??= { values: new Float64Array(GROUPS * KEPT), tensors: new Array<null>(GROUPS * KEPT).fill(null) };
  return own[dtype];
}
