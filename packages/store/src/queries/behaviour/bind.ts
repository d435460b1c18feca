import type { BehaviourStore } from '@breakwater/app/profiles/kept';
import type { Kysely } from 'kysely';
import type { Schema } from '../../schema.ts';
import { hasExampleOf, readExample } from '../ingest/behaviours.ts';
import { readFacts, writeFacts } from './facts.ts';
import { journalWord, readJournal } from './journal.ts';
import { claimLearning, findHolding, keepModels, readHeads, readLearned, readModel } from './models.ts';
import { readPromise } from './promises.ts';
import { readRecorded, writeRecorded } from './recorded.ts';
import type { ToldLately } from './told-lately.ts';

/** What is learned of behaviour, of one tenant; `lately` is what ingest told on the same store. */
export function bindBehaviour(db: Kysely<Schema>, tenant: string, lately: ToldLately): BehaviourStore {
  return {
    claim: (owner, now, until) => claimLearning(db, tenant, owner, now, until),
    journal: (...asked) => readJournal(db, tenant, lately, ...asked),
    say: (word) => journalWord(db, tenant, word),
    model: (subject, container) => readModel(db, tenant, subject, container),
    async containers(subject) {
      const rows = await db
        .selectFrom('behaviour_models')
        .select('container')
        .where((eb) => eb.and({ tenant, subject }))
        .execute();
      return rows.map(({ container }) => container);
    },
    holding: (incident) => findHolding(db, tenant, incident),
    promised: (subject, container, reporter) => readPromise(db, tenant, subject, container, reporter),
    example: (subject, container, key) => readExample(db, tenant, subject, container, key),
    isTaughtBy: (subject, container, cluster) => hasExampleOf(db, tenant, subject, container, cluster),
    keep: (models, done, now) => keepModels(db, tenant, models, done, now),
    profiles: () => readHeads(db, tenant),
    async describe(subject, container) {
      const found = await readLearned(db, tenant, subject);
      if (container === undefined) return found.length === 1 ? found[0] : undefined;
      return found.find((profile) => (profile.container ?? '') === container);
    },
    described: () => readLearned(db, tenant),
    facts: (subject, container, image) => readFacts(db, tenant, subject, container, image),
    recorded: (image) => readRecorded(db, tenant, image),
    writeRecorded: (images, profile) => writeRecorded(db, tenant, images, profile),
    writeFacts: (facts, now) => writeFacts(db, tenant, facts, now),
  };
}
