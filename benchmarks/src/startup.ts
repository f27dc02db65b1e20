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

const MIN_PROCESSES = 7;
const unable: Cell = { kind: 'unable', reason: 'has no program of its own in startup/' };

function sourceOf({ id }: Entrant): string | undefined {
  return [folder, peersFolder].map((base) => join(base, 'startup', `${id}.ts`)).find(existsSync);
}

async function bundle(source: string, outfile: string): Promise<string> {
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
    logLevel: 'error',
  });
  return outfile;
}

/** Milliseconds from the start of a process to its end. Throws if it fails. */
function lifetime(program: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(/^\w*Error.*$/m.exec(stderr)?.[0] ?? `ended with code ${status}`);
  return performance.now() - start;
}

/** Measures start-up in fresh processes, in turn with bare ones, and the sizes of bundles. */
export async function runStartup(entrants: readonly Entrant[], rounds: number): Promise<Row[]> {
  const scratch = mkdtempSync(join(peersFolder, 'dist', 'startup-'));
  try {
    const bare = join(scratch, 'bare.mjs');
    writeFileSync(bare, '');
    const cells: Record<string, Cell>[] = [{}, {}];
    const programs = new Map<string, string>();
    const samples = new Map<string, number[]>([['', []]]);
    for (const entrant of entrants) {
      const source = sourceOf(entrant);
      cells[0][entrant.id] = unable;
      cells[1][entrant.id] = unable;
      if (source === undefined) continue;
      const program = await bundle(source, join(scratch, `${entrant.id}.mjs`));
      const assets = (entrant.assets ?? []).map((asset) => join(peersFolder, 'node_modules', asset));
      const bytes = [program, ...assets].map((file) => gzipSync(readFileSync(file), { level: 9 }).length);
      const size = bytes.reduce((sum, length) => sum + length, 0) / 1000;
      cells[1][entrant.id] = { kind: 'figure', median: size, spread: 0, samples: 1 };
      programs.set(entrant.id, program);
      samples.set(entrant.id, []);
    }
    for (let round = 0; round < Math.max(rounds, MIN_PROCESSES); round++) {
      samples.get('')?.push(lifetime(bare));
      for (const [id, program] of rotated([...programs], round)) {
        if (cells[0][id] !== unable) continue;
        try {
          samples.get(id)?.push(lifetime(program));
        } catch (error) {
          cells[0][id] = { kind: 'wrong', reason: error instanceof Error ? error.message : String(error) };
        }
      }
    }
    const base = median(samples.get('') ?? []);
    for (const id of programs.keys()) {
      const times = (samples.get(id) ?? []).map((time) => time - base);
      if (cells[0][id] === unable) {
        cells[0][id] = { kind: 'figure', median: median(times), spread: spread(times), samples: times.length };
      }
    }
    return startupRows.map((row, i) => ({ ...row, cells: cells[i] }));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
