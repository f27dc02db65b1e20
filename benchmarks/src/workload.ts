import type { Problems, Task } from './problems.ts';

/** Times a task, or measures the peak of memory over many runs of it. */
export interface Workload<T extends Task> {
  /** By which `--only` selects it: W1-64, W5a. */
  readonly id: string;
  readonly title: string;
  readonly task: T;
  readonly problem: () => Problems[T];
  /** The emitted results of one run and of the state after it, in float64. */
  readonly expected: (problem: Problems[T]) => readonly Float64Array[] | Promise<readonly Float64Array[]>;
  /** The largest error, as a share of the largest expected value of its result. */
  readonly tolerance: number;
  /** The number of ops of one run, where the row is microseconds per op rather than milliseconds per run. */
  readonly ops?: number;
  /** The number of runs over which the peak of memory is measured, instead of times. */
  readonly runsInMemory?: number;
  /** The share of the fastest peer's figure that Wengert is to stay below. */
  readonly target?: number;
  /** The most that Wengert is to have, in the row's unit. */
  readonly most?: number;
}

/** A workload of any task. */
export type AnyWorkload = { [T in Task]: Workload<T> }[Task];

/** Names the unit of a row. */
export function unitOf({ ops, runsInMemory }: Pick<AnyWorkload, 'ops' | 'runsInMemory'>): 'ms' | 'µs/op' | 'MB' {
  if (runsInMemory !== undefined) return 'MB';
  return ops === undefined ? 'ms' : 'µs/op';
}

/** The workloads that `only` names, by their whole id or else by the beginning of it; all if nothing is named. */
export function selected<W extends { readonly id: string }>(workloads: readonly W[], only: readonly string[]): W[] {
  if (only.length === 0) return [...workloads];
  const chosen = new Set<W>();
  for (const name of only) {
    const whole = workloads.filter(({ id }) => id.toLowerCase() === name.toLowerCase());
    const found =
      whole.length > 0 ? whole : workloads.filter(({ id }) => id.toLowerCase().startsWith(name.toLowerCase()));
    if (found.length === 0)
      throw new Error(`No workload is called ${name}. There are: ${workloads.map(({ id }) => id).join(' ')}`);
    for (const one of found) chosen.add(one);
  }
  return workloads.filter((one) => chosen.has(one));
}
