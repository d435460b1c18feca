import { UpstreamError, UserError } from '@breakwater/model';
import { EXIT } from './command.ts';
import { plain } from './terminal/style.ts';

/** Tells an error to the person at the keyboard, on stderr, and gives the exit code: 2 for what can be mended, 70 for a bug of ours. */
export function reportError(error: unknown): number {
  if (error instanceof UserError || error instanceof UpstreamError) {
    return tell(plain(error.message), error.hint && plain(error.hint));
  }
  if (error instanceof Error && error.name === 'AbortError') return tell('stopped.');
  const trouble = systemTrouble(error);
  if (trouble) return tell(...trouble);
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`breakwater: this is a bug of ours. Please report what follows.\n${stack}\n`);
  return EXIT.bug;
}

function tell(message: string, hint?: string): number {
  process.stderr.write(`breakwater: ${message}\n${hint ? `  ${hint}\n` : ''}`);
  return EXIT.unknown;
}

/** What the machine refuses, by the system's code: it is for its owner to mend, and no bug. */
const TROUBLES: Record<string, [says: string, hint: string]> = {
  EACCES: ['permission is denied', 'Give yourself access, or choose another path or --state folder.'],
  EPERM: ['it is not permitted', 'Give yourself access, or choose another path or --state folder.'],
  EROFS: ['the file system is read-only', 'Choose another path or --state folder.'],
  ENOSPC: ['no space is left', 'Free some space, or choose another --state folder.'],
  ENOTDIR: ['a part of the path is no folder', 'Choose another path or --state folder.'],
  EEXIST: ['something else is in its place', 'Choose another path or --state folder.'],
  EISDIR: ['it is a folder', 'Name a file, or choose another --state folder.'],
  EMFILE: ['too many files are open', 'Raise the limit: ulimit -n 4096.'],
};

function systemTrouble(error: unknown): [message: string, hint: string] | undefined {
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  const known = code !== undefined && path !== undefined ? TROUBLES[code] : undefined;
  return known && [`${plain(String(path))} cannot be used: ${known[0]}.`, known[1]];
}
