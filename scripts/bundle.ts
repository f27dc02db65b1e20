import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { thirdPartyLicences } from './licences.ts';
import { type Package, root } from './packages.ts';

/** A namespace that is exported whole stays a module of its own: bundled in, no bundler could drop its unused members. */
const namespaces: Plugin = {
  name: 'namespaces',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/namespaces\// }, ({ path }) => ({ path: path.replace(/\.ts$/, '.js'), external: true }));
  },
};

function namespaceEntries(dir: string): { in: string; out: string }[] {
  const folder = join(dir, 'src/namespaces');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.map((file) => ({ in: join(folder, file), out: `namespaces/${parse(file).name}` }));
}

/**
 * esbuild lets entries import chunks of which they use nothing, for their effects. Ours have none, as `sideEffects` says,
 * and the bundlers of those who install a package would warn about each. Lines stay where they were, for the maps.
 */
function dropEffects(dist: string): void {
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue;
    const path = join(dist, file);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^import "\.[./]*\/chunk-\w+\.js";$/gm, ''));
  }
}

/**
 * Bundles each entry of a package into one file in dist, with what entries share in chunks.
 * Dependencies and peers stay imports; whatever else is imported is bundled in, with its licence.
 */
export async function bundle({ dir, entries, manifest }: Package): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: dir,
    entryPoints: [...Object.entries(entries).map(([out, source]) => ({ in: source, out })), ...namespaceEntries(dir)],
    outdir: 'dist',
    bundle: true,
    splitting: true,
    // Beside the entries, so that a path to a namespace is right in both.
    chunkNames: 'chunk-[hash]',
    plugins: [namespaces],
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    // A package of the repository that is bundled in need not be built before.
    conditions: ['@wengert/source'],
    // gpu.js has its self-contained build under `browser`; its main entry reaches for native packages.
    mainFields: ['browser', 'module', 'main'],
    external: [...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }), 'node:*'],
    legalComments: 'inline',
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  });
  dropEffects(join(dir, 'dist'));
  const licences = thirdPartyLicences(Object.keys(metafile.inputs).map((file) => join(dir, file)));
  if (licences) writeFileSync(join(dir, 'dist/THIRD-PARTY-LICENCES.txt'), licences);
  copyFileSync(join(root, 'LICENSE'), join(dir, 'LICENSE'));
}
