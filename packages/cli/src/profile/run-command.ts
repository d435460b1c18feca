import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { UserError } from '@breakwater/model';
import { plain, yellow } from '../terminal/style.ts';

/** As shells tell of a program that is not there, and of one that cannot be run. */
const NOT_FOUND = 127;
const NOT_RUN = 126;
/** Milliseconds after which a command that was asked to end is ended. */
const GRACE = 10_000;

/**
 * Runs a command with our own input and output; gives its exit code, as shells tell it. When the signal comes it is asked to
 * end, and ended where it does not.
 */
export async function runCommand([program = '', ...parameters]: string[], signal: AbortSignal): Promise<number> {
  const child = spawn(program, parameters, { stdio: 'inherit' });
  let ending: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    ending = setTimeout(() => child.kill('SIGKILL'), GRACE);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', ({ code, message }: NodeJS.ErrnoException) => {
        const why = code === 'ENOENT' ? 'There is no program' : 'This program cannot be run:';
        if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'ENOEXEC')
          return reject(
            new UserError(`${plain(program)} could not be run: ${plain(message)}.`, { code: 'command-failed' }),
          );
        process.stderr.write(`${yellow(`${why} ${plain(program)}.`)}\n`);
        resolve(code === 'ENOENT' ? NOT_FOUND : NOT_RUN);
      });
      child.once('exit', (code, ended) => resolve(code ?? 128 + (ended === null ? 0 : constants.signals[ended])));
    });
  } finally {
    clearTimeout(ending);
    signal.removeEventListener('abort', stop);
  }
}
