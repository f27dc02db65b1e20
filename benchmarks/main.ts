import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import cliProgress from 'cli-progress';
import { contestantsIn, installPeers, peerVersions } from './src/install.ts';
import { thisMachine } from './src/machine.ts';
import { folder, peersFolder } from './src/processes.ts';
import { markdownReport, type Results } from './src/report.ts';
import { type Entrant, type Row, runBenchmarks } from './src/run.ts';
import { runStartup, startupRows } from './src/startup.ts';
import { selected } from './src/workload.ts';
import { workloads } from './workloads/index.ts';

const usage = `npm run bench [-- options]
  --only W5a     only this row, or those whose names begin so; may be given several times
  --rounds 5     processes of each contestant in each row
  --quick        one short round
  --json         prints JSON instead of Markdown`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const versionOf = (manifest: string): string =>
  (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;

/** Writes what is known so far, so that an interrupted run leaves the rows that it finished. */
function write(rounds: number, entrants: readonly Entrant[], rows: readonly Row[]): string {
  const results: Results = {
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
    machine: thisMachine(),
    versions: { wengert: versionOf(join(folder, '../packages/core/package.json')), ...peerVersions() },
    rounds,
    contestants: entrants.map(({ id, title, role }) => ({ id, title, role })),
    rows,
  };
  const json = `${JSON.stringify(results, null, 2)}\n`;
  const markdown = markdownReport(results);
  mkdirSync(join(folder, 'results'), { recursive: true });
  writeFileSync(join(folder, 'results/latest.json'), json);
  writeFileSync(join(folder, 'results/latest.md'), markdown);
  return values.json ? json : markdown;
}

async function main(): Promise<void> {
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds is a count of at least 1, not ${values.rounds}`);
  const chosen: readonly { readonly id: string }[] = selected<{ readonly id: string }>(
    [...workloads, ...startupRows],
    values.only,
  );
  installPeers();
  const bar = new cliProgress.SingleBar(
    { format: '{bar} {value}/{total} {what}', stream: process.stderr, noTTYOutput: true, notTTYSchedule: 5000 },
    cliProgress.Presets.shades_classic,
  );
  bar.start(1, 0, { what: 'bundling' });
  const onStep = (done: number, total: number, what: string): void => {
    bar.setTotal(total);
    bar.update(done, { what });
  };
  try {
    const { entrants, rows } = await runBenchmarks({
      workloadsFile: join(folder, 'workloads/index.ts'),
      workloads: workloads.filter((workload) => chosen.includes(workload)),
      contestantFiles: ['wengert', 'wengertThreads', 'naive']
        .map((name) => join(folder, 'contestants', `${name}.ts`))
        .concat(contestantsIn(join(peersFolder, 'contestants'))),
      rounds,
      seconds: values.quick ? 0.15 : 0.5,
      onStep,
      onRow: (entrants, rows) => write(rounds, entrants, rows),
    });
    const startup = chosen.some((row) => startupRows.some(({ id }) => id === row.id))
      ? await runStartup(entrants, rounds, (done, total) => onStep(done, total, 'start-up'))
      : [];
    const all = [...rows, ...startup.filter(({ id }) => chosen.some((row) => row.id === id))];
    console.log(write(rounds, entrants, all));
  } finally {
    bar.stop();
  }
}

if (values.help) console.log(usage);
else await main();
