import { findChromium } from './chromium.ts';

/** Global set-up of the browser tests: they must fail, and say why, where no browser can run them. */
export function setup(): void {
  if (findChromium()) return;
  throw new Error('No Chromium found for the WebGL tests: install Chromium or Chrome, or set CHROMIUM_PATH to one.');
}
