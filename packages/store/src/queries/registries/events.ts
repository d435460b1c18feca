import type { RegistryEvent } from '@breakwater/model';
import type { Kysely } from 'kysely';
import type { Schema } from '../../schema.ts';
import { readDocuments } from '../documents.ts';

/** Events that a page shows. */
const SHOWN = 200;

/** Adds events; what was told already stays. */
export async function tellEvents(db: Kysely<Schema>, tenant: string, events: RegistryEvent[]): Promise<void> {
  for (let at = 0; at < events.length; at += 500) {
    const rows = events.slice(at, at + 500).map((event) => ({
      tenant,
      time: event.time,
      kind: event.kind,
      subject: event.subject,
      document: JSON.stringify(event),
    }));
    await db
      .insertInto('registry_events')
      .values(rows)
      .onConflict((c) => c.columns(['tenant', 'time', 'kind', 'subject']).doNothing())
      .execute();
  }
}

/** The latest events. */
export function readEvents(db: Kysely<Schema>, tenant: string): Promise<RegistryEvent[]> {
  return readDocuments<RegistryEvent>(
    db
      .selectFrom('registry_events')
      .select('document')
      .where('tenant', '=', tenant)
      .orderBy('time', 'desc')
      .orderBy('kind')
      .orderBy('subject')
      .limit(SHOWN),
  );
}
