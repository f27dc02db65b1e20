import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packages.ts';

interface Locked {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What would make `npm ci` fail or reach elsewhere on another machine than the one that wrote the lock file. */
export function lockfileProblems(packages: Readonly<Record<string, Locked>>): string[] {
  const problems: string[] = [];
  const names = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
  for (const [path, { resolved, link, optionalDependencies }] of Object.entries(packages)) {
    if (resolved && !link) problems.push(`${path} is tied to the address ${resolved}`);
    // npm silently leaves out a platform's binary that its registry lacked when the lock was written.
    for (const name of Object.keys(optionalDependencies ?? {})) {
      if (!names.has(name)) problems.push(`${path} lacks its optional dependency ${name}`);
    }
  }
  return problems;
}

export function readLockfile(): Record<string, Locked> {
  const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
  return (JSON.parse(text) as { packages: Record<string, Locked> }).packages;
}
