import type { Backend, Kernel } from './backend.ts';
import type { DType } from './dtype.ts';
import { isFloating } from './dtype.ts';
import { BackendError } from './errors.ts';
import type { Op, Rule } from './op/op.ts';
import { platform } from './platform.ts';
import type { BadSample, Generator } from './sampling.ts';

/** Makes a backend on first use. */
export type BackendFactory = () => Backend | Promise<Backend>;

interface Entry {
  readonly factory: BackendFactory;
  readonly priority: number;
  made?: Backend | Promise<Backend>;
}

const backends = new Map<string, Entry>();
const kernels = new Map<string, Map<string, Kernel>>();
const rules = new Map<Op, Rule>();
let selected: Backend | null = null;

/**
 * Makes a backend known under `name`. Without `setBackend`, the one of highest `priority` whose factory is synchronous
 * is used. Registering a name again replaces the factory for later look-ups.
 */
export function registerBackend(name: string, factory: BackendFactory, priority = 1): void {
  backends.set(name, { factory, priority });
}

/** Forgets the backend of that name; tensors that live on it go on working. */
export function removeBackend(name: string): void {
  if (selected !== null && selected === backends.get(name)?.made) selected = null;
  backends.delete(name);
}

/** The names of all registered backends, by falling priority. */
export function backendNames(): string[] {
  return [...backends].sort(([, a], [, b]) => b.priority - a.priority).map(([name]) => name);
}

function make(entry: Entry): Backend | Promise<Backend> {
  if (entry.made === undefined) {
    const made = entry.factory();
    entry.made = made;
    if (made instanceof Promise) {
      made.then(
        (backend) => {
          entry.made = backend;
        },
        () => {
          delete entry.made;
        },
      );
    }
  }
  return entry.made;
}

/** The backend registered as `name`, made if needed; undefined where the name is unknown or its factory is asynchronous and not ready. */
export function findBackend(name: string): Backend | undefined {
  const entry = backends.get(name);
  const made = entry && make(entry);
  return made instanceof Promise ? undefined : made;
}

/** Selects the backend on which new tensors are made, by name or as an object. Resolves to false where it cannot start. */
export function setBackend(backend: string | Backend): Promise<boolean> {
  if (typeof backend !== 'string') {
    selected = backend;
    return Promise.resolve(true);
  }
  const entry = backends.get(backend);
  if (entry === undefined) {
    throw new BackendError(
      `setBackend: no backend '${backend}' is registered (${backendNames().join(', ') || 'none is'}); import its package first`,
    );
  }
  try {
    const made = make(entry);
    if (!(made instanceof Promise)) {
      selected = made;
      return Promise.resolve(true);
    }
    return made.then(
      (ready) => {
        selected = ready;
        return true;
      },
      (error: unknown) => refused(backend, error),
    );
  } catch (error) {
    return Promise.resolve(refused(backend, error));
  }
}

function refused(name: string, error: unknown): boolean {
  platform.console.warn(
    `setBackend: '${name}' could not start: ${error instanceof Error ? error.message : String(error)}`,
  );
  return false;
}

/** Resolves when a backend is selected and ready. */
export async function ready(): Promise<void> {
  if (selected !== null) return;
  for (const name of backendNames()) if (await setBackend(name)) return;
  throw noBackend();
}

/** The backend on which new tensors are made. Throws `BackendError` where none is registered. */
export function currentBackend(): Backend {
  if (selected !== null) return selected;
  for (const name of backendNames()) {
    const backend = findBackend(name);
    if (backend !== undefined) {
      selected = backend;
      return backend;
    }
  }
  throw noBackend();
}

function noBackend(): BackendError {
  return new BackendError("no backend is registered; import one first, for instance: import '@wengert/backend-cpu'");
}

/** The name of the selected backend. */
export function getBackend(): string {
  return currentBackend().name;
}

/** The float dtype that a backend uses by itself. */
export function defaultFloat(backend: Backend): DType {
  for (const dtype of backend.dtypes) if (isFloating(dtype)) return dtype;
  throw new BackendError(`backend '${backend.name}' stores no floating dtype`);
}

/** Gives the backend called `backend` a kernel for `op`, which takes precedence over the backend's own. Returns the undo. */
export function registerKernel<A>(backend: string, op: Op<A>, kernel: Kernel<A>): () => void {
  const table = kernels.get(backend) ?? new Map<string, Kernel>();
  const before = table.get(op.name);
  kernels.set(backend, table.set(op.name, kernel as Kernel));
  return () => {
    if (before === undefined) table.delete(op.name);
    else table.set(op.name, before);
  };
}

/** The kernel that serves `op` on `backend`: a registered one, else the backend's own. */
export function kernelFor(backend: Backend, op: string): Kernel | undefined {
  return (kernels.size > 0 ? kernels.get(backend.name)?.get(op) : undefined) ?? backend.kernels.get(op);
}

/** Replaces the gradient rule of `op` for everything recorded from now on. Returns the undo. */
export function registerGradient<A>(op: Op<A>, rule: Rule<A>): () => void {
  const before = rules.get(op);
  rules.set(op, rule);
  return () => {
    if (before === undefined) rules.delete(op);
    else rules.set(op, before);
  };
}

/** Runs `f` with another gradient rule for `op`: straight-through estimators, clipping, experiments. */
export function withGradient<A, R>(op: Op<A>, rule: Rule<A>, f: () => R): R {
  const undo = registerGradient(op, rule);
  try {
    return f();
  } finally {
    undo();
  }
}

/** The gradient rule of `op` in force: null where it is declared non-differentiable, undefined where there is none. */
export function ruleOf(op: Op): Rule | null | undefined {
  return (rules.size > 0 ? rules.get(op) : undefined) ?? op.rule;
}

/** A public function with the samples by which the conformance suite checks it. */
export interface Declaration {
  readonly name: string;
  readonly f: (...args: never[]) => unknown;
  readonly samples: (generator: Generator) => readonly (readonly unknown[])[];
  readonly badSamples?: (generator: Generator) => readonly BadSample<readonly unknown[]>[];
}

const declarations: Declaration[] = [];

/** Lets an op from outside core take part in conformance and gradient checks. Returns the undo. */
export function registerOp(declaration: Declaration): () => void {
  declarations.push(declaration);
  return () => {
    declarations.splice(declarations.indexOf(declaration), 1);
  };
}

/** The ops that `registerOp` was told of. */
export function registeredOps(): readonly Declaration[] {
  return [...declarations];
}

/** Whether somebody replaced the op's own gradient rule. */
export function hasOwnRule(op: Op): boolean {
  return rules.size > 0 && rules.has(op);
}
