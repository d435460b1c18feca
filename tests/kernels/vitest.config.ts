import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Debian's kernels in virtual machines, without hardware's help: minutes. See CONTRIBUTING.md. */
export default defineConfig({
  test: {
    name: 'kernels',
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
