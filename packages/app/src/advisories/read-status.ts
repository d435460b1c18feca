import { existsSync } from 'node:fs';
import type { AdvisoryStatus } from '@breakwater/model';
import { openAdvisoryIndex } from '@breakwater/sources/advisories';
import { advisoryIndexPath } from './index-path.ts';

/** What this machine's advisory index holds; nothing where none was imported. */
export function readStatus(state: string): AdvisoryStatus {
  const path = advisoryIndexPath(state);
  if (!existsSync(path)) return { imported: false, advisories: 0, rows: 0, ecosystems: [], rejected: 0 };
  const index = openAdvisoryIndex(path);
  try {
    return index.status();
  } finally {
    index.close();
  }
}
