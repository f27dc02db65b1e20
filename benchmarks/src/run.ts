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

/** A contestant that takes part, with its bundled program. */
export interface Entrant extends Description {
  readonly id: string;
  readonly program: string;
}

/** What to run. */
export interface Plan {
  /** The module that exports `workloads`, for the worker processes. */
  readonly workloadsFile: string;
  readonly workloads: readonly AnyWorkload[];
  /** Files that export a `contestant`. */
  readonly contestantFiles: readonly string[];
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

async function enter(file: string, workloadsFile: string, scratch: string): Promise<Entrant> {
  const id = basename(file, '.ts');
  const source =
    importOf('contestant', file) +
    importOf('workloads', workloadsFile) +
    importOf('work', join(sources, 'worker.ts')) +
    'await work(contestant, workloads);';
  const program = await bundleProgram(source, join(scratch, `${id}.mjs`));
  const report = await runWorker(program, { kind: 'describe' });
  if (report.kind === 'description') return { id, program, ...report.description };
  throw new Error(`contestant ${id}: ${report.kind === 'unable' ? report.reason : 'does not describe itself'}`);
}

/** Gathers the reports on one row; a contestant that fails once is out of it. */
class RowSamples {
  readonly #medians = new Map<string, number[]>();
  readonly #failures = new Map<string, Cell>();

  add(id: string, report: Report, workload: AnyWorkload, bare: number): void {
    if (report.kind === 'wrong' || report.kind === 'unable') this.#failures.set(id, report);
    const value =
      report.kind === 'times' ? median(report.samples) : report.kind === 'memory' ? report.peak - bare : NaN;
    if (Number.isNaN(value)) return;
    const perUnit = workload.ops === undefined ? value : (value * 1000) / workload.ops;
    this.#medians.set(id, [...(this.#medians.get(id) ?? []), perUnit]);
  }

  failed(id: string): boolean {
    return this.#failures.has(id);
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
    const total = workloads.length * entrants.length * rounds;
    let done = 0;
    const rows: Row[] = [];
    for (const workload of workloads) {
      const { id, title, target, most } = workload;
      const order = { kind: 'measure', workload: id, expected: join(scratch, `${id}.expected`), seconds } as const;
      onStep?.(done, total, `${id}: what is expected`);
      const expecting = await runWorker(expectProgram, order);
      if (expecting.kind !== 'done') throw new Error(`${id}: no expected results: ${JSON.stringify(expecting)}`);
      const samples = new RowSamples();
      for (let round = 0; round < rounds; round++) {
        const bare = workload.runsInMemory === undefined ? undefined : await runWorker(bareProgram, order);
        for (const entrant of rotated(entrants, round)) {
          onStep?.(done++, total, `${id}: ${entrant.title}`);
          if (samples.failed(entrant.id)) continue;
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
