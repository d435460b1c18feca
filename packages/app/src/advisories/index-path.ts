import { join } from 'node:path';

/** Path of the machine's advisory index. */
export function advisoryIndexPath(state: string): string {
  return join(state, 'advisories.sqlite');
}
