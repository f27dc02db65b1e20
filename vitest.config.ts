import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumArgs, findChromium } from './scripts/chromium.ts';

/** Tests run on the sources: no build stands between an edit and its test. */
const conditions = ['@wengert/source', 'module', 'import', 'default'];
const resolve = { conditions };
const ssr = { resolve: { conditions } };
const none = ['**/node_modules/**', '**/dist/**'];
/** Only a test that hangs should meet it: busy machines are many times slower than idle ones. */
const testTimeout = 120_000;

const chromium = findChromium();

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
        optimizeDeps: { include: ['gpu.js'] },
        test: {
          testTimeout,
          name: 'browser',
          include: ['packages/*/src/**/*.browser.test.ts', 'examples/**/*.browser.test.ts'],
          exclude: none,
          globalSetup: 'scripts/requireChromium.ts',
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                ...(chromium && {
                  executablePath: chromium.executablePath,
                  env: { ...(process.env as Record<string, string>), ...chromium.env },
                }),
                args: [...chromiumArgs],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
