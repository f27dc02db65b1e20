// Shows that the mathematics suite guards the rules: breaks eight rules of core by one token each, in memory, and runs
// the first-order checks. The op's own must fail, and so may those that were seen to use the op; all others must pass.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Result } from './firstOrder.ts';
import { root } from './packages.ts';

interface Mutation {
  readonly op: string;
  /** The op's file, below packages/core/src/ops. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const MUTATIONS: readonly Mutation[] = [
  { op: 'tanh', file: 'trigonometric.ts', from: 'sub(1, square(y))', to: 'add(1, square(y))' },
  { op: 'conv', file: 'conv.ts', from: '[taps - 1 - low,', to: '[taps - 2 - low,' },
  { op: 'cholesky', file: 'linalg/cholesky.ts', from: '-1)), 0.5)', to: '-1)), 0.4)' },
  { op: 'eigh', file: 'linalg/eigh.ts', from: 'gaps = sub(', to: 'gaps = add(' },
  { op: 'cumsum', file: 'cumsum.ts', from: 'reverse: !attrs.reverse', to: 'reverse: attrs.reverse' },
  { op: 'slice', file: 'slice.ts', from: 'n - begin[i] - span', to: 'n + begin[i] - span' },
  { op: 'qr', file: 'linalg/qr.ts', from: 'band(inner, -Infinity, -1)', to: 'band(inner, -Infinity, 0)' },
  { op: 'softmax', file: 'softmax.ts', from: 'mul(y, sub(g, ', to: 'mul(y, add(g, ' },
];

const scratch = mkdtempSync(join(tmpdir(), 'wengert-mutations-'));

/** The first-order checks, run by themselves over a core in which one file is changed. */
async function runFirstOrder(mutation?: Mutation): Promise<Result[]> {
  const path = mutation && join(root, 'packages/core/src/ops', mutation.file);
  const outfile = join(scratch, `${mutation?.op ?? 'unchanged'}.mjs`);
  await build({
    entryPoints: [join(root, 'scripts/firstOrder.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@wengert/source'],
    outfile,
    plugins: [
      {
        name: 'mutate',
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, (args) => {
            if (mutation === undefined || args.path !== path) return undefined;
            const parts = readFileSync(path, 'utf8').split(mutation.from);
            const count = parts.length - 1;
            if (count !== 1) throw new Error(`${mutation.file} has '${mutation.from}' ${count} times, not once`);
            return { contents: parts.join(mutation.to), loader: 'ts' };
          });
        },
      },
    ],
  });
  return JSON.parse(execFileSync(process.execPath, [outfile], { encoding: 'utf8' })) as Result[];
}

/** What speaks against the suite: the op's own check passes, or one fails that was not seen to use the op. */
function complaints({ op }: Mutation, before: readonly Result[], after: readonly Result[]): string[] {
  const own = `derivatives: ${op}`;
  const using = new Set(before.filter(({ ops }) => ops.includes(op)).map(({ name }) => name));
  const innocent = after.filter(({ name, failed }) => failed && !using.has(name));
  return [
    ...(after.some(({ name, failed }) => name === own && failed) ? [] : [`'${own}' passes`]),
    ...innocent.map(({ name }) => `'${name}' fails, though it does not use ${op}`),
  ];
}

const failing = (results: readonly Result[]): string =>
  results.flatMap(({ name, failed }) => (failed ? [name.replace('derivatives: ', '')] : [])).join(', ');

try {
  const before = await runFirstOrder();
  if (before.some(({ failed }) => failed)) throw new Error(`without a mutation these fail: ${failing(before)}`);
  for (const mutation of MUTATIONS) {
    const after = await runFirstOrder(mutation);
    console.log(`${mutation.op}: ${mutation.from}  ->  ${mutation.to}`);
    console.log(`  of ${after.length} checks fail: ${failing(after)}`);
    for (const complaint of complaints(mutation, before, after)) {
      console.error(`  WRONG: ${complaint}`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
