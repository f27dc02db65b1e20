import type { Backend } from './backend.ts';
import type { DType } from './dtype.ts';
import { isFloating } from './dtype.ts';
import { ArgumentError, BackendError } from './errors.ts';
import { describe } from './nested.ts';
import { expectOneCore } from './oneCore.ts';
import { platform } from './platform.ts';
import { forgetKernels } from './registry.ts';

/** Makes a backend on first use. */
export type BackendFactory = () => Backend | Promise<Backend>;

interface Entry {
  readonly factory: BackendFactory;
  readonly priority: number;
  made?: Backend | Promise<Backend>;
}

const backends = new Map<string, Entry>();
let selected: Backend | null = null;

/**
 * Makes a backend known under `name`. Without `setBackend`, the one of highest `priority` whose factory is synchronous
 * is used. Registering a name again replaces the factory for later look-ups.
 * @example
 * import { createCpuBackend } from '@wengert/backend-cpu';
 * registerBackend('second', () => ({ ...createCpuBackend(), name: 'second' }), 0);
 * console.log(await setBackend('second'), getBackend()); // true second
 * removeBackend('second');
 */
export function registerBackend(name: string, factory: BackendFactory, priority = 1): void {
  expectOneCore();
  backends.set(name, { factory, priority });
}

/**
 * Forgets the backend of that name; tensors that live on it go on working.
 * @example
 * registerBackend('gone', () => currentBackend());
 * removeBackend('gone');
 * console.log(backendNames().includes('gone')); // false
 */
export function removeBackend(name: string): void {
  if (selected !== null && selected === backends.get(name)?.made) selected = null;
  backends.delete(name);
  forgetKernels();
}

/**
 * The names of all registered backends, by falling priority.
 * @example
 * console.log(backendNames().includes('cpu')); // true
 */
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

/**
 * The backend registered as `name`, made if needed; undefined where the name is unknown or its factory is asynchronous and not ready.
 * @example
 * console.log(findBackend('cpu')?.name, findBackend('abacus')?.name); // cpu undefined
 */
export function findBackend(name: string): Backend | undefined {
  const entry = backends.get(name);
  const made = entry && make(entry);
  return made instanceof Promise ? undefined : made;
}

/**
 * Selects the backend on which new tensors are made, by name or as an object. Resolves to false where it cannot start;
 * rejects with `BackendError` where the name is unknown, with `ArgumentError` where it is no backend.
 * @example
 * console.log(await setBackend('cpu')); // true
 * await setBackend('abacus'); // throws BackendError: no backend 'abacus' is registered
 */
export async function setBackend(backend: string | Backend): Promise<boolean> {
  if (typeof backend !== 'string') {
    if (typeof backend?.write !== 'function') {
      throw new ArgumentError(`setBackend: ${describe(backend)} is no backend; give a name or a Backend`);
    }
    selected = backend;
    return true;
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
      return true;
    }
    return made.then(
      (ready) => {
        selected = ready;
        return true;
      },
      (error: unknown) => refused(backend, error),
    );
  } catch (error) {
    return refused(backend, error);
  }
}

function refused(name: string, error: unknown): boolean {
  platform.console.warn(
    `setBackend: '${name}' could not start: ${error instanceof Error ? error.message : String(error)}`,
  );
  return false;
}

/**
 * Resolves when a backend is selected and ready.
 * @example
 * await ready();
 * console.log(getBackend()); // cpu
 */
export async function ready(): Promise<void> {
  if (selected !== null) return;
  for (const name of backendNames()) if (await setBackend(name)) return;
  throw noBackend();
}

/**
 * The backend on which new tensors are made. Throws `BackendError` where none is registered.
 * @example
 * console.log(currentBackend().name); // cpu
 */
export function currentBackend(): Backend {
  if (selected !== null) return selected;
  for (const name of backendNames()) {
    const backend = started(name);
    if (backend !== undefined) {
      selected = backend;
      return backend;
    }
  }
  throw noBackend();
}

/** As `findBackend`, passing over one that cannot start here, such as WebGL outside a browser, with a warning. */
function started(name: string): Backend | undefined {
  try {
    return findBackend(name);
  } catch (error) {
    refused(name, error);
    return undefined;
  }
}

function noBackend(): BackendError {
  return new BackendError("no backend is registered; import one first, for instance: import '@wengert/backend-cpu'");
}

/**
 * The name of the selected backend.
 * @example
 * console.log(getBackend()); // cpu
 */
export function getBackend(): string {
  return currentBackend().name;
}

/**
 * The float dtype that a backend uses by itself.
 * @example
 * console.log(defaultFloat(currentBackend())); // float32
 */
export function defaultFloat(backend: Backend): DType {
  for (const dtype of backend.dtypes) if (isFloating(dtype)) return dtype;
  throw new BackendError(`backend '${backend.name}' stores no floating dtype`);
}
