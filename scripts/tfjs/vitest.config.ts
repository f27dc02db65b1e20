import { defineConfig } from 'vitest/config';
import { adapt, dist } from './adapt.ts';
import { excludedFiles } from './exclusions.ts';
import { summary } from './summary.ts';

/** tfjs-core's published tests on Wengert's sources: a run of its own, whose files are not ours. */
const conditions = ['@wengert/source', 'module', 'import', 'default'];

export default defineConfig({
  plugins: [adapt(), summary()],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: 'tfjs',
    dir: dist,
    include: ['ops/**/*_test.js', 'optimizers/*_test.js', 'gradients_test.js', 'variable_test.js'],
    exclude: excludedFiles.flatMap(({ files }) => files),
    isolate: false,
    fileParallelism: true,
    maxWorkers: 2,
    testTimeout: 20_000,
    server: { deps: { inline: [/tfjs-core/] } },
  },
});
