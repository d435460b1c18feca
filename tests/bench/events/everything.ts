import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { issueSensorKey, openIngest } from '@breakwater/app/ingest';
import { openLearner } from '@breakwater/app/profiles';
import { openEventsDesk } from '@breakwater/server/ingest';
import { openStore } from '@breakwater/store';
import { openIncidentService } from '../../../packages/cli/src/ingest/open-incident-service.ts';

/** Events of one request. */
const BATCH = 2_500;

/** What everything together took. */
export interface Everything {
  /** Events per second of CPU of this process, and lines per second of CPU that are only parsed as JSON. */
  events: number;
  bare: number;
  /** Most memory at the end of a batch, MiB. */
  memory: number;
}

/** How it is measured. */
export interface EverythingOptions {
  folder: string;
  events: number;
  lineAt(index: number): string;
  /** PostgreSQL; SQLite in the folder where it is absent. */
  databaseUrl?: string | undefined;
}

/**
 * All that a server does with events: key, pace, parsing, rules, incidents, folding, a transaction a batch, learning of
 * profiles from the journal, and keeping them.
 */
export async function measureEverything({
  folder,
  events,
  lineAt,
  databaseUrl,
}: EverythingOptions): Promise<Everything> {
  const tenant = randomUUID();
  const store = await openStore({ path: join(folder, `${tenant}.sqlite`), tenant, databaseUrl });
  const { text, key } = issueSensorKey('bench', new Date().toISOString());
  await store.ingest.addKey(key);
  const report = (line: unknown): void => console.error(line);
  const incidents = await openIncidentService(store, { state: folder }, report);
  const learner = openLearner({ store: store.behaviour, now: Date.now, report, onDeviations: incidents.deviated });
  const ingest = openIngest(store.ingest, Date.now, report, incidents.judge, learner.knows);
  const desk = openEventsDesk({ ingest, keys: store.ingest, perSecond: 1e9, now: Date.now, report });
  const [spent, bare] = [stopwatch(), stopwatch()];
  let memory = 0;
  for (let batch = 0; batch < events / BATCH; batch += 1) {
    const headers = {
      authorization: `Bearer ${text}`,
      'breakwater-sensor': 'bench',
      'breakwater-sequence': String(batch + 1),
    };
    // Made one by one and not counted: what a sender needs is its own.
    const lines = Array.from({ length: BATCH }, (_, index) => lineAt(batch * BATCH + index));
    const body = Buffer.from(`${lines.join('\n')}\n`);
    await bare.spend(async () => parseEach(body));
    const { status, body: answer } = await spent.spend(async () => {
      const answered = await desk.answer({ headers, body });
      learner.nudge();
      return answered;
    });
    if (status !== 200) throw new Error(answer);
    await spent.spend(() => learner.turn());
    memory = Math.max(memory, process.memoryUsage.rss());
  }
  await spent.spend(async () => {
    await ingest.close();
    await learner.close();
    await incidents.close();
  });
  const [sensor] = await store.ingest.sensors();
  if (sensor?.events !== events) throw new Error(`${sensor?.events} events stored`);
  if ((await store.behaviour.profiles()).length === 0) throw new Error('nothing was learned');
  if ((await store.behaviour.journal('', new Set(), 1, 1)).length > 0) throw new Error('not all was learned');
  await store.close();
  return { events: events / spent.seconds(), bare: events / bare.seconds(), memory: memory / 1024 / 1024 };
}

function parseEach(body: Buffer): void {
  let count = 0;
  for (const line of body.toString('utf8').split('\n'))
    if (line !== '' && typeof JSON.parse(line) === 'object') count += 1;
  if (count !== BATCH) throw new Error(`${count} lines of ${BATCH}`);
}

/** CPU time of the process, user and system, while something is done. */
function stopwatch() {
  let spent = 0;
  return {
    async spend<T>(work: () => Promise<T>): Promise<T> {
      const before = process.cpuUsage();
      const result = await work();
      const { user, system } = process.cpuUsage(before);
      spent += user + system;
      return result;
    },
    seconds: () => spent / 1e6,
  };
}
