import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.ts';
import { readPackages, root } from './packages.ts';

/** Removes old bundles, and declarations whose source is gone: what is in dist gets published. */
function removeStale(dir: string): void {
  const dist = join(dir, 'dist');
  if (!existsSync(dist)) return;
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const declaration = /^(.+)\.d\.ts(\.map)?$/.exec(file)?.[1];
    const stale = declaration ? !existsSync(join(dir, 'src', `${declaration}.ts`)) : /\.js(\.map)?$|\.txt$/.test(file);
    if (stale) rmSync(join(dist, file));
  }
}

/** Builds every package into its dist: declarations by tsc, bundles by esbuild. */
export async function buildAll(): Promise<void> {
  const packages = readPackages();
  for (const { dir } of packages) removeStale(dir);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-b', ...packages.map(({ dir }) => dir)], { stdio: 'inherit' });
  if (status !== 0) throw new Error('tsc found errors');
  await Promise.all(packages.map(bundle));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildAll();
