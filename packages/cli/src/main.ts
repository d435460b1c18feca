import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { stateFolder } from './state-folder.ts';

// A reader that has seen enough (`| head`) ends nothing but the output: the work and its exit code stand.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// Types are stripped and code is compiled once; the next start reads the result.
const state = stateFolder();
try {
  mkdirSync(state, { recursive: true, mode: 0o700 });
  enableCompileCache(join(state, 'compiled'));
} catch {
  // A state folder that cannot be made costs speed here; commands that need it say so themselves.
}
// Not awaited at the top: of a bundle, parts that are loaded later may lie in this very file, and would wait for it.
void import('./run-command-line.ts').then(async ({ runCommandLine }) => {
  process.exitCode = await runCommandLine(process.argv.slice(2));
});
