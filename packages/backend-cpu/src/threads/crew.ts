import { BackendError } from '@wengert/core/functions';
import { type Heap, sharedHeap, shareHeap } from '../heap.ts';
import { originOf } from '../wasm/module.ts';
import { spawn } from './spawn.ts';
import { runAlone, runTask, type Task, type Workers } from './tasks.ts';
import { BROKEN, COUNT, DONE, GATE, JOB, NEXT, READY, RESULT, WORDS } from './workerSource.ts';

/** What the word of the next task can count. */
const MOST_TASKS = 2 ** 16 - 1;
/** So often the main thread looks whether the others are done before it sleeps. */
const SPINS = 2 ** 14;

/** Threads that work on the tasks of one job at a time, the calling thread among them. */
export class Crew implements Workers {
  readonly size: number;
  readonly #heap: Heap;
  readonly #words: Int32Array;
  readonly #modules = new Map<Uint8Array, { readonly number: number; readonly address: number }>();
  #job = 0;
  #room = { address: 0, bytes: 0 };
  #sleeps = true;

  constructor(heap: Heap, size: number) {
    this.size = size;
    this.#heap = heap;
    const words = heap.allocate(WORDS * Int32Array.BYTES_PER_ELEMENT);
    if (words === 0) throw new BackendError('cpu: no memory is left for threads');
    this.#words = new Int32Array(heap.memory.buffer, words, WORDS).fill(0);
    spawn(size - 1, { memory: heap.memory, words });
  }

  /** How many threads are at work by now: workers start while the program goes on. */
  get ready(): number {
    return 1 + Atomics.load(this.#words, READY);
  }

  /** Runs all tasks. Returns the bitwise or of all that the calls returned. */
  run(tasks: readonly Task[]): number {
    if (tasks.length < 2 || tasks.length > MOST_TASKS) return runAlone(tasks);
    const words = this.#words;
    this.#job = (this.#job + 1) & 0x7fff;
    // Closed, before anything else changes, to workers that are late for the job before.
    Atomics.store(words, NEXT, (this.#job << 16) | MOST_TASKS);
    if (!this.#write(tasks)) return runAlone(tasks);
    Atomics.store(words, COUNT, tasks.length);
    Atomics.store(words, DONE, 0);
    Atomics.store(words, RESULT, 0);
    Atomics.store(words, NEXT, this.#job << 16);
    Atomics.store(words, GATE, this.#job);
    Atomics.notify(words, GATE);
    let result = 0;
    for (let i = this.#take(); i < tasks.length; i = this.#take()) {
      result |= runTask(tasks[i]);
      Atomics.add(words, DONE, 1);
    }
    this.#wait(tasks.length);
    if (Atomics.load(words, BROKEN) !== 0) throw new BackendError('cpu: a thread failed in a kernel');
    return result | Atomics.load(words, RESULT);
  }

  #take(): number {
    return Atomics.add(this.#words, NEXT, 1) & 0xffff;
  }

  #wait(count: number): void {
    const words = this.#words;
    let done = Atomics.load(words, DONE);
    for (let turn = 0; done !== count; turn++) {
      if (turn > SPINS && this.#sleeps) this.#sleep(done);
      done = Atomics.load(words, DONE);
    }
  }

  /** The main thread of a page must not sleep, and goes on looking. */
  #sleep(done: number): void {
    try {
      Atomics.wait(this.#words, DONE, done, 10);
    } catch {
      this.#sleeps = false;
    }
  }

  /** Writes down the tasks. Returns false where there is no room for them. */
  #write(tasks: readonly Task[]): boolean {
    const numbers: number[] = new Array(tasks.length).fill(0);
    for (const [i, task] of tasks.entries()) {
      numbers[i] = numbers.length;
      numbers.push(task.length);
      for (const { f, args } of task) {
        const { bytes, index } = originOf(f);
        const { number, address } = this.#moduleOf(bytes);
        if (address === 0) return false;
        numbers.push(number, address, bytes.length, index, args.length);
        for (const arg of args) numbers.push(arg);
      }
    }
    const size = numbers.length * Float64Array.BYTES_PER_ELEMENT;
    if (size > this.#room.bytes) {
      const before = this.#room;
      const address = this.#heap.allocate(2 * size);
      if (address === 0) return false;
      this.#room = { address, bytes: 2 * size };
      if (before.bytes > 0) this.#heap.free(before.address, before.bytes);
    }
    new Float64Array(this.#heap.memory.buffer, this.#room.address, numbers.length).set(numbers);
    Atomics.store(this.#words, JOB, this.#room.address);
    return true;
  }

  /** Where workers find the code of a module, which stays there; at 0 where there is no room for it. */
  #moduleOf(bytes: Uint8Array): { readonly number: number; readonly address: number } {
    let module = this.#modules.get(bytes);
    if (module === undefined) {
      module = { number: this.#modules.size, address: this.#heap.allocate(bytes.length) };
      if (module.address === 0) return module;
      new Uint8Array(this.#heap.memory.buffer, module.address, bytes.length).set(bytes);
      this.#modules.set(bytes, module);
    }
    return module;
  }
}

const crews = new Map<number, Crew>();

/** The crew of so many threads, which all backends share that want as many; or why there is none. */
export function crewOf(size: number): Crew | string {
  const found = crews.get(size);
  if (found !== undefined) return found;
  const reason = shareHeap();
  const heap = sharedHeap();
  if (reason !== null || heap === null) return reason ?? 'there is no WebAssembly here';
  try {
    const crew = new Crew(heap, size);
    crews.set(size, crew);
    return crew;
  } catch (error) {
    return `no workers can be started here: ${error instanceof Error ? error.message : error}`;
  }
}
