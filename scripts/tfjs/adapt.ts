import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'vitest/config';
import { root } from '../packages.ts';

/** Where tfjs-core's compiled files lie. */
export const dist: string = join(root, 'node_modules/@tensorflow/tfjs-core/dist');

const own = (file: string): string => join(import.meta.dirname, file);

/** Modules of tfjs that Wengert stands in for, by path inside `dist`. */
const replaced: Readonly<Record<string, string>> = {
  engine: own('engine.ts'),
  environment: own('environment.ts'),
  jasmine_util: own('jasmine.ts'),
};

/** Modules that tests use as they are: they compare values and do sums on shapes. */
const kept = /_util$|\/util$|_test$/;

/** What else these modules export is tested by files that test Wengert too, and not to be had. */
const privateNames = /MPRandGauss/;

/** tfjs's own tests import its API under many paths: each of these imports becomes one of the adapter's `tf`. */
function rewrite(code: string): string {
  const body = code.replace(
    /^import (\* as (\w+)|\{([^}]*)\}) from '(\.[^']*)';$/gm,
    (line, _clause, space: string | undefined, names: string | undefined, from: string) => {
      if (from.endsWith('/engine') || (kept.test(from) && !privateNames.test(line))) return line;
      return `const ${space ?? `{${names}}`} = __tf;`;
    },
  );
  const texts = body
    .replace(/\bexpect\((ex\.message|errorMessage)\)/g, 'expectText($1)')
    // Two tests reach tfjs's helpers through its API.
    .replaceAll('tf.test_util', '__testUtil');
  const head = `import { tf as __tf } from ${JSON.stringify(own('tf.ts'))};
import * as __testUtil from ${JSON.stringify(join(dist, 'test_util.js'))};
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, expectAsync, expectText, it, jasmine } from ${JSON.stringify(own('jasmine.ts'))};`;
  return `${head.replaceAll('\n', ' ')} ${texts.replace(/^\/\/# sourceMappingURL=.*$/m, '')}`;
}

/** Makes the tests of tfjs-core run on Wengert. */
export function adapt(): Plugin {
  return {
    name: 'tfjs-on-wengert',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!importer?.startsWith(dist) || !source.startsWith('.')) return null;
      return replaced[relative(dist, join(dirname(importer), source))] ?? null;
    },
    transform(code, id) {
      if (!id.startsWith(dist)) return null;
      const isTest = /_test(_util)?\.js$/.test(id);
      return { code: isTest ? rewrite(code) : code.replace(/^\/\/# sourceMappingURL=.*$/m, ''), map: null };
    },
  };
}
