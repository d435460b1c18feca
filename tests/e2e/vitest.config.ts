import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** End to end: the real server, started by the real command, in a real browser. One browser at a time. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['*.test.ts'],
    globalSetup: ['./start-server.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
