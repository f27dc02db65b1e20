import { type Assignment, workerSource } from './workerSource.ts';

/** The parts of Node that are used, which has no types in a package for browsers too. */
interface NodeThreads {
  readonly Worker: new (code: string, options: { eval: true; workerData: Assignment }) => { unref(): void };
}

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

const NODE = `${workerSource}serve(require('node:worker_threads').workerData);`;
const BROWSER = `${workerSource}onmessage = ({ data }) => serve(data);`;

/** Starts so many workers. Throws where they cannot be had. */
export function spawn(count: number, assignment: Assignment): void {
  const { process } = globalThis as { process?: NodeProcess };
  const node = process?.getBuiltinModule?.('node:worker_threads') as NodeThreads | undefined;
  if (node !== undefined) {
    // A program that forgets its threads exits all the same.
    for (let i = 0; i < count; i++) new node.Worker(NODE, { eval: true, workerData: assignment }).unref();
    return;
  }
  const url = URL.createObjectURL(new Blob([BROWSER], { type: 'text/javascript' }));
  for (let i = 0; i < count; i++) new Worker(url).postMessage(assignment);
}
