import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve, sep } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const readManifest = (dir: string): Manifest => JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Manifest;

/** The folder of the installed package that holds `file`, or undefined for a file of our own. */
function packageDir(file: string): string | undefined {
  const parts = resolve(file).split(sep);
  const at = parts.lastIndexOf('node_modules');
  if (at < 0) return undefined;
  return parts.slice(0, at + (parts[at + 1]?.startsWith('@') ? 3 : 2)).join(sep);
}

/** A prebuilt file may hold its package's dependencies, so these count as bundled too. */
function withDependencies(dir: string, found: Map<string, Manifest>): void {
  if (found.has(dir)) return;
  const manifest = readManifest(dir);
  found.set(dir, manifest);
  const { resolve: find } = createRequire(join(dir, 'package.json'));
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const dependency = packageDir(find(name));
    if (dependency) withDependencies(dependency, found);
  }
}

function licenceText(dir: string, name: string): string {
  const file = readdirSync(dir).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} is bundled but carries no licence text`);
  return readFileSync(join(dir, file), 'utf8').trim();
}

/** The licence texts of every package that the bundled `files` come from; empty if all are our own. */
export function thirdPartyLicences(files: readonly string[]): string {
  const found = new Map<string, Manifest>();
  for (const file of files) {
    const dir = packageDir(file);
    if (dir) withDependencies(dir, found);
  }
  return [...found]
    .map(([dir, { name, version, license }]) => `${name} ${version} (${license})\n\n${licenceText(dir, name)}\n`)
    .sort()
    .join(`\n${'-'.repeat(80)}\n\n`);
}
