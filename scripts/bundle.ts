import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { thirdPartyLicences } from './licences.ts';
import { type Package, root } from './packages.ts';

/**
 * Bundles each entry of a package into one file in dist, with what entries share in chunks.
 * Dependencies and peers stay imports; whatever else is imported is bundled in, with its licence.
 */
export async function bundle({ dir, entries, manifest }: Package): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: dir,
    entryPoints: Object.entries(entries).map(([out, source]) => ({ in: source, out })),
    outdir: 'dist',
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[hash]',
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    // gpu.js has its self-contained build under `browser`; its main entry reaches for native packages.
    mainFields: ['browser', 'module', 'main'],
    external: [...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }), 'node:*'],
    legalComments: 'inline',
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  });
  const licences = thirdPartyLicences(Object.keys(metafile.inputs).map((file) => join(dir, file)));
  if (licences) writeFileSync(join(dir, 'dist/THIRD-PARTY-LICENCES.txt'), licences);
  copyFileSync(join(root, 'LICENSE'), join(dir, 'LICENSE'));
}
