import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { checkTrial, compare, WrongResult } from './check.ts';
import type { Contestant, Trial } from './contestant.ts';
import { memoryOfTrial, peakMemory } from './memory.ts';
import type { Task } from './problems.ts';
import type { AnyWorkload, Workload } from './workload.ts';

/** What a worker process is asked for. */
export type Order =
  | { readonly kind: 'describe' }
  | { readonly kind: 'measure'; readonly workload: string; readonly expected: string; readonly seconds: number };

/** What is known of a contestant without running it. */
export type Description = Pick<Contestant, 'title' | 'role' | 'packages' | 'assets'>;

/** What a worker process answers. */
export type Report =
  | { readonly kind: 'description'; readonly description: Description }
  | { readonly kind: 'done' }
  | { readonly kind: 'times'; readonly samples: readonly number[] }
  | { readonly kind: 'memory'; readonly peak: number }
  | { readonly kind: 'wrong'; readonly reason: string }
  | { readonly kind: 'unable'; readonly reason: string };

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0];

async function prepare<T extends Task>(contestant: Contestant, workload: Workload<T>): Promise<Trial | string> {
  const reason = contestant.cannot?.[workload.id] ?? contestant.cannot?.[workload.task];
  if (reason !== undefined) return reason;
  const task = contestant.tasks[workload.task];
  if (task === undefined) return 'does not have it';
  await contestant.start?.();
  return task(workload.problem());
}

/** Checks, then times; a trial whose result is wrong is not timed. */
async function measure(
  contestant: Contestant,
  workload: AnyWorkload,
  { expected: file, seconds }: Extract<Order, { kind: 'measure' }>,
): Promise<Report> {
  const trial = await prepare(contestant, workload as Workload<Task>);
  if (typeof trial === 'string') return { kind: 'unable', reason: trial };
  const expected = (): Float64Array[] => deserialize(readFileSync(file));
  if (workload.runsInMemory !== undefined) {
    const { peak, first } = await memoryOfTrial(trial, workload.runsInMemory);
    compare(first, expected().slice(0, first.length), workload.tolerance);
    return { kind: 'memory', peak };
  }
  const { waits } = await checkTrial(trial, expected(), workload.tolerance);
  const { timeTrial } = await import('./timing.ts');
  return { kind: 'times', samples: await timeTrial(trial, waits, seconds) };
}

async function answer(contestant: Contestant, workloads: readonly AnyWorkload[], order: Order): Promise<Report> {
  if (order.kind === 'describe') {
    const { title, role, packages, assets } = contestant;
    return { kind: 'description', description: { title, role, packages, assets: assets ?? [] } };
  }
  const workload = workloads.find(({ id }) => id === order.workload);
  if (workload === undefined) return { kind: 'unable', reason: `there is no workload ${order.workload}` };
  try {
    return await measure(contestant, workload, order);
  } catch (error) {
    return { kind: error instanceof WrongResult ? 'wrong' : 'unable', reason: reasonOf(error) };
  }
}

/** The order on the command line. */
export const orderOf = (): Order => JSON.parse(process.argv[2]) as Order;

/** Answers and ends the process, whatever has been left running. */
export function reply(report: Report): void {
  process.send?.(report, () => process.exit());
}

/** Carries out the order on the command line. */
export async function work(contestant: Contestant, workloads: readonly AnyWorkload[]): Promise<void> {
  reply(await answer(contestant, workloads, orderOf()));
}

/** What every process has resident, whatever it does. */
export function workBare(): void {
  reply({ kind: 'memory', peak: peakMemory() });
}
