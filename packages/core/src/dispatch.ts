import type { Backend, Output, Spec, Storage } from './backend.ts';
import { type DType, MAX_LENGTH } from './dtype.ts';
import { BackendError, DisposedError, DTypeError, ShapeError, UnsupportedOpError } from './errors.ts';
import { byFallback } from './fallback.ts';
import { observed, report } from './observe.ts';
import { computeOnHost } from './op/host.ts';
import type { Op } from './op/op.ts';
import { activeRecorders, type Recorder, unrecorded } from './recorder.ts';
import { hasOwnRule, kernelFor, ruleOf } from './registry.ts';
import { insideScope, withScope } from './scope.ts';
import { type Shape, showShape, sizeOf } from './shape.ts';
import { blockOf, Cell } from './storage.ts';
import { makeTensor, nextId, Tensor } from './tensor.ts';

/**
 * Runs an op on tensors of one backend and shows it to the open recorders. Every op of the library, in user code and in
 * rules alike, passes through here.
 */
export function execute<A>(op: Op<A>, inputs: readonly Tensor[], attrs: A): readonly Tensor[] {
  const backend = commonBackend(op.name, inputs);
  const recorders = activeRecorders();
  if (recorders.length === 0) return run(op, backend, inputs, attrs);
  const interested = following(recorders, inputs);
  if (interested === null) return run(op, backend, inputs, attrs);
  if (op.compose !== undefined && opensUp(op, interested)) {
    return decompose(op, backend, inputs, attrs, op.infer(inputs, attrs));
  }
  const outputs = run(op, backend, inputs, attrs);
  const rule = ruleOf(op);
  // A list of several outputs is the caller's, who may change it.
  const made = outputs.length === 1 ? outputs : outputs.slice();
  for (let i = 0; i < interested.length; i++) interested[i].record(op, rule, inputs, made, attrs);
  return outputs;
}

/** Those recorders, outermost first, through which a derivative may pass; null where there is none. */
function following(recorders: readonly Recorder[], inputs: readonly Tensor[]): readonly Recorder[] | null {
  if (recorders.length === 1) return follows(recorders[0], inputs) ? recorders : null;
  let found: Recorder[] | null = null;
  for (const recorder of recorders) {
    if (!follows(recorder, inputs)) continue;
    if (found === null) found = [recorder];
    else found.push(recorder);
  }
  return found;
}

/** Asks about every input, since a tape watches the variables that it is asked about. */
function follows(recorder: Recorder, inputs: readonly Tensor[]): boolean {
  let any = false;
  for (let i = 0; i < inputs.length; i++) if (recorder.tracks(inputs[i])) any = true;
  return any;
}

/** Shows the open recorders something that was computed otherwise, as if `op` had done it. */
export function recordAs(op: Op, inputs: readonly Tensor[], outputs: readonly Tensor[], attrs: unknown): void {
  for (const recorder of activeRecorders()) {
    if (follows(recorder, inputs)) recorder.record(op, op.rule, inputs, outputs, attrs);
  }
}

/** A composite is one node only where it has a rule of its own, in forward mode a pushforward of its own. */
function opensUp(op: Op<never>, interested: readonly Recorder[]): boolean {
  if (hasOwnRule(op)) return false;
  if (op.rule === undefined) return true;
  return op.rule !== null && op.rule.jvp === undefined && interested.some((recorder) => recorder.opensComposites);
}

// Every op goes through what follows. Engines inline functions that are short, and loops over an iterator are not: the
// loops here count, and what is rare stands in functions of its own.

function commonBackend(op: string, inputs: readonly Tensor[]): Backend {
  let backend: Backend | undefined;
  for (let i = 0; i < inputs.length; i++) {
    const own = inputs[i].cell?.backend;
    if (own === undefined || (backend !== undefined && backend !== own)) throw unfit(op, inputs[i], backend, own);
    backend = own;
  }
  if (backend === undefined) throw new BackendError(`${op}: an op needs at least one tensor`);
  return backend;
}

function unfit(op: string, input: Tensor, backend: Backend | undefined, own: Backend | undefined): Error {
  if (own === undefined) {
    return new DisposedError(
      `${op}: input of shape ${showShape(input.shape)} is disposed; keep() it, or return it from the tidy() or scope that made it`,
    );
  }
  return new BackendError(
    `${op}: inputs live on different backends, '${backend?.name}' and '${own.name}'; move one with tensor.to(backend)`,
  );
}

/** Computes without recording: kernel, else decomposition, else fallback. */
function run<A>(op: Op<A>, backend: Backend, inputs: readonly Tensor[], attrs: A): readonly Tensor[] {
  const specs = op.infer(inputs, attrs);
  if (op.shares) return [makeTensor(specs[0], inputs[0].live(op.name).retain())];
  const known = inputs[0].dtype;
  const outputs =
    specs.length === 1
      ? [plannedOne(op.name, backend, specs[0], known)]
      : specs.map((spec) => plannedOne(op.name, backend, spec, known));
  const storages =
    kernelFor(backend, op)?.(inputs, attrs, outputs) ??
    (op.host && computeOnHost(backend, op.host, inputs, attrs, outputs));
  if (!storages) return withoutKernel(op, backend, inputs, attrs, outputs);
  if (observed()) report(op.name, backend.name, 'kernel', inputs, outputs);
  return adopt(backend, storages, inputs, outputs);
}

function withoutKernel<A>(
  op: Op<A>,
  backend: Backend,
  inputs: readonly Tensor[],
  attrs: A,
  outputs: readonly Output[],
): readonly Tensor[] {
  if (op.compose !== undefined) return unrecorded(() => decompose(op, backend, inputs, attrs, outputs));
  const host = backend.fallback;
  if (host === undefined) {
    throw new UnsupportedOpError(
      `${op.name}: backend '${backend.name}' has no kernel for inputs ${inputs.map((x) => `${x.dtype}${showShape(x.shape)}`).join(', ')}, the op has no decomposition, and the backend names no fallback`,
    );
  }
  report(op.name, backend.name, 'fallback', inputs, outputs);
  const found = byFallback(op.name, backend, host, inputs, outputs, (moved) => run(op, host, moved, attrs));
  return adopt(backend, found, [], outputs);
}

/** Refuses, before a kernel asks for memory, what the backend or no backend can hold. It stores the dtype `known`. */
function plannedOne(op: string, backend: Backend, spec: Spec, known: DType): Output {
  const { shape, dtype } = spec;
  if (dtype !== known && !backend.dtypes.has(dtype)) throw unstored(op, backend, dtype);
  if (sizeOf(shape) > MAX_LENGTH) throw tooLarge(op, shape);
  return { shape, dtype, scoped: insideScope() };
}

function tooLarge(op: string, shape: Shape): ShapeError {
  return new ShapeError(`${op}: a result of shape ${showShape(shape)} has more elements than one tensor can hold`);
}

/** The error for a tensor that a backend cannot hold. */
export function unstored(op: string, backend: Backend, dtype: string): DTypeError {
  return new DTypeError(
    `${op}: backend '${backend.name}' does not store ${dtype} (it stores ${[...backend.dtypes].join(', ')}); cast to one of these or use another backend`,
  );
}

function adopt(
  backend: Backend,
  storages: readonly Storage[],
  inputs: readonly Tensor[],
  outputs: readonly Output[],
): Tensor[] {
  for (let i = 0; i < inputs.length; i++) if (inputs[i].donated) giveUp(inputs[i], storages);
  // Nearly all ops have one output: a literal of one costs half of what `map` and its closure do.
  if (outputs.length === 1) return [adoptOne(backend, storages[0], outputs[0])];
  return outputs.map((output, i) => adoptOne(backend, storages[i], output));
}

function giveUp({ cell }: Tensor, storages: readonly Storage[]): void {
  if (cell !== null && storages.includes(cell.storage)) cell.giveUp();
}

function adoptOne(backend: Backend, storage: Storage, output: Output): Tensor {
  return makeTensor(output, new Cell(backend, storage, output, output.scoped));
}

function decompose<A>(
  op: Op<A>,
  backend: Backend,
  inputs: readonly Tensor[],
  attrs: A,
  outputs: readonly Spec[],
): readonly Tensor[] {
  report(op.name, backend.name, 'composed', inputs, outputs);
  return withScope(
    () => (op.compose?.(inputs, attrs) ?? []).map((output) => (inputs.includes(output) ? alias(output) : output)),
    (result) => result,
  );
}

/** The op behind every alias; `ops/alias.ts` declares it, and cannot be imported here. */
export const aliasing: Op = {
  name: 'alias',
  rule: { vjp: (g) => g, jvp: (t) => t },
  saves: [],
  infer: (inputs) => inputs,
  shares: true,
};

/** The same values under a new identity, connected to the tape. */
export function alias(x: Tensor): Tensor {
  return execute(aliasing, [x], undefined)[0];
}

/** Copies a tensor's values to another backend, outside the tape. */
export function transfer(x: Tensor, backend: Backend): Tensor {
  const cell = x.live('to');
  const from = cell.backend;
  if (!backend.dtypes.has(x.dtype)) throw unstored('to', backend, x.dtype);
  const spec: Spec = { shape: x.shape, dtype: x.dtype };
  if (from.readSync === undefined && backend.readSync !== undefined) {
    throw new BackendError(
      `to: '${from.name}' can only be read asynchronously; use tensor(await x.data(), x.shape, x.dtype) on '${backend.name}'`,
    );
  }
  const data = from.readSync === undefined ? from.read(blockOf(cell, spec)) : from.readSync(x);
  return makeTensor(spec, new Cell(backend, backend.write(data, spec), spec, insideScope()));
}

/** A handle without values, for what a rule may know the shape of but must not read. */
export function shapeOnly(x: Tensor): Tensor {
  return new Tensor(x.shape, x.dtype, null, nextId());
}
