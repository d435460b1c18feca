import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Against a real API server: see CONTRIBUTING.md. One file at a time, for each starts a control plane. */
export default defineConfig({
  test: {
    name: 'cluster',
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['**/*.test.ts'],
    globalSetup: ['./prepare-clusters.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
