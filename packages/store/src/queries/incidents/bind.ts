import type { IncidentStore } from '@breakwater/app/incidents/kept';
import type { Kysely } from 'kysely';
import type { Schema } from '../../schema.ts';
import { readExceptions, readIncident, readIncidents } from './read.ts';
import { addSigns, setSignAside, waitingSigns } from './signs.ts';
import { changeIncident, tellSigns } from './tell.ts';

/** Incidents, of one tenant. */
export function bindIncidents(db: Kysely<Schema>, tenant: string): IncidentStore {
  return {
    addSigns: (signs) => addSigns(db, tenant, signs),
    waiting: (most) => waitingSigns(db, tenant, most),
    setAside: (id) => setSignAside(db, tenant, id),
    tell: (ids, turn) => tellSigns(db, tenant, ids, turn),
    change: (id, change) => changeIncident(db, tenant, id, change),
    list: (query) => readIncidents(db, tenant, query),
    read: (id) => readIncident(db, tenant, id),
    exceptions: () => readExceptions(db, tenant),
  };
}
