import { BackendError, type Block, convertValues, type DType, type Storage } from '@wengert/core/functions';
import { Deferred, PointwiseGraph, type ScalarType } from '@wengert/fusion';
import { CpuStorage } from '../../storage.ts';
import { evict, type Known, launchOf, type Work } from './launch.ts';

/** Longer chains are cut: what one launch computes has to be compiled first. */
const OPS = 32;
/** So many results that nobody asked for may wait. */
const WAITING = 16;

const DTYPES: Readonly<Record<ScalarType, DType>> = { float: 'float32', double: 'float64', int: 'int32', bool: 'bool' };

/** A tensor whose values may be pending. */
export type Pending = Deferred<CpuStorage, Known>;

/** The pointwise ops that wait to be computed together; one for all backends, since they share the heap. */
export const graph: PointwiseGraph<CpuStorage, Known> = new PointwiseGraph<CpuStorage, Known>(
  {
    launch(plan) {
      const { key, run } = launchOf(plan);
      return { key, run: () => run() ?? refuse(plan) };
    },
    scalar(value, type) {
      const dtype = DTYPES[type];
      return new CpuStorage(dtype, 1, false, convertValues([value], dtype));
    },
    free: (storage) => storage.release(),
    info: ({ dtype }) => ({ dtype, scoped: false, workers: null }),
    evict,
  },
  { ops: OPS, waiting: WAITING },
);

function refuse({ steps }: Work): never {
  throw new BackendError(`cpu: no memory is left for ${steps.map(({ formula }) => formula.op).join('+')}`);
}

/** The storage of a block, whose values are computed now if they were pending. */
export function settled({ storage }: Block): CpuStorage {
  return storage instanceof Deferred ? graph.valueOf(storage as Pending) : (storage as CpuStorage);
}

/** The block with values; what pending ops wait to read is nobody's to write into. */
export function withValues(block: Block): Block {
  const { storage, shape, dtype } = block;
  if (storage instanceof Deferred) return { storage: settled(block), shape, dtype };
  const own = storage as CpuStorage;
  return own.leaf !== null && block.exclusive && graph.isAwaited(own) ? { storage, shape, dtype } : block;
}

/** Whether it is pending, or was: only storages have a place for their node. Cheaper than to ask for the class. */
function isPending(storage: Storage): storage is Pending {
  return (storage as CpuStorage).leaf === undefined;
}

/** Core holds it no longer. */
export function free(storage: Storage): void {
  const own = storage as CpuStorage;
  if (own.leaf === null) own.release();
  else graph.free(own);
}

/** The values will be read again. */
export function retain(storage: Storage): void {
  if (isPending(storage)) graph.keep(storage);
}

/**
 * The tensor outlives its scope. Pending ones are stored by whatever launch passes through them; one that was passed
 * already is computed now, for if nobody ever asked, the inputs that it waits for would stay on the heap for good.
 */
export function outlive(storage: Storage): void {
  if (!isPending(storage)) (storage as CpuStorage).promote();
  else if (storage.value !== null) storage.value.promote();
  else {
    storage.info.scoped = false;
    graph.keep(storage);
    if (storage.passed) graph.hasten(storage);
  }
}
