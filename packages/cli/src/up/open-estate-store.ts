import { join } from 'node:path';
import type { AssessmentStore } from '@breakwater/app/assessment';
import { openStore } from '@breakwater/store';

/** The store of this state folder: PostgreSQL where `DATABASE_URL` names one, else a file of its own. */
export function openEstateStore(state: string): Promise<AssessmentStore> {
  return openStore({ databaseUrl: process.env['DATABASE_URL'], path: join(state, 'store.sqlite') });
}
