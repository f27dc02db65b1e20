import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Order, Report } from './worker.ts';

/** The folder of the benchmarks. */
export const folder: string = resolve(import.meta.dirname, '..');
/** Where the peers are installed, and what runs beside them is written. */
export const peersFolder: string = join(folder, 'peers');

const TIME_LIMIT = 90_000;

/** What is not bundled, but loaded as users load it. */
function installed(): string[] {
  const manifest = JSON.parse(readFileSync(join(peersFolder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return ['benchmark', ...Object.keys(manifest.dependencies).flatMap((name) => [name, `${name}/*`])];
}

/** Bundles a program from its source text, whose imports are absolute; our own packages from their sources. */
export async function bundleProgram(source: string, outfile: string): Promise<string> {
  await build({
    stdin: { contents: source, resolveDir: folder, loader: 'ts' },
    outdir: dirname(outfile),
    entryNames: parse(outfile).name,
    outExtension: { '.js': parse(outfile).ext },
    bundle: true,
    // What is imported on demand goes into chunks. In one file all modules would be wrapped in functions, which is slower
    // and is not what bundles of programs look like.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    conditions: ['@wengert/source'],
    external: installed(),
    logLevel: 'error',
  });
  return outfile;
}

/** Runs a bundled program in a fresh process, without what this one was started with. */
export function runWorker(program: string, order: Order, timeLimit: number = TIME_LIMIT): Promise<Report> {
  return new Promise((settle) => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = fork(program, [JSON.stringify(order)], {
      env,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let report: Report | undefined;
    let errors = '';
    const timer = setTimeout(() => {
      report = { kind: 'unable', reason: `took longer than ${timeLimit / 1000} s` };
      child.kill('SIGKILL');
    }, timeLimit);
    child.stderr?.on('data', (chunk) => {
      errors += chunk;
    });
    child.on('message', (message) => {
      report = message as Report;
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const lastError = /^\w*Error.*$/m.exec(errors)?.[0] ?? errors.trim().split('\n').pop();
      settle(report ?? { kind: 'unable', reason: `ended with ${signal ?? `code ${code}`}: ${lastError}` });
    });
  });
}
