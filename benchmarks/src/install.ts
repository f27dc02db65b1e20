import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { peersFolder } from './processes.ts';

const names = (): string[] => {
  const manifest = JSON.parse(readFileSync(join(peersFolder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return Object.keys(manifest.dependencies);
};

/** Whether what the lock file of the peers asks for has been installed since it was written. */
function isInstalled(): boolean {
  const installed = join(peersFolder, 'node_modules/.package-lock.json');
  return (
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(peersFolder, 'package-lock.json')).mtimeMs
  );
}

/**
 * Installs the peers beside the benchmarks if they are not there; none of their install scripts runs. Where that fails,
 * those that are missing take no part.
 */
export function installPeers(): void {
  if (isInstalled()) return;
  console.error('Installing the peers into benchmarks/peers, once.');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: peersFolder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) console.error('The peers could not be installed: npm ci failed in benchmarks/peers.');
}

/** The versions of the peers that are installed, by their names. */
export function peerVersions(): Record<string, string> {
  return Object.fromEntries(
    names().flatMap((name) => {
      const manifest = join(peersFolder, 'node_modules', name, 'package.json');
      return existsSync(manifest)
        ? [[name, (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version]]
        : [];
    }),
  );
}

/** The contestants in `folder`, each a file. */
export function contestantsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(folder, name));
}
