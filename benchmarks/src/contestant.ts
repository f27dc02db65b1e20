import type { Problems, Task } from './problems.ts';

/** Takes the values of one result; it does not keep what it is given. */
export type Emit = (values: ArrayLike<number>) => void;

/** A task that is ready to run. */
export interface Trial {
  /**
   * Computes once and emits each result, through the cheapest complete read that the library offers. The same function
   * is checked and timed. Trials that wait return a promise, always.
   */
  run(emit: Emit): void | Promise<void>;
  /** Emits what a step has changed, to be checked after the first run. */
  state?(emit: Emit): void | Promise<void>;
  /** The shape of the emitted images where they are channels first. */
  readonly channelsFirst?: readonly number[];
}

/** What one library, in one configuration, does for each task. */
export interface Contestant {
  /** Its column. */
  readonly title: string;
  /** Peers are what Wengert is compared with; a floor or a limit stands beside them. */
  readonly role: 'wengert' | 'peer' | 'bound';
  /** The installed packages whose versions the table names. */
  readonly packages: readonly string[];
  /** Files that the program in `startup/` needs beside its bundle, from the installed packages. */
  readonly assets?: readonly string[];
  readonly tasks: { readonly [T in Task]?: (problem: Problems[T]) => Trial | Promise<Trial> };
  /** Why it does not do a task, or only a certain workload. */
  readonly cannot?: { readonly [taskOrWorkload: string]: string };
  /** Runs before anything else. Throws with the reason if the contestant cannot take part here. */
  start?(): void | Promise<void>;
}
