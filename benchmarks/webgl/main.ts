import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { chromium } from 'playwright';
import { chromiumLaunch } from '../../scripts/chromium.ts';
import { root } from '../../scripts/packages.ts';
import type { Benchmark, Row } from './page.ts';
import { heading, line, summary } from './table.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    seconds: { type: 'string', default: '4' },
    out: { type: 'string', default: join(root, 'report/webgl.json') },
  },
});
const here = import.meta.dirname;

execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], { cwd: here });
const bundle = await build({
  // tfjs registers its backend and gradients on import, which only this folder has installed.
  stdin: {
    contents: `import '@tensorflow/tfjs-backend-webgl';
      import '@tensorflow/tfjs-core/dist/register_all_gradients';
      import './page.ts';`,
    resolveDir: here,
  },
  bundle: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  platform: 'browser',
  conditions: ['@wengert/source'],
  logLevel: 'error',
});
const browser = await chromium.launch(chromiumLaunch());
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  // Isolated pages have a clock of 5 microseconds, others one of 100.
  await page.route('**/*', (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
      body: '<!doctype html>',
    }),
  );
  await page.goto('https://benchmark.invalid/');
  await page.addScriptTag({ type: 'module', content: bundle.outputFiles[0].text });
  await page.waitForFunction(() => 'benchmark' in globalThis);
  const { names, renderer } = await page.evaluate(() => {
    const { names, renderer } = (globalThis as typeof globalThis & { benchmark: Benchmark }).benchmark;
    return { names, renderer };
  });
  const chosen = names.filter((name) => values.only?.some((word) => name.includes(word)) ?? true);
  console.log(heading(renderer, browser.version()));
  mkdirSync(dirname(values.out), { recursive: true });
  const rows: Row[] = [];
  for (const name of chosen) {
    const row = await page.evaluate(
      ([name, budget]) => (globalThis as typeof globalThis & { benchmark: Benchmark }).benchmark.measure(name, budget),
      [name, Number(values.seconds) * 1000] as const,
    );
    rows.push(row);
    console.log(line(row));
    // After each row: a run that is cut short leaves what it has.
    writeFileSync(values.out, JSON.stringify({ renderer, browser: browser.version(), rows }, null, 1));
  }
  console.log(summary(rows));
} finally {
  await browser.close();
}
