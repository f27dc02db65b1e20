import { type Assignment, workerSource } from './workerSource.ts';

/** The parts of Node that are used, which has no types in a package for browsers too. */
interface NodeThreads {
  readonly Worker: new (code: string, options: { eval: true; workerData: Assignment }) => { unref(): void };
}

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

/** Starts so many workers. Throws where they cannot be had. */
export function spawn(count: number, assignment: Assignment): void {
  const { process } = globalThis as { process?: NodeProcess };
  const node = process?.getBuiltinModule?.('node:worker_threads') as NodeThreads | undefined;
  if (node !== undefined) {
    const code = `${workerSource()}serve(require('node:worker_threads').workerData);`;
    // A program that forgets its threads exits all the same.
    for (let i = 0; i < count; i++) new node.Worker(code, { eval: true, workerData: assignment }).unref();
    return;
  }
  const code = `${workerSource()}onmessage = ({ data }) => serve(data);`;
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  for (let i = 0; i < count; i++) new Worker(url).postMessage(assignment);
}
