import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What of the corpus needs no container: its format, its judge, what is kept of recordings, and hostile replays. */
export default defineConfig({
  test: {
    name: 'behaviour',
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 900_000,
  },
});
