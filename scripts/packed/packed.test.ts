import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { build as viteBuild } from 'vite';
import { describe, expect, inject, test } from 'vitest';
import { readPackages, root } from '../packages.ts';
import { run } from './run.ts';

const scratch = inject('scratch');
const everything = join(scratch, 'everything');
const tarballs = join(scratch, 'tarballs');
const expected = '[[3,12,27],[2,4,6]]\n';
const tool = (path: string): string => join(root, 'node_modules', path);

test('a Node program runs', () => {
  expect(run('node', ['program.js'], everything)).toBe(expected);
});

test('a tfjs program runs on the one package that it imports', () => {
  expect(run('node', ['tfjs.js'], everything)).toBe('["cpu",[3,3]]\n');
});

test('an esbuild bundle for browsers runs', async () => {
  await build({
    absWorkingDir: everything,
    entryPoints: ['program.js'],
    bundle: true,
    format: 'esm',
    outfile: 'bundle.mjs',
  });
  expect(run('node', ['bundle.mjs'], everything)).toBe(expected);
});

async function bundleWithEsbuild(program: string, minify = false): Promise<string> {
  const { outputFiles, warnings } = await build({
    absWorkingDir: everything,
    entryPoints: [program],
    bundle: true,
    minify,
    format: 'esm',
    write: false,
  });
  expect(warnings).toEqual([]);
  return outputFiles.map(({ text }) => text).join();
}

async function bundleWithVite(program: string): Promise<string> {
  const result = await viteBuild({
    root: everything,
    configFile: false,
    logLevel: 'warn',
    build: { write: false, rollupOptions: { input: join(everything, program) } },
  });
  if (!('output' in result)) throw new Error('vite made more than one bundle');
  return result.output.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join();
}

test.each([
  ['esbuild', (program: string) => bundleWithEsbuild(program)],
  ['vite', bundleWithVite],
])('%s drops the ops that a program does not use', async (_, bundle) => {
  const opName = (name: string): RegExp => new RegExp(`["'\`]${name}["'\`]`);
  const [one, all] = [await bundle('oneOp.js'), await bundle('allOps.js')];
  expect(one).toMatch(opName('sin'));
  for (const name of ['atanh', 'erf', 'maximum', 'floor']) {
    expect(all).toMatch(opName(name));
    expect(one).not.toMatch(opName(name));
  }
});

test("core's functions do nothing when they are imported, so that bundlers may drop any of them", async () => {
  const { outputFiles } = await build({
    stdin: { contents: "import '@wengert/core/functions';", resolveDir: everything },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    plugins: [
      {
        // What stays is what would run, were it not declared free of side effects.
        name: 'unannotated',
        setup({ onResolve, resolve }) {
          onResolve({ filter: /^[.@]/ }, async ({ path, resolveDir, kind, pluginData }) =>
            pluginData === 'asked'
              ? undefined
              : { ...(await resolve(path, { resolveDir, kind, pluginData: 'asked' })), sideEffects: true },
          );
        },
      },
    ],
  });
  expect(outputFiles[0].text).toMatch(/^(var \w+=[\d*-]+(,\w+=[\d*-]+)*;\s*)*$/);
});

test.each([
  ['leanMatMulLoss.js', 'kernels that it chooses', 40_000],
  ['matMulLoss.js', 'kernels for everything', 50_500],
])(
  '%s differentiates the loss of a matrix product with %s in a bundle of so many bytes: %i',
  async (program, _, most) => {
    const text = await bundleWithEsbuild(program, true);
    writeFileSync(join(everything, 'smallest.mjs'), text);
    expect(run('node', ['smallest.mjs'], everything)).toBe('[[2,2],[1,1]]\n');
    expect(gzipSync(text, { level: 9 }).length).toBeLessThanOrEqual(most);
  },
);

test.each(['nodenext', 'bundler'])(
  'a strict TypeScript program compiles with moduleResolution %s',
  (moduleResolution) => {
    const file = `tsconfig.${moduleResolution}.json`;
    const module = moduleResolution === 'bundler' ? 'esnext' : 'nodenext';
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      target: 'es2022',
      module,
      moduleResolution,
    };
    const config = { compilerOptions: { ...compilerOptions, noEmit: true, types: [] }, files: ['program.ts'] };
    writeFileSync(join(everything, file), JSON.stringify(config));
    run('node', [tool('typescript/bin/tsc'), '-p', file], everything);
  },
);

test('installing the WebGL backend brings core and nothing else', () => {
  const modules = join(scratch, 'webgl/node_modules');
  expect(readdirSync(modules).filter((name) => !name.startsWith('.'))).toEqual(['@wengert']);
  expect(readdirSync(join(modules, '@wengert')).sort()).toEqual(['backend-webgl', 'core']);
  const { dependencies } = JSON.parse(readFileSync(join(modules, '@wengert/backend-webgl/package.json'), 'utf8'));
  expect(dependencies).toBeUndefined();
  const licences = readFileSync(join(modules, '@wengert/backend-webgl/dist/THIRD-PARTY-LICENCES.txt'), 'utf8');
  expect(licences).toContain('gpu.js 2.24.1 (MIT)');
});

describe.each(readPackages())('$manifest.name', ({ manifest, entries }) => {
  const tarball = join(tarballs, `${manifest.name.slice(1).replace('/', '-')}-${manifest.version}.tgz`);
  const installed = join(everything, 'node_modules', manifest.name);

  test('carries its licence and every entry, and no tests', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    expect(files).toContain('LICENSE');
    expect(files.filter((file) => /\.test|tsbuildinfo/.test(file))).toEqual([]);
    for (const entry of Object.keys(entries)) {
      expect(existsSync(join(installed, `dist/${entry}.js`))).toBe(true);
      expect(existsSync(join(installed, `dist/${entry}.d.ts`))).toBe(true);
    }
  });

  test('has nothing that publint objects to', async () => {
    const { messages, pkg } = await publint({
      pack: { tarball: new Uint8Array(readFileSync(tarball)).buffer },
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test('has types that resolve as its code does', () => {
    run('node', [tool('@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', 'esm-only', '--no-color'], scratch);
  });
});
