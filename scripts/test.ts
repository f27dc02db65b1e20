import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './packages.ts';
import { addTallies, readTally, type Tally } from './tally.ts';

interface Stage {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** A vitest run counts its tests; any other stage counts as one. */
  readonly vitest?: boolean;
}

const tsx = 'tsx/dist/cli.mjs';
const vitest = 'vitest/vitest.mjs';

const stages: readonly Stage[] = [
  { name: 'types', program: 'typescript/bin/tsc', args: ['-b'] },
  { name: 'lint', program: '@biomejs/biome/bin/biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'generated', program: tsx, args: ['scripts/generate.ts', '--check'] },
  { name: 'imports', program: tsx, args: ['scripts/imports.ts'] },
  { name: 'unit', program: vitest, args: ['run', '--project', 'unit'], vitest: true },
  { name: 'tfjs', program: vitest, args: ['run', '--config', 'scripts/tfjs/vitest.config.ts'], vitest: true },
  { name: 'browser', program: vitest, args: ['run', '--project', 'browser'], vitest: true },
  ...(process.env.FIREFOX_PATH === undefined
    ? []
    : [{ name: 'firefox', program: vitest, args: ['run', '--project', 'firefox'], vitest: true }]),
  { name: 'packed', program: vitest, args: ['run', '--config', 'scripts/packed/vitest.config.ts'], vitest: true },
];

const scratch = mkdtempSync(join(tmpdir(), 'wengert-test-'));

function runStage({ name, program, args, vitest: counted }: Stage): Tally {
  const report = join(scratch, `${name}.json`);
  const reporters = counted ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : [];
  const start = performance.now();
  console.log(`\n=== ${name}`);
  const command = [join(root, 'node_modules', program), ...args, ...reporters];
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  const ok = status === 0;
  const tally = counted ? readTally(report, ok) : { passed: Number(ok), failed: Number(!ok) };
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`=== ${name}: ${ok ? 'passed' : 'FAILED'} in ${seconds} s`);
  return tally;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) throw new Error(`No such stage: ${unknown}. Stages: ${stages.map(({ name }) => name)}`);

const chosen = stages.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const total = addTallies(chosen.map(runStage));
rmSync(scratch, { recursive: true, force: true });
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(`\n${total.passed} passed, ${total.failed} failed`);
