import { defineConfig } from 'vitest/config';

/** On a shared CI machine a wait for real servers may be cut short once; a test that fails is run again, and must pass then. */
const retry = process.env['CI'] === undefined ? 0 : 1;

/** What judges whole histories of real Git repositories: minutes of `git`, and no server. */
const histories = [
  'test/gate/threats.test.ts',
  'test/gate/threats/**/*.test.ts',
  'test/gate/collect.test.ts',
  'test/gate/approvals-soundness.test.ts',
  'test/git/notes.test.ts',
];

/** `unit` needs no server and stays under a minute; `histories` neither, and takes longer; `real` runs against a control plane, Git, Gitea and the other real parts. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/real/**', 'test/conformance/**', ...histories],
          testTimeout: 60_000,
          // No test leaves anything behind in its process, so that what all import is read once and not 300 times.
          isolate: false,
          maxWorkers: 2,
        },
      },
      {
        test: { name: 'histories', include: histories, testTimeout: 60_000, isolate: false, maxWorkers: 2 },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          globalSetup: ['test/real/setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 240_000,
          retry,
          // Most of a test's time is waiting: for leases to run out, for servers that are away, for merges.
          maxWorkers: 4,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          exclude: [
            'test/conformance/corpora/**',
            'test/conformance/validate/**',
            'test/conformance/cloudformation/**',
          ],
          globalSetup: ['test/real/setup.ts'],
          testTimeout: 600_000,
          hookTimeout: 240_000,
          retry,
          maxWorkers: 2,
        },
      },
      {
        // templates and recorded live models: no server is needed
        test: {
          name: 'cloudformation',
          include: ['test/conformance/cloudformation/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'corpora',
          include: ['test/conformance/corpora/**/*.test.ts', 'test/conformance/validate/**/*.test.ts'],
          globalSetup: ['test/real/setup.ts'],
          testTimeout: 900_000,
          hookTimeout: 240_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
