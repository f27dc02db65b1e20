import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumLaunch } from './scripts/chromium.ts';
import { firefox } from './scripts/firefox.ts';

/** Tests run on the sources: no build stands between an edit and its test. */
const conditions = ['@wengert/source', 'module', 'import', 'default'];
const resolve = { conditions };
const ssr = { resolve: { conditions } };
const none = ['**/node_modules/**', '**/dist/**'];
/** Only a test that hangs should meet it: busy machines are many times slower than idle ones. */
const testTimeout = 120_000;
const optimizeDeps = { include: ['gpu.js'] };
const inBrowsers = ['packages/*/src/**/*.browser.test.ts', 'examples/**/*.browser.test.ts'];
const { FIREFOX_PATH } = process.env;

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          testTimeout,
          name: 'unit',
          environment: 'node',
          // For tests of what is forgotten.
          execArgv: ['--expose-gc'],
          include: [
            'packages/*/src/**/*.test.ts',
            'scripts/**/*.test.ts',
            'examples/**/*.test.ts',
            'benchmarks/src/**/*.test.ts',
          ],
          exclude: [...none, '**/*.browser.test.ts', 'scripts/packed/**'],
        },
      },
      {
        resolve,
        ssr,
        optimizeDeps,
        test: {
          testTimeout,
          name: 'browser',
          include: inBrowsers,
          exclude: none,
          globalSetup: 'scripts/requireChromium.ts',
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumLaunch() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      ...(FIREFOX_PATH === undefined
        ? []
        : [
            {
              resolve,
              ssr,
              optimizeDeps,
              // Older ones do not know `using`.
              esbuild: { target: 'es2022' },
              test: {
                testTimeout,
                name: 'firefox',
                include: inBrowsers,
                exclude: none,
                setupFiles: 'scripts/disposable.ts',
                browser: {
                  enabled: true,
                  screenshotFailures: false,
                  provider: firefox(FIREFOX_PATH),
                  instances: [{ browser: 'firefox' as const, headless: false }],
                },
              },
            },
          ]),
    ],
  },
});
