import { createEvidenceCollector, type EvidenceCollector } from '@breakwater/engine/evidence';
import { Observation, RuntimeEvent, type Unknown } from '@breakwater/model';
import { parseEventBody } from '@breakwater/sources/events';
import { z } from 'zod';
import type { AssessmentStore } from '../assessment/view.ts';

/** What came in, in one request or since the start. */
export interface TakenEvents {
  accepted: number;
  unknowns: Unknown[];
}

/** Takes runtime events while the server runs, and keeps what they prove: observations and alerts, not the events. */
export interface EventIntake {
  take(body: string, sender: string): TakenEvents;
  observations(): Observation[];
  alerts(): RuntimeEvent[];
  /** Writes what came since the last time; nothing when nothing came. */
  save(): Promise<void>;
}

/** Alerts kept, the newest: a rule that fires all day must not fill the store. */
const MOST_ALERTS = 10_000;
const Kept = z.object({ observations: z.array(Observation), alerts: z.array(RuntimeEvent) });

/** Where an intake keeps its state. */
export type EvidenceDocuments = Pick<AssessmentStore, 'readDocument' | 'writeDocument'>;

/** An intake that goes on from what the store kept. */
export async function openEventIntake(store: EvidenceDocuments): Promise<EventIntake> {
  const kept = Kept.safeParse(await store.readDocument('runtime', 'evidence')).data ?? { observations: [], alerts: [] };
  const collector: EvidenceCollector = createEvidenceCollector(kept.observations);
  const alerts = kept.alerts;
  let changed = false;
  return {
    take(body, sender) {
      const { events, unknowns } = parseEventBody(body, sender);
      for (const event of events) {
        collector.add(event);
        if (event.alert) alerts.push(event);
      }
      alerts.splice(0, Math.max(0, alerts.length - MOST_ALERTS));
      changed ||= events.length > 0;
      return { accepted: events.length, unknowns };
    },
    observations: () => collector.observations(),
    alerts: () => alerts,
    async save() {
      if (!changed) return;
      changed = false;
      await store.writeDocument('runtime', 'evidence', { observations: collector.observations(), alerts });
    },
  };
}
