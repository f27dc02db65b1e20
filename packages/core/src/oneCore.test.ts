import { expect, it, vi } from 'vitest';
import { platform } from './platform.ts';

it('warns once of a second copy', async () => {
  const warn = vi.spyOn(platform.console, 'warn').mockImplementation(() => undefined);
  const first = await import('./oneCore.ts');
  first.expectOneCore();
  expect(warn).not.toHaveBeenCalled();
  vi.resetModules();
  const second = await import('./oneCore.ts');
  second.expectOneCore();
  second.expectOneCore();
  first.expectOneCore();
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0][0]).toMatch(/npm ls @wengert\/core/);
});
