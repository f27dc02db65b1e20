import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm start -- ...args` does, without npm. */
function start(...args: string[]) {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  const command = [tsx, '--conditions=@wengert/source', 'examples/digits/main.ts', ...args];
  return spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
}

it('explains a wrong option and fails', () => {
  const { status, stdout, stderr } = start('--epochs', 'many');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toBe("--epochs must be a whole number from 1 to 1000, got 'many'\nSee: npm start -- --help\n");
}, 60_000);

it('walks through the tape programs, trains, and writes the report it names', () => {
  const out = mkdtempSync(join(tmpdir(), 'wengert-report-'));
  try {
    const { status, stdout, stderr } = start('--epochs', '1', '--out', out);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('dz/dx: [[8, 8], [8, 8]]');
    const [, accuracy] = /epoch 1\/1: .* test loss .*, accuracy (.*) %/.exec(stdout) ?? [];
    expect(Number(accuracy)).toBeGreaterThan(85);
    const [, path] = /Report: (.*)\n$/.exec(stdout) ?? [];
    expect(path).toBe(join(out, 'digits.html'));
    expect(existsSync(path)).toBe(true);
    // Not a terminal: whole lines only.
    expect(stdout.includes('\u001b')).toBe(false);
  } finally {
    rmSync(out, { recursive: true });
  }
}, 120_000);
