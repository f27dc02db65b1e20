// Shows that the mathematics suite guards the rules: breaks eight rules of core by one token each, in memory, and runs
// the first-order checks. The op's own must fail, and so may those that were seen to use the op; all others must pass.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
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

type Suite = typeof import('../packages/conformance/src/mathematicsCases.ts') &
  Pick<typeof import('../packages/core/src/index.ts'), 'observe'>;

const scratch = mkdtempSync(join(tmpdir(), 'wengert-mutations-'));

/** The suite with the whole of core, as one module of its own, in which one file is changed. */
async function load(mutation?: Mutation): Promise<Suite> {
  const path = mutation && join(root, 'packages/core/src/ops', mutation.file);
  const outfile = join(scratch, `${mutation?.op ?? 'unchanged'}.mjs`);
  await build({
    stdin: {
      contents: `export * from '@wengert/core'; export * from './packages/conformance/src/mathematicsCases.ts';`,
      resolveDir: root,
    },
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
            if (parts.length !== 2)
              throw new Error(`${mutation.file} has '${mutation.from}' ${parts.length - 1} times, not once`);
            return { contents: parts.join(mutation.to), loader: 'ts' };
          });
        },
      },
    ],
  });
  return (await import(pathToFileURL(outfile).href)) as Suite;
}

interface Outcome {
  readonly failed: ReadonlySet<string>;
  /** The ops that each case dispatched. */
  readonly used: ReadonlyMap<string, ReadonlySet<string>>;
}

async function runFirstOrder({ mathematicsCases, observe }: Suite): Promise<Outcome> {
  const failed = new Set<string>();
  const used = new Map<string, Set<string>>();
  for (const { name, run } of mathematicsCases({ order: 1 })) {
    const ops = new Set<string>();
    const stop = observe(({ op }) => ops.add(op));
    try {
      await run();
    } catch {
      failed.add(name);
    } finally {
      stop();
    }
    used.set(name, ops);
  }
  return { failed, used };
}

function judge({ op }: Mutation, { failed }: Outcome, { used }: Outcome): string[] {
  const own = `derivatives: ${op}`;
  const innocent = [...failed].filter((name) => !used.get(name)?.has(op));
  return [
    ...(failed.has(own) ? [] : [`'${own}' passes`]),
    ...innocent.map((name) => `'${name}' fails, though it does not use ${op}`),
  ];
}

try {
  const before = await runFirstOrder(await load());
  if (before.failed.size > 0) throw new Error(`without a mutation these fail: ${[...before.failed].join(', ')}`);
  for (const mutation of MUTATIONS) {
    const after = await runFirstOrder(await load(mutation));
    const complaints = judge(mutation, after, before);
    const fails = [...after.failed].map((name) => name.replace('derivatives: ', '')).join(', ');
    console.log(`${mutation.op}: ${mutation.from}  ->  ${mutation.to}\n  of ${before.used.size} checks fail: ${fails}`);
    for (const complaint of complaints) console.error(`  WRONG: ${complaint}`);
    if (complaints.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
