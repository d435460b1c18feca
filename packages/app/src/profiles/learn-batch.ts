import type { Behaviour, BehaviourJudgement, RuntimeEvent } from '@breakwater/model';
import type { ToldLoss, ToldReplica } from '../ingest/kept/index.ts';
import type { Deviation } from './deviation.ts';
import { eventLike, eventOfUse } from './event-like.ts';
import type { HeldModel, HeldModels } from './held-models.ts';
import type { ToldBatch } from './kept/index.ts';

const MINUTE = 60_000;
/** Minutes of one sample that are counted as watched: a longer one has a wrong beginning. */
const LONGEST_SAMPLE = 120;
/** Behaviours of one container that are told without an example: more than any application does. */
const MOST_KNOWN = 20_000;
/** After every minute. */
const LAST = '~';
const OWN_SENSOR = 'sensor@';

/** Learns from what a batch tells, minute by minute of each replica; gives what nothing explains. */
export async function learnBatch(batch: ToldBatch, models: HeldModels): Promise<Deviation[]> {
  const found: Deviation[] = [];
  for (const replica of batch.replicas) found.push(...(await learnReplica(replica, batch, models)));
  return found;
}

/** Counts minutes of a batch that could not be learned as watched and lost, as far as even that can be done. */
export async function loseBatch({ replicas }: ToldBatch, models: HeldModels): Promise<void> {
  for (const told of replicas) await loseReplica(told, models).catch(() => undefined);
}

async function loseReplica(told: ToldReplica, models: HeldModels): Promise<void> {
  const minutes = told.minutes.map(({ minute }) => timeOf(minute));
  const used = told.uses.flatMap(({ since, time }) => minutesOf(since, time));
  const held = await models.get(told.subject, told.container);
  held.isChanged = true;
  for (const time of [...new Set([...minutes, ...used])].sort())
    held.model.watched(told.replica, time, { partial: true });
}

/** A replica of which a batch tells, and what it is learned with. */
interface Learning {
  told: ToldReplica;
  behaviours: ToldBatch['behaviours'];
  models: HeldModels;
  held: HeldModel;
  release: string | undefined;
}

async function learnReplica(
  told: ToldReplica,
  { behaviours, losses }: ToldBatch,
  models: HeldModels,
): Promise<Deviation[]> {
  const { subject, container, replica, reporter, minutes, uses } = told;
  const held = await models.get(subject, container);
  held.isChanged = true;
  const release = await releaseOf(told, held, models);
  const learning: Learning = { told, behaviours, models, held, release };
  const found = [...(await learnMinutes(learning)), ...learnUses(learning)];
  const promised = await models.promised(held, reporter, told.dimensions);
  const dimensions = promised ?? (reporter.startsWith(OWN_SENSOR) ? undefined : dimensionsOf(told, behaviours));
  const lost = losses.filter((loss) => loss.reporter === reporter && (loss.replica === '' || loss.replica === replica));
  const used = uses.flatMap(({ since, time }) => minutesOf(since, time));
  const watched = new Set([...minutes.map(({ minute }) => timeOf(minute)), ...used]);
  for (const time of [...watched].sort())
    held.model.watched(replica, time, { release, dimensions, ...(isLost(time, lost) && { partial: true }) });
  return found;
}

/** The release that it runs, from the first that is told of it on. */
async function releaseOf(told: ToldReplica, held: HeldModel, models: HeldModels): Promise<string | undefined> {
  const first = told.minutes[0];
  const begin = first === undefined ? told.uses[0]?.time : timeOf(first.minute);
  return begin === undefined ? undefined : await models.release(held, told, begin);
}

/** Learns what it did, minute by minute, and what alerts were raised about it. */
async function learnMinutes(learning: Learning): Promise<Deviation[]> {
  const { told, behaviours, held, release } = learning;
  const found: Deviation[] = [];
  const suspectUntil = doubts(held, told);
  for (const { minute, did } of told.minutes) {
    suspectUntil(minute);
    const seen = { replica: told.replica, release, time: timeOf(minute) };
    for (const place of did) {
      const one = behaviours[place];
      if (one === undefined) continue;
      const { key, behaviour, example: event } = one;
      const [judgement, ...before] = held.model.take({ ...seen, behaviours: [{ key, behaviour }], event });
      noteKnown(held, key, judgement);
      for (const early of before) {
        noteKnown(held, early.key, early);
        const example = behaviours.find((other) => other.key === early.key)?.example;
        const own = example?.container?.id === told.replica ? example : undefined;
        found.push(await deviationOf(learning, early, own, early.seen ?? seen.time));
      }
      if (judgement?.verdict === 'deviation') found.push(await deviationOf(learning, judgement, event, seen.time));
    }
  }
  suspectUntil(LAST);
  return found;
}

/** An alert counts from its minute on: what was done in it was done beside what the alert is about. */
function doubts({ model }: HeldModel, { replica, alerts = [] }: ToldReplica): (minute: string) => void {
  let next = 0;
  return (until) => {
    for (; next < alerts.length && alerts[next]!.minute <= until; next++)
      for (const about of alerts[next]!.about) model.suspect(replica, timeOf(alerts[next]!.minute), about);
  };
}

async function deviationOf(
  { told, models, held }: Learning,
  judgement: BehaviourJudgement,
  event: RuntimeEvent | undefined,
  time: string,
): Promise<Deviation> {
  const { key, behaviour } = judgement;
  const shown = event ?? eventLike(await models.example(held, key), { told, behaviour, time });
  return { ...placeOf(told), event: shown, judgement };
}

/** Learns what it used. */
function learnUses({ told, held }: Learning): Deviation[] {
  const { replica, uses } = told;
  return uses.flatMap(({ since, time, usage }) =>
    held.model
      .use({ replica, since, time, usage })
      .filter(({ verdict }) => verdict === 'deviation')
      .map((use) => ({ ...placeOf(told), event: eventOfUse(told, time, usage), use })),
  );
}

const placeOf = ({ subject, container }: ToldReplica): Pick<Deviation, 'subject' | 'container'> => ({
  subject,
  ...(container !== '' && { container }),
});

/** What is known is told without an example from now on. */
function noteKnown({ known }: HeldModel, key: string, judgement: BehaviourJudgement | undefined): void {
  if (judgement?.verdict !== 'known') known.delete(key);
  else if (known.size < MOST_KNOWN) known.add(key);
}

/** Of what another source does not tell, and never said that it does, nothing follows: it sees programs, and what else it told of. */
function dimensionsOf({ minutes }: ToldReplica, behaviours: ToldBatch['behaviours']): Behaviour['dimension'][] {
  const seen = minutes.flatMap(({ did }) => did.flatMap((place) => behaviours[place]?.behaviour.dimension ?? []));
  return [...new Set<Behaviour['dimension']>(['exec', ...seen])];
}

const timeOf = (minute: string): string => `${minute}:00.000Z`;

/** Minutes that a sample covers, from their beginnings. */
function minutesOf(since: string, time: string): string[] {
  const [from, until] = [Date.parse(since), Date.parse(time)];
  if (Number.isNaN(from) || Number.isNaN(until) || until < from) return [];
  const first = Math.max(Math.ceil(from / MINUTE), Math.ceil(until / MINUTE) - LONGEST_SAMPLE);
  const minutes: string[] = [];
  for (let minute = first; minute * MINUTE < until; minute += 1) minutes.push(new Date(minute * MINUTE).toISOString());
  return minutes;
}

function isLost(time: string, losses: readonly ToldLoss[]): boolean {
  if (losses.length === 0) return false;
  const end = new Date(Date.parse(time) + MINUTE).toISOString();
  return losses.some((loss) => loss.since < end && loss.time >= time);
}
