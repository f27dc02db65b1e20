import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { folder, peersFolder } from './processes.ts';
import type { Cell, Entrant, Row } from './run.ts';
import { median, rotated, spread } from './statistics.ts';

/** The two rows about programs rather than tasks. */
export const startupRows: readonly Omit<Row, 'cells'>[] = [
  { id: 'W7-start', title: 'import and first gradient, above bare Node', unit: 'ms', most: 20 },
  { id: 'W7-size', title: 'bundle of that program, minified and gzipped', unit: 'KB', most: 40 },
];

const MIN_PROCESSES = 21;
const unable: Cell = { kind: 'unable', reason: 'has no program of its own in startup/' };

function sourceOf({ id }: Entrant): string | undefined {
  return [folder, peersFolder].map((base) => join(base, 'startup', `${id}.ts`)).find(existsSync);
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0];

async function bundle(source: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    mainFields: ['module', 'main'],
    conditions: ['@wengert/source'],
    // Some peers ask for modules of Node by `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'silent',
  });
}

const TIME_LIMIT = 60_000;

/** Makes a process tell at its end how long it has lived, on a clock that stands still while others have the processor. */
const LIFETIME = `
const { readFileSync, writeSync } = require('node:fs');
process.on('exit', () => {
  let waited = 0;
  try {
    waited = Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]) / 1e6;
  } catch {}
  writeSync(1, String(performance.now() - waited));
});`;

/** Milliseconds from the start of a process to its end. Throws if it fails. */
function lifetime(program: string, preload: string): number {
  const options = { encoding: 'utf8', timeout: TIME_LIMIT } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', preload, program], options);
  if (status !== 0) throw new Error(/^\w*Error.*$/m.exec(stderr)?.[0] ?? `ended with code ${status}`);
  return Number(stdout.trim().split('\n').pop());
}

/** Measures start-up in fresh processes, in turn with bare ones, and the sizes of bundles. */
export async function runStartup(
  entrants: readonly Entrant[],
  rounds: number,
  onStep?: (done: number, total: number) => void,
): Promise<Row[]> {
  const scratch = mkdtempSync(join(peersFolder, 'dist', 'startup-'));
  try {
    const [bare, preload] = [join(scratch, 'bare.mjs'), join(scratch, 'lifetime.cjs')];
    writeFileSync(bare, '');
    writeFileSync(preload, LIFETIME);
    const cells: Record<string, Cell>[] = [{}, {}];
    const programs = new Map<string, string>();
    const samples = new Map<string, number[]>();
    for (const entrant of entrants) {
      const source = sourceOf(entrant);
      cells[0][entrant.id] = unable;
      cells[1][entrant.id] = unable;
      if (source === undefined) continue;
      const program = join(scratch, `${entrant.id}.mjs`);
      try {
        await bundle(source, program);
      } catch (error) {
        cells[0][entrant.id] = cells[1][entrant.id] = { kind: 'unable', reason: reasonOf(error) };
        continue;
      }
      const assets = (entrant.assets ?? []).map((asset) => join(peersFolder, 'node_modules', asset));
      const bytes = [program, ...assets].map((file) => gzipSync(readFileSync(file), { level: 9 }).length);
      const size = bytes.reduce((sum, length) => sum + length, 0) / 1000;
      cells[1][entrant.id] = { kind: 'figure', median: size, spread: 0, samples: 1 };
      programs.set(entrant.id, program);
      samples.set(entrant.id, []);
    }
    const total = Math.max(rounds, MIN_PROCESSES);
    for (let round = 0; round < total; round++) {
      onStep?.(round, total);
      const nothing = lifetime(bare, preload);
      for (const [id, program] of rotated([...programs], round)) {
        if (cells[0][id] !== unable) continue;
        try {
          samples.get(id)?.push(lifetime(program, preload) - nothing);
        } catch (error) {
          cells[0][id] = { kind: 'wrong', reason: reasonOf(error) };
        }
      }
    }
    for (const id of programs.keys()) {
      const times = samples.get(id) ?? [];
      if (cells[0][id] === unable) {
        cells[0][id] = { kind: 'figure', median: median(times), spread: spread(times), samples: times.length };
      }
    }
    return startupRows.map((row, i) => ({ ...row, cells: cells[i] }));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
