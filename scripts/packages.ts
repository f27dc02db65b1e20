import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root: string = resolve(import.meta.dirname, '..');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface Package {
  /** Absolute path of the package's folder. */
  readonly dir: string;
  /** The folder's name, which is the package's name without its scope. */
  readonly id: string;
  readonly manifest: Manifest;
  /** Name in dist (`index`) to source file (`./src/index.ts`), one for each entry in `exports`. */
  readonly entries: Readonly<Record<string, string>>;
}

function entriesOf(manifest: Manifest): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const target of Object.values(manifest.exports)) {
    if (typeof target === 'string') continue;
    const name = /^\.\/dist\/(.+)\.js$/.exec(target.default ?? '')?.[1];
    const source = target['@wengert/source'];
    if (!name || !source) throw new Error(`${manifest.name}: an export lacks its source or its file in dist`);
    entries[name] = source;
  }
  return entries;
}

/** The packages that are published. */
export function readPackages(): Package[] {
  const parent = join(root, 'packages');
  return readdirSync(parent).map((id) => {
    const dir = join(parent, id);
    const manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as Manifest;
    return { dir, id, manifest, entries: entriesOf(manifest) };
  });
}
