import type { Block, DType, Kernel, Output, Spec, TypedArray } from '@wengert/core/functions';
import { type Heap, sharedHeap } from '../heap.ts';
import { type CpuStorage, make, storageOf } from '../storage.ts';
import type { Code } from '../wasm/code.ts';
import * as f32x4 from '../wasm/f32x4.ts';
import * as i32x4 from '../wasm/i32x4.ts';
import { assemble, type Compiled, compile, type Definition } from '../wasm/module.ts';

/** A part of the heap that the kernel which is running has borrowed, and the output that it stands for. */
interface Loan {
  readonly address: number;
  readonly bytes: number;
  readonly output: CpuStorage | null;
}

const loans: Loan[] = [];
/** The outputs that the running kernel has made. */
const made: CpuStorage[] = [];

/** There is no room on the heap: the plain loops have to serve. */
class NoRoom extends Error {}

function noRoom(): never {
  throw new NoRoom();
}

function heap(): Heap {
  return sharedHeap() ?? noRoom();
}

/** Memory for the length of the running kernel; 0 where there is none. */
function borrowed(bytes: number, output: CpuStorage | null): number {
  const address = heap().allocate(bytes);
  if (address !== 0) loans.push({ address, bytes, output });
  return address;
}

/** Memory for the length of the running kernel. */
export function scratch(bytes: number, output: CpuStorage | null = null): number {
  return borrowed(bytes, output) || noRoom();
}

/** Where the elements of an input lie on the heap: a copy for the length of the kernel if they are not at home there. */
export function addressOf(block: Block): number {
  const storage = storageOf(block);
  return storage.address || storage.need() || copied(storage);
}

/** A copy on the heap, for the length of the running kernel. */
export function copied(storage: CpuStorage): number {
  return copyOf(storage) || noRoom();
}

/** As `copied`; 0 where there is no room. */
export function copyOf(storage: CpuStorage): number {
  const copy = borrowed(storage.bytes, null);
  if (copy !== 0) heapView(storage.dtype, copy, storage.length).set(storage.data);
  return copy;
}

/** Where a kernel has to write an output; what is not at home on the heap moves away at the end of the kernel. */
export function outputAddress(storage: CpuStorage): number {
  return storage.address || scratch(storage.bytes, storage);
}

/** The storage of an output, which is given back if the kernel cannot go on. */
export function makeOutput(out: Output): CpuStorage {
  const storage = make(out);
  made.push(storage);
  return storage;
}

/** The storage of an output and where to write it. */
export function makeOnHeap(out: Output): [CpuStorage, number] {
  const storage = makeOutput(out);
  return [storage, outputAddress(storage)];
}

/** A view of part of the heap, until it grows. */
export function heapView(dtype: DType, address: number, length: number): TypedArray {
  return heap().view(dtype, address, length);
}

function settle({ address, bytes, output }: Loan): void {
  if (output !== null) output.data.set(heapView(output.dtype, address, output.length));
  heap().free(address, bytes);
}

/** Gives back what `f` has borrowed. Null where the heap has no room for what it needs. */
export function borrowing<R>(f: () => R): R | null {
  try {
    return f();
  } catch (error) {
    for (const storage of made) storage.release();
    if (!(error instanceof NoRoom)) throw error;
    return null;
  } finally {
    while (made.length > 0) made.pop();
    while (loans.length > 0) settle(loans.pop() as Loan);
  }
}

/** A kernel that gives back what it has borrowed, and leaves to the plain loops what the heap has no room for. */
/* @__NO_SIDE_EFFECTS__ */
export function onHeap<A>(kernel: Kernel<A>): Kernel<A> {
  return (inputs, attrs, outputs) => borrowing(() => kernel(inputs, attrs, outputs));
}

/** Functions that are compiled when the first of them is wanted. */
/* @__NO_SIDE_EFFECTS__ */
export function lazily(functions: () => readonly Definition[]): () => Compiled[] {
  let compiled: Compiled[] = [];
  let over: WebAssembly.Memory | null = null;
  return () => {
    const { memory } = heap();
    if (over !== memory) {
      compiled = compile(memory, functions());
      over = memory;
    }
    return compiled;
  };
}

/** One such function. */
/* @__NO_SIDE_EFFECTS__ */
export function lazy(definition: () => Definition): () => Compiled {
  const functions = lazily(() => [definition()]);
  return () => functions()[0];
}

const loops = /* @__PURE__ */ new Map<string, () => Compiled>();

/** The function of that name, which is compiled when it is first wanted. */
export function loopFor(name: string, definition: () => Definition): Compiled {
  let loop = loops.get(name);
  if (loop === undefined) {
    loop = lazy(definition);
    loops.set(name, loop);
  }
  return loop();
}

// A module with one function, which splats a number: assembling it costs more than the answer.
const SPLAT = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 17, 11];

/** Whether the engine compiles SIMD here. */
export function simdWorks(): boolean {
  try {
    return Boolean(new WebAssembly.Module(Uint8Array.from(SPLAT)));
  } catch {
    return false;
  }
}

/** Whether the engine compiles relaxed SIMD too, whose multiply-add rounds once where the processor can. */
export function relaxedWorks(): boolean {
  const body = (code: Code): void => {
    const x = code.floats(1);
    code.do(i32x4.extract(f32x4.multiplyAdd(x, x, x), 0));
  };
  return WebAssembly.validate(assemble([{ parameters: [], result: 'i32', body }]));
}

export function isFloat32({ dtype }: Spec): boolean {
  return dtype === 'float32';
}
