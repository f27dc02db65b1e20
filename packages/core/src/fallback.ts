import type { Backend, Output, Spec, Storage } from './backend.ts';
import type { TypedArray } from './dtype.ts';
import { BackendError } from './errors.ts';
import { unrecorded } from './recorder.ts';
import { withScope } from './scope.ts';
import { blockOf, Cell } from './storage.ts';
import { makeTensor, type Tensor } from './tensor.ts';

/** Computes an op on tensors of the fallback backend. */
type Compute = (inputs: readonly Tensor[]) => readonly Tensor[];

/** The outputs of an op, on `backend`, whose values `compute` finds on the fallback backend `host`. */
export function byFallback(
  op: string,
  backend: Backend,
  host: Backend,
  inputs: readonly Tensor[],
  outputs: readonly Output[],
  compute: Compute,
): Storage[] {
  if (host.readSync === undefined) {
    throw new BackendError(`${op}: the fallback backend '${host.name}' must be readable synchronously`);
  }
  const read = backend.readSync?.bind(backend);
  if (read === undefined) return later(op, backend, host, inputs, outputs, compute);
  return written(backend, outputs, onHost(host, inputs, inputs.map(read), compute));
}

function written(backend: Backend, outputs: readonly Output[], results: readonly TypedArray[]): Storage[] {
  const storages: Storage[] = [];
  try {
    for (const [i, result] of results.entries()) storages.push(backend.write(result, outputs[i]));
  } catch (error) {
    for (const storage of storages) backend.free(storage);
    throw error;
  }
  return storages;
}

function later(
  op: string,
  backend: Backend,
  host: Backend,
  inputs: readonly Tensor[],
  outputs: readonly Output[],
  compute: Compute,
): Storage[] {
  const specs: Spec[] = inputs.map(({ shape, dtype }) => ({ shape, dtype }));
  const cells = inputs.map((input) => input.live(op).retain());
  const results = Promise.all(cells.map((cell, i) => backend.read(blockOf(cell, specs[i]))))
    .finally(() => {
      for (const cell of cells) cell.release();
    })
    .then((data) => onHost(host, specs, data, compute));
  // The failure surfaces where somebody reads an output; that nobody may read one is no unhandled rejection.
  results.catch(() => undefined);
  return outputs.map((output, i) =>
    backend.write(
      results.then((all) => all[i]),
      output,
    ),
  );
}

function onHost(
  host: Backend,
  specs: readonly Spec[],
  data: readonly TypedArray[],
  compute: Compute,
): readonly TypedArray[] {
  return unrecorded(() =>
    withScope(
      () => {
        const inputs = specs.map((spec, i) => makeTensor(spec, new Cell(host, host.write(data[i], spec), spec, true)));
        return compute(inputs).map((output) => output.dataSync());
      },
      () => [],
    ),
  );
}
