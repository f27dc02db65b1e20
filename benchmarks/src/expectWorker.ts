import { writeFileSync } from 'node:fs';
import { serialize } from 'node:v8';
import type { Task } from './problems.ts';
import { orderOf, reply } from './worker.ts';
import type { AnyWorkload, Workload } from './workload.ts';

const evaluate = async <T extends Task>({ expected, problem }: Workload<T>) => expected(problem());

/** Computes what is expected of the workload on the command line, and writes it to its file. */
export async function expectResults(workloads: readonly AnyWorkload[]): Promise<void> {
  const order = orderOf();
  const workload = workloads.find((one) => order.kind === 'measure' && one.id === order.workload);
  if (order.kind !== 'measure' || workload === undefined) return;
  writeFileSync(order.expected, serialize(await evaluate(workload as Workload<Task>)));
  reply({ kind: 'done' });
}
