import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineBrowserProvider } from '@vitest/browser';
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node';

/** Software GL will do, nothing is fetched or asked for, and a page that nobody looks at runs at full speed. */
const PREFERENCES: Readonly<Record<string, boolean | number | string>> = {
  'webgl.force-enabled': true,
  'webgl.restore-context-when-visible': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.sessionstore.resume_from_crash': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.healthreport.uploadEnabled': false,
  'app.update.enabled': false,
  'app.normandy.enabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'dom.timeout.enable_budget_timer_throttling': false,
};

/** A Firefox that shows `url`, in a process group of its own, with a fresh profile. */
function start(executablePath: string, url: string): { readonly child: ChildProcess; readonly profile: string } {
  const profile = mkdtempSync(join(tmpdir(), 'wengert-firefox-'));
  const lines = Object.entries(PREFERENCES).map((entry) => `user_pref(${entry.map((x) => JSON.stringify(x))});`);
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const firefox = [executablePath, '--no-remote', '--new-instance', '--profile', profile, url];
  // Without a display it offers no WebGL 2, not even with --headless.
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const bare = process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY;
  const [program, ...args] = bare ? ['xvfb-run', '--auto-servernum', ...firefox] : firefox;
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', (error) => console.error(`Firefox did not start: ${error.message}`));
  return { child, profile };
}

/**
 * Runs tests in any Firefox. Nothing drives it, for which releases and drivers would have to fit: it is started on the
 * page that runs the tests, and that is all they need.
 */
export function firefox(executablePath: string): BrowserProviderOption {
  const providerFactory = (): BrowserProvider => {
    const started: ReturnType<typeof start>[] = [];
    return {
      name: 'firefox',
      supportsParallelism: false,
      getCommandsContext: () => ({}),
      async openPage(_session, url) {
        started.push(start(executablePath, url));
      },
      async close() {
        for (const { child, profile } of started.splice(0)) {
          if (child.pid !== undefined && child.exitCode === null) {
            const ended = new Promise((resolve) => child.once('exit', resolve));
            process.kill(-child.pid);
            await ended;
          }
          rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
        }
      },
    };
  };
  return defineBrowserProvider({ name: 'firefox', supportedBrowser: ['firefox'], providerFactory });
}
