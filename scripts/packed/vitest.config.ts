import { defineConfig } from 'vitest/config';

/** A run of its own: it builds, packs and installs everything, which is not for every edit. */
export default defineConfig({
  test: {
    name: 'packed',
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: 'install.ts',
    testTimeout: 120_000,
  },
});
