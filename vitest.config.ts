import { defineConfig } from 'vitest/config';

/** `check` is what one runs all the time (units and stories); `e2e` starts engines, tasks and real clients. */
export default defineConfig({
  test: {
    // Vitest leaves a processor free, which on a machine with two is half of it.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'check',
          include: ['packages/**/*.test.ts', 'examples/**/*.test.ts', '*.test.ts'],
          exclude: ['**/*.e2e.test.ts', '**/node_modules/**'],
          testTimeout: 20_000,
          // No test changes what a module holds, so files may share the modules that a worker has loaded.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['packages/**/*.e2e.test.ts', 'examples/**/*.e2e.test.ts', 'e2e/**/*.e2e.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          // Engines and their tasks want the machine for themselves: one file after the other, and never beside the checks.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
