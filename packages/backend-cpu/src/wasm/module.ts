import { Code, type MathFunction, TYPES, type Type } from './code.ts';
import { name, section, unsigned, vector } from './encoding.ts';

/** A function that works on the memory which is imported as `env.memory`. */
export interface Definition {
  /** Their types, or how many integers they are. */
  readonly parameters: number | readonly Type[];
  readonly result?: Type;
  /** What it calls of JavaScript's `Math`. */
  readonly imports?: readonly MathFunction[];
  readonly body: (code: Code) => void;
}

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** The limits of the imported memory: at least none; a shared memory has to say at most how much as well. */
const PRIVATE_MEMORY = [2, 0, 0];
const SHARED_MEMORY = [2, 3, 0, ...unsigned(2 ** 16)];

/** The binary format of a module whose functions are numbered and exported as '0', '1', ... */
export function assemble(functions: readonly Definition[], shared = false): Uint8Array<ArrayBuffer> {
  const imports = [...new Set(functions.flatMap((definition) => definition.imports ?? []))];
  const types = functions.map((definition) => signature(typesOf(definition), definition.result));
  const foreign = imports.map((name) => signature(new Array<Type>(Math[name].length).fill('f64'), 'f64'));
  const bodies = functions.map((definition) => {
    const code = new Code(typesOf(definition).length, imports);
    definition.body(code);
    return code.finish();
  });
  const bytes = HEADER.concat(
    section(1, types.concat(foreign)),
    section(2, [
      [...name('env'), ...name('memory'), ...(shared ? SHARED_MEMORY : PRIVATE_MEMORY)],
      ...imports.map((key, i) => [...name('math'), ...name(key), 0, ...unsigned(types.length + i)]),
    ]),
    section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    section(
      7,
      functions.map((_, i) => [...name(String(i)), 0, ...unsigned(imports.length + i)]),
    ),
    section(10, bodies),
  );
  return new Uint8Array(bytes);
}

function typesOf({ parameters }: Definition): readonly Type[] {
  return typeof parameters === 'number' ? new Array<Type>(parameters).fill('i32') : parameters;
}

function signature(parameters: readonly Type[], result?: Type): number[] {
  const encoded = (types: readonly Type[]): number[] => vector(types.map((type) => [TYPES[type]]));
  return [0x60, ...encoded(parameters), ...encoded(result === undefined ? [] : [result])];
}

/** A compiled function: numbers in, a number or nothing out. */
export type Compiled = (...args: readonly number[]) => number;

/** Where another thread finds a compiled function: in which module, as the how many-th. */
export interface Origin {
  readonly bytes: Uint8Array;
  readonly index: number;
}

const origins = new WeakMap<Compiled, Origin>();

/** The origin of a function that was compiled over a shared memory. */
export function originOf(f: Compiled): Origin {
  const origin = origins.get(f);
  if (origin === undefined) throw new Error('wasm: only functions over a shared memory are known to other threads');
  return origin;
}

const math: WebAssembly.ModuleImports = Object.create(Math);

/** Compiles functions over a memory. Throws where a content security policy forbids it or SIMD is missing. */
export function compile(memory: WebAssembly.Memory, functions: readonly Definition[]): Compiled[] {
  const shared = !(memory.buffer instanceof ArrayBuffer);
  const bytes = assemble(functions, shared);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory }, math });
  const compiled = functions.map((_, i) => exports[i] as Compiled);
  if (shared) for (const [index, f] of compiled.entries()) origins.set(f, { bytes, index });
  return compiled;
}
