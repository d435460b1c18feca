import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** In this machine's kernel, of containers that the tests start: see CONTRIBUTING.md. One file at a time. */
export default defineConfig({
  test: {
    name: 'sensor',
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
