import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundleProgram, folder, peersFolder, runWorker } from './processes.ts';
import { median, rotated, spread } from './statistics.ts';
import type { Description, Report } from './worker.ts';
import { type AnyWorkload, unitOf } from './workload.ts';

/** What came of one contestant in one row. */
export type Cell =
  | { readonly kind: 'figure'; readonly median: number; readonly spread: number; readonly samples: number }
  | { readonly kind: 'wrong' | 'unable'; readonly reason: string };

/** One row of results, with a cell for each contestant by its id. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly target?: number;
  readonly most?: number;
  readonly cells: Readonly<Record<string, Cell>>;
}

/** A contestant, with its bundled program. */
export interface Entrant extends Description {
  readonly id: string;
  readonly program: string;
  /** Why it takes no part: it does not start. */
  readonly failure?: string;
}

/** What to run. */
export interface Plan {
  /** The module that exports `workloads`, for the worker processes. */
  readonly workloadsFile: string;
  readonly workloads: readonly AnyWorkload[];
  /** Files that export a `contestant`. */
  readonly contestantFiles: readonly string[];
  /** Processes of each contestant in each row, but for memory and for those that are far behind. */
  readonly rounds: number;
  /** For how long each contestant is timed in a round of a row. */
  readonly seconds: number;
  /** Is told what runs next, and how many steps of how many are done. */
  readonly onStep?: (done: number, total: number, what: string) => void;
  /** Is told what is known after each row. */
  readonly onRow?: (entrants: readonly Entrant[], rows: readonly Row[]) => void;
}

const importOf = (names: string, file: string): string => `import { ${names} } from ${JSON.stringify(file)};\n`;
const sources = join(folder, 'src');

/** The peaks of memory hardly differ from process to process, and take the longest. */
const MEMORY_ROUNDS = 2;
/** A peer that takes so many times as long as the fastest contestant, and so many milliseconds, has one process. */
const FAR_BEHIND = 10;
const SLOW = 50;

async function enter(file: string, workloadsFile: string, scratch: string): Promise<Entrant> {
  const id = basename(file, '.ts');
  const program = join(scratch, `${id}.mjs`);
  try {
    return { id, program, ...(await describe(file, program, workloadsFile)) };
  } catch (error) {
    // One that does not even start must not keep the others from running.
    const failure = `does not start: ${error instanceof Error ? error.message : String(error)}`;
    return { id, program, title: id, role: 'peer', packages: [], failure };
  }
}

async function describe(file: string, program: string, workloadsFile: string): Promise<Description> {
  const source =
    importOf('contestant', file) +
    importOf('workloads', workloadsFile) +
    importOf('work', join(sources, 'worker.ts')) +
    'await work(contestant, workloads);';
  await bundleProgram(source, program);
  const report = await runWorker(program, { kind: 'describe' });
  if (report.kind === 'description') return report.description;
  throw new Error(report.kind === 'unable' ? report.reason : 'it does not describe itself');
}

/** Gathers the reports on one row; a contestant that fails once is out of it. */
class RowSamples {
  readonly #medians = new Map<string, number[]>();
  readonly #failures = new Map<string, Cell>();

  constructor(entrants: readonly Entrant[]) {
    for (const { id, failure } of entrants) {
      if (failure !== undefined) this.#failures.set(id, { kind: 'unable', reason: failure });
    }
  }

  add(id: string, report: Report, workload: AnyWorkload, bare: number): void {
    if (report.kind === 'wrong' || report.kind === 'unable') this.#failures.set(id, report);
    const value =
      report.kind === 'times' ? median(report.samples) : report.kind === 'memory' ? report.peak - bare : NaN;
    if (Number.isNaN(value)) return;
    const perUnit = workload.ops === undefined ? value : (value * 1000) / workload.ops;
    this.#medians.set(id, [...(this.#medians.get(id) ?? []), perUnit]);
  }

  /** Whether a further process would tell nothing: the contestant failed, or is far behind. */
  finished({ id, role }: Entrant, workload: AnyWorkload): boolean {
    if (this.#failures.has(id)) return true;
    const own = this.#medians.get(id)?.[0];
    if (own === undefined || role === 'wengert' || workload.runsInMemory !== undefined) return false;
    const fastest = Math.min(...[...this.#medians.values()].map(median));
    const milliseconds = workload.ops === undefined ? own : (own * workload.ops) / 1000;
    return own > FAR_BEHIND * fastest && milliseconds > SLOW;
  }

  cell(id: string): Cell {
    const values = this.#medians.get(id) ?? [];
    return (
      this.#failures.get(id) ?? {
        kind: 'figure',
        median: median(values),
        spread: spread(values),
        samples: values.length,
      }
    );
  }
}

/** Runs every contestant on every workload, each in a process of its own, in an order that changes with each round. */
export async function runBenchmarks(plan: Plan): Promise<{ entrants: Entrant[]; rows: Row[] }> {
  const { workloadsFile, workloads, contestantFiles, rounds, seconds, onStep, onRow } = plan;
  mkdirSync(join(peersFolder, 'dist'), { recursive: true });
  const scratch = mkdtempSync(join(peersFolder, 'dist', 'run-'));
  try {
    const entrants = await Promise.all(contestantFiles.map((file) => enter(file, workloadsFile, scratch)));
    const expectSource =
      importOf('workloads', workloadsFile) +
      importOf('expectResults', join(sources, 'expectWorker.ts')) +
      'await expectResults(workloads);';
    const expectProgram = await bundleProgram(expectSource, join(scratch, 'expect.mjs'));
    const bareSource = `${importOf('workBare', join(sources, 'worker.ts'))}workBare();`;
    const bareProgram = await bundleProgram(bareSource, join(scratch, 'bare.mjs'));
    const roundsOf = ({ runsInMemory }: AnyWorkload): number =>
      runsInMemory === undefined ? rounds : Math.min(rounds, MEMORY_ROUNDS);
    const total = workloads.reduce((sum, workload) => sum + entrants.length * roundsOf(workload), 0);
    let done = 0;
    const rows: Row[] = [];
    for (const workload of workloads) {
      const { id, title, target, most } = workload;
      const order = { kind: 'measure', workload: id, expected: join(scratch, `${id}.expected`), seconds } as const;
      onStep?.(done, total, `${id}: what is expected`);
      const expecting = await runWorker(expectProgram, order);
      if (expecting.kind !== 'done') throw new Error(`${id}: no expected results: ${JSON.stringify(expecting)}`);
      const samples = new RowSamples(entrants);
      for (let round = 0; round < roundsOf(workload); round++) {
        const bare = workload.runsInMemory === undefined ? undefined : await runWorker(bareProgram, order);
        for (const entrant of rotated(entrants, round)) {
          onStep?.(done++, total, `${id}: ${entrant.title}`);
          if (samples.finished(entrant, workload)) continue;
          const report = await runWorker(entrant.program, order);
          samples.add(entrant.id, report, workload, bare?.kind === 'memory' ? bare.peak : 0);
        }
      }
      rmSync(order.expected);
      const cells = Object.fromEntries(entrants.map((entrant) => [entrant.id, samples.cell(entrant.id)]));
      rows.push({ id, title, unit: unitOf(workload), ...(target && { target }), ...(most && { most }), cells });
      onRow?.(entrants, rows);
    }
    onStep?.(total, total, 'done');
    return { entrants, rows };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
