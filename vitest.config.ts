import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'parts',
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'tests/{architecture,fuzz,suite}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      'tests/e2e/vitest.config.ts',
      'tests/cluster/vitest.config.ts',
      'tests/sensor/vitest.config.ts',
      'tests/behaviour/vitest.config.ts',
    ],
  },
});
