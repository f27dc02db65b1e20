import { spawnSync } from 'node:child_process';

/** Runs a program to its end and returns what it printed; throws with all it said if it fails. */
export function run(program: string, args: readonly string[], cwd: string): string {
  // npm is a script that only a shell finds on Windows.
  const shell = process.platform === 'win32' && program === 'npm';
  const path = program === 'node' ? process.execPath : program;
  const { status, stdout, stderr, error } = spawnSync(path, args, { cwd, shell, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed\n${stdout}\n${stderr}${error ?? ''}`);
  return stdout;
}
