import type { Backend } from './backend.ts';
import type { DType } from './dtype.ts';
import { Cell } from './storage.ts';
import { NOBODY, Tensor } from './tensor.ts';

/** So many numbers of each dtype are kept; the one that has been there longest goes first. */
const LIMIT = 256;

type Table = Map<number, Tensor>;

const tables = new WeakMap<Backend, Partial<Record<DType, Table>>>();

/**
 * The number as a scalar of `dtype` that many ops share, where the backend keeps such. It belongs to core: only inputs of
 * ops may be made of it, nothing that is returned to a user.
 */
export function constantOn(backend: Backend, dtype: DType, value: number): Tensor | null {
  // A map does not tell -0 from 0.
  if (backend.constant === undefined || Object.is(value, -0)) return null;
  const table = tableOf(backend, dtype);
  const known = table.get(value);
  // A rule that disposes what it is given can only harm itself.
  if (known !== undefined && known.cell !== null) return known;
  const cell = Cell.constant(backend, backend.constant(value, dtype));
  const made = new Tensor([], dtype, cell, NOBODY);
  made.kept = true;
  table.set(value, made);
  if (table.size > LIMIT) table.delete(table.keys().next().value ?? value);
  return made;
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
  own[dtype] ??= new Map();
  return own[dtype];
}
