import { relative, sep } from 'node:path';

/** A path as people should see it: relative when it is below the working folder. */
export function showPath(path: string): string {
  const shown = relative(process.cwd(), path);
  if (shown === '') return '.';
  return shown === '..' || shown.startsWith(`..${sep}`) ? path : shown;
}
