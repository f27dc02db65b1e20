import { createCpuBackend } from '@wengert/backend-cpu';
import { createReferenceBackend } from '@wengert/backend-reference';
import { declarations } from '@wengert/conformance';
import {
  allocate,
  type Backend,
  type Block,
  type Declaration,
  GradientTape,
  isFloating,
  type Kernel,
  observe,
  type Route,
  sizeOf,
  type TypedArray,
} from '@wengert/core';
import { webglKernels } from '../../packages/backend-webgl/src/kernels/webglKernels.ts';
import { Device } from '../../packages/backend-webgl/src/program.ts';
import { opOf } from '../../packages/conformance/src/declarations.ts';
import { tensorsIn } from '../../packages/conformance/src/trees.ts';
import { type Trial, withTrial } from '../../packages/conformance/src/trial.ts';
import { pointwiseOps } from '../../packages/fusion/src/index.ts';

/** How a public function is served on a backend. */
export interface Support {
  readonly name: string;
  /** By backend. */
  readonly routes: Readonly<Record<string, Route>>;
  readonly differentiable: boolean;
}

const valuesOf = ({ storage }: Block): TypedArray => (storage as { data: TypedArray }).data;

/** What `createWebglBackend` promises, without a GPU: kernels of the same names, whose values mean nothing. */
function webglOutline(): Backend {
  const kernel: Kernel = (_inputs, _attrs, outputs) =>
    outputs.map(({ dtype, shape }) => ({ data: allocate(dtype, sizeOf(shape)) }));
  const names = [...Object.keys(webglKernels(Object.create(Device.prototype))), ...pointwiseOps];
  return {
    name: 'webgl',
    dtypes: new Set(['float32', 'int32', 'bool']),
    kernels: new Map(names.map((name) => [name, kernel])),
    write: (data) => ({ data }),
    read: async (block) => valuesOf(block).slice(),
    readSync: (block) => valuesOf(block).slice(),
    free: () => undefined,
    fallback: createCpuBackend(),
  };
}

/** The routes that ops took on the backend while `f` ran. */
async function observed(backend: Backend, f: () => Promise<void>): Promise<Map<string, Set<Route>>> {
  const routes = new Map<string, Set<Route>>();
  const stop = observe(({ op, backend: name, route }) => {
    if (name === backend.name) routes.set(op, (routes.get(op) ?? new Set()).add(route));
  });
  try {
    await f();
  } finally {
    stop();
  }
  return routes;
}

async function eachSample(
  backend: Backend,
  declaration: Declaration,
  use: (trial: Trial, args: readonly unknown[]) => Promise<unknown>,
): Promise<void> {
  const [dtype] = [...backend.dtypes].filter(isFloating);
  await withTrial(backend, dtype, declaration.name, async (trial) => {
    for (const args of trial.run(() => declaration.samples(trial.generator))) await use(trial, args);
  });
}

/** One word for all samples. A function without an op of its own counts as the one that it always comes down to. */
async function routeOf(backend: Backend, declaration: Declaration): Promise<Route> {
  const routes = await observed(backend, () =>
    eachSample(backend, declaration, (trial, args) => trial.call(declaration, args)),
  );
  const all = [...routes.values()];
  const own = routes.get(opOf(declaration)?.name ?? '') ?? (all.length === 1 ? all[0] : undefined);
  if (all.some((taken) => taken.has('fallback'))) return 'fallback';
  return own?.size === 1 && own.has('kernel') ? 'kernel' : 'composed';
}

async function isDifferentiable(backend: Backend, declaration: Declaration): Promise<boolean> {
  let connected = false;
  await eachSample(backend, declaration, async (trial, args) => {
    const sources = tensorsIn(args).filter(({ dtype }) => isFloating(dtype));
    const tape = trial.run(() => new GradientTape());
    tape.watch(sources);
    const outputs = await trial.call(declaration, args);
    connected ||= trial.run(() => tape.gradient(outputs, sources)).some((g) => g !== null);
  });
  return connected;
}

/** Runs the samples of every declared function on every backend. */
export async function survey(): Promise<Support[]> {
  const reference = createReferenceBackend();
  const backends = [createCpuBackend(), webglOutline(), reference];
  const found: Support[] = [];
  for (const declaration of declarations()) {
    const routes: Record<string, Route> = {};
    for (const backend of backends) routes[backend.name] = await routeOf(backend, declaration);
    found.push({ name: declaration.name, routes, differentiable: await isDifferentiable(reference, declaration) });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}
