import { cruise, type IForbiddenRuleType } from 'dependency-cruiser';
import { readPackages, root } from './packages.ts';

/** What the sources of each package may import besides their own files. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  'backend-cpu': ['@wengert/core', '@wengert/fusion'],
  'backend-reference': ['@wengert/core'],
  'backend-webgl': ['@wengert/core', '@wengert/fusion', 'gpu.js'],
  fusion: ['@wengert/core'],
  optimizers: ['@wengert/core'],
  tfjs: ['@wengert/core', '@wengert/backend-cpu', '@wengert/optimizers'],
  conformance: ['@wengert/core', '@wengert/backend-reference', 'fast-check', 'vitest'],
};

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const test = '\\.test(-d)?\\.ts$';

const packages = readPackages();

/** Where imports of a package resolve to: the sources of its entries if it is ours. */
function targets(name: string): string[] {
  const ours = packages.find(({ manifest }) => manifest.name === name);
  if (!ours) return [`^node_modules/${escape(name)}/`];
  return Object.values(ours.entries).map((source) => `^packages/${ours.id}/${escape(source.slice(2))}$`);
}

const anyEntry = packages.flatMap(({ manifest }) => targets(manifest.name));

function rulesOf(id: string): IForbiddenRuleType[] {
  const names = allowed[id];
  if (!names) throw new Error(`packages/${id} has no row in the table of scripts/imports.ts`);
  const own = `^packages/${id}/src/`;
  return [
    {
      name: `${id}-imports-only-its-dependencies`,
      severity: 'error',
      from: { path: own, pathNot: test },
      to: { pathNot: [own, ...names.flatMap(targets)] },
    },
    {
      name: `${id}-enters-packages-by-their-entries`,
      severity: 'error',
      from: { path: own },
      to: { path: '^packages/', pathNot: [own, ...anyEntry] },
    },
  ];
}

const rules: IForbiddenRuleType[] = [
  // Type-only imports count too: a cycle of types is a cycle for whoever reads the code.
  { name: 'no-import-cycles', severity: 'error', from: {}, to: { circular: true } },
  { name: 'no-unresolvable-imports', severity: 'error', from: {}, to: { couldNotResolve: true } },
  {
    name: 'vitest-only-in-its-adapter',
    severity: 'error',
    from: { path: '^packages/', pathNot: [test, '^packages/conformance/src/vitest\\.ts$'] },
    to: { path: '^node_modules/vitest/' },
  },
  ...packages.flatMap(({ id }) => rulesOf(id)),
];

const { output, exitCode } = await cruise(['packages', 'examples', 'scripts'], {
  baseDir: root,
  exclude: { path: '^packages/[^/]+/dist/' },
  doNotFollow: { path: 'node_modules' },
  tsPreCompilationDeps: true,
  enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['@wengert/source', 'import', 'types'] },
  validate: true,
  ruleSet: { forbidden: rules },
  outputType: 'err',
});
console.log(output);
process.exitCode = exitCode;
