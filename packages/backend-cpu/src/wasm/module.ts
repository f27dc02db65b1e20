import { Code, TYPES, type Type } from './code.ts';
import { name, section, unsigned, vector } from './encoding.ts';

/** A function that works on the memory which is imported as `env.memory`. */
export interface Definition {
  readonly parameters: readonly Type[];
  readonly result?: Type;
  readonly body: (code: Code) => void;
}

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** The binary format of a module whose functions are numbered and exported as '0', '1', ... */
export function assemble(functions: readonly Definition[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters, result }) => [
    0x60,
    ...vector(parameters.map((type) => [TYPES[type]])),
    ...vector(result === undefined ? [] : [[TYPES[result]]]),
  ]);
  const bodies = functions.map(({ parameters, body }) => {
    const code = new Code(parameters);
    body(code);
    return code.finish();
  });
  return Uint8Array.from([
    ...HEADER,
    ...section(1, types),
    ...section(2, [[...name('env'), ...name('memory'), 2, 0, 0]]),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(
      7,
      functions.map((_, i) => [...name(String(i)), 0, ...unsigned(i)]),
    ),
    ...section(10, bodies),
  ]);
}

/** A compiled function: numbers in, a number or nothing out. */
export type Compiled = (...args: readonly number[]) => number;

/** Compiles functions over a memory. Throws where a content security policy forbids it or SIMD is missing. */
export function compile(memory: WebAssembly.Memory, functions: readonly Definition[]): Compiled[] {
  const module = new WebAssembly.Module(assemble(functions));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return functions.map((_, i) => exports[i] as Compiled);
}
