import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildAll } from '../build.ts';
import { readPackages, root } from '../packages.ts';
import { run } from './run.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Holds `tarballs`, `everything` (all of them installed) and `webgl` (core and the WebGL backend installed). */
    scratch: string;
  }
}

function installInto(folder: string, tarballs: readonly string[], ...flags: string[]): void {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...flags, ...tarballs], folder);
}

/** Builds and packs all packages and installs them, outside the repository, as a user would. */
export async function setup(project: TestProject): Promise<() => void> {
  await buildAll();
  const scratch = mkdtempSync(join(tmpdir(), 'wengert-packed-'));
  const tarballs = join(scratch, 'tarballs');
  mkdirSync(tarballs);
  const workspaces = readPackages().map(({ manifest }) => `--workspace=${manifest.name}`);
  run('npm', ['pack', `--pack-destination=${tarballs}`, ...workspaces], root);

  const files = readdirSync(tarballs).map((file) => join(tarballs, file));
  installInto(join(scratch, 'everything'), files);
  cpSync(join(import.meta.dirname, 'programs'), join(scratch, 'everything'), { recursive: true });
  // Offline and with an empty cache: core and the WebGL backend need nothing but themselves.
  const webgl = files.filter((file) => /wengert-(core|backend-webgl)-\d/.test(file));
  installInto(join(scratch, 'webgl'), webgl, '--offline', `--cache=${join(scratch, 'emptyCache')}`);
  cpSync(join(import.meta.dirname, 'page'), join(scratch, 'webgl'), { recursive: true });

  project.provide('scratch', scratch);
  return () => rmSync(scratch, { recursive: true, force: true });
}
