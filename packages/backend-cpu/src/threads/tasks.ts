import type { Compiled } from '../wasm/module.ts';

/** A compiled function and what to call it with. */
export interface Call {
  readonly f: Compiled;
  readonly args: readonly number[];
}

/** Calls that one thread makes in their order. Tasks of one job depend on nothing that another one of them does. */
export type Task = readonly Call[];

/** Threads that share tasks, the calling thread among them. */
export interface Workers {
  readonly size: number;
  /** Runs all tasks. Returns the bitwise or of all that the calls returned. */
  run(tasks: readonly Task[]): number;
}

/** Makes the calls of one task. Returns the bitwise or of what they returned. */
export function runTask(task: Task): number {
  let result = 0;
  for (const { f, args } of task) result |= f(...args);
  return result;
}

/** Runs all tasks on this thread. */
export function runAlone(tasks: readonly Task[]): number {
  let result = 0;
  for (const task of tasks) result |= runTask(task);
  return result;
}

/** The threads of the kernel that is running; null where there is but one. */
let current: Workers | null = null;

let recording: Call[] | null = null;

/** Calls a function, or notes the call where a task is being recorded. */
export function perform(f: Compiled, ...args: readonly number[]): void {
  if (recording === null) f(...args);
  else recording.push({ f, args });
}

/** The task that consists of what `f` performs. */
export function recorded(f: () => void): Task {
  const calls: Call[] = [];
  recording = calls;
  try {
    f();
  } finally {
    recording = null;
  }
  return calls;
}

/** Cuts `length` into at most so many parts, all but the last of which are multiples of `unit`. */
export function parts(length: number, most: number, unit: number): readonly (readonly [from: number, count: number])[] {
  const step = Math.ceil(length / most / unit) * unit;
  const found: [number, number][] = [];
  for (let from = 0; from < length; from += step) found.push([from, Math.min(step, length - from)]);
  return found;
}

/** Runs tasks on the threads of the backend whose kernel this is. Returns the bitwise or of what the calls returned. */
export function runTasks(tasks: readonly Task[]): number {
  return current === null ? runAlone(tasks) : current.run(tasks);
}

/** Among how many threads the running kernel may divide its work. */
export function threadCount(): number {
  return current === null ? 1 : current.size;
}

/** The threads of the kernel that is running, for work that it leaves to later; null where there is but one. */
export function currentWorkers(): Workers | null {
  return current;
}

/** Runs a kernel whose tasks these workers share. */
export function withWorkers<R>(workers: Workers, f: () => R): R {
  const before = current;
  current = workers;
  try {
    return f();
  } finally {
    current = before;
  }
}
