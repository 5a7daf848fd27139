import { defineConfig } from 'vitest/config';

/** `unit` needs no server and stays under a minute; `real` runs against a control plane, Git, Gitea and the other real parts. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/real/**', 'test/conformance/**'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          globalSetup: ['test/real/setup.ts'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          // Most of a test's time is waiting: for leases to run out, for servers that are away, for merges.
          maxWorkers: 4,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          globalSetup: ['test/real/setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
