import { join } from 'node:path';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { expect, inject, test } from 'vitest';
import { chromiumLaunch } from '../chromium.ts';

const folder = join(inject('scratch'), 'webgl');

test('a page of core and the WebGL backend, built and minified by vite, trains in Chromium', async () => {
  await build({ root: folder, configFile: false, logLevel: 'error', build: { target: 'es2022', minify: 'esbuild' } });
  await using server = await preview({ root: folder, configFile: false, logLevel: 'warn', preview: { port: 0 } }).then(
    ({ resolvedUrls, close }) => ({ url: resolvedUrls?.local[0] as string, [Symbol.asyncDispose]: close }),
  );
  await using browser = await chromium.launch(chromiumLaunch());
  const page = await browser.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(server.url);
  await page.waitForFunction(() => document.querySelector('#state')?.textContent !== 'running');

  expect(complaints).toEqual([]);
  expect(await page.textContent('#state')).toBe('done');
  expect(await page.textContent('#backend')).toBe('webgl');
  const losses = (await page.locator('#losses li').allTextContents()).map(Number);
  expect(losses.length).toBe(11);
  expect(losses[10]).toBeLessThan(0.1 * losses[0]);
  const scripts = requests.filter((url) => url.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(0);
  const abroad = requests.filter(
    (url) => !url.startsWith('data:') && new URL(url).origin !== new URL(server.url).origin,
  );
  expect(abroad).toEqual([]);
});
