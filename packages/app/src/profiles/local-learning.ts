import type { RuntimeEvent } from '@breakwater/model';
import { EventFolder } from '../ingest/fold-events.ts';
import type { IngestStore } from '../ingest/kept/index.ts';
import { BehaviourMemory } from '../ingest/known-deeds.ts';
import { leaveOutKnown } from '../ingest/leave-out-known.ts';
import { type LearnerOptions, openLearner } from './learner.ts';

/** Learns what the containers of this host do, in the state folder and without a server. */
export interface LocalLearning {
  take(event: RuntimeEvent): void;
  /** Learns the rest, keeps all, and ends. */
  close(): Promise<void>;
}

export interface LocalLearningOptions extends LearnerOptions {
  ingest: Pick<IngestStore, 'commit' | 'compact'>;
  /** Name of this host. */
  node: string;
}

/** Milliseconds for which events are gathered, and how many are at most. */
const GATHERED_FOR = 1_000;
const MOST_GATHERED = 20_000;
/** Batches after which they are joined. */
const JOINED_AFTER = 300;

/** Learns in the way a server does, from batches that are stored before they are learned from: a restart loses at most a second. */
export function openLocalLearning(options: LocalLearningOptions): LocalLearning {
  const { ingest, node, now, report } = options;
  const learner = openLearner(options);
  const remembered = new BehaviourMemory();
  const begun = (): EventFolder => new EventFolder(new Date(now()).toISOString(), remembered);
  let folder = begun();
  let gathered = 0;
  let batches = 0;
  let storing: Promise<void> = Promise.resolve();
  const store = async (folded: EventFolder, events: number): Promise<void> => {
    const { delta: told, lost } = folded.end();
    const delta = { ...told, behaviours: leaveOutKnown(told.behaviours, learner.knows) };
    const receivedAt = new Date(now()).toISOString();
    const sent = { key: '', sensor: node, receivedAt, skew: 0, events, unknowns: 0, lost, isNews: false, delta };
    await ingest
      .commit(sent)
      .catch((error: Error) => report(`What containers did could not be kept: ${error.message}`));
    learner.nudge();
    batches += 1;
    if (batches % JOINED_AFTER === 0) await ingest.compact().catch(() => 0);
  };
  const flush = (): Promise<void> => {
    if (gathered > 0) {
      const [folded, events] = [folder, gathered];
      storing = storing.then(() => store(folded, events));
      [folder, gathered] = [begun(), 0];
    }
    return storing;
  };
  const timer = setInterval(() => void flush(), GATHERED_FOR);
  timer.unref();
  return {
    take(event) {
      folder.add(event);
      gathered += 1;
      if (gathered >= MOST_GATHERED) void flush();
    },
    async close() {
      clearInterval(timer);
      await flush();
      await ingest.compact().catch(() => 0);
      await learner.close();
    },
  };
}
