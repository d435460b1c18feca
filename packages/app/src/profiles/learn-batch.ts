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

async function learnReplica(
  told: ToldReplica,
  { behaviours, losses }: ToldBatch,
  models: HeldModels,
): Promise<Deviation[]> {
  const { subject, container, replica, image, imageName, reporter, settings } = told;
  const held = await models.get(subject, container);
  held.isChanged = true;
  const { model } = held;
  const first = told.minutes[0]?.minute;
  const begin = first === undefined ? told.uses[0]?.time : timeOf(first);
  const release =
    begin === undefined ? undefined : await models.release(held, { image, imageName, replica, settings }, begin);
  const found: Deviation[] = [];
  const tell = async (judgement: BehaviourJudgement, event: RuntimeEvent | undefined, time: string): Promise<void> => {
    const { key, behaviour } = judgement;
    const shown = event ?? eventLike(await models.example(held, key), { told, behaviour, time });
    found.push({ subject, ...(container !== '' && { container }), event: shown, judgement });
  };
  const watched = new Set<string>();
  // An alert counts from its minute on: what was done in it was done beside what the alert is about.
  const alerted = [...(told.alerted ?? [])];
  const suspectUntil = (minute: string): void => {
    for (; alerted[0] !== undefined && alerted[0] <= minute; alerted.shift())
      model.suspect(replica, timeOf(alerted[0]));
  };
  for (const { minute, did } of told.minutes) {
    const time = timeOf(minute);
    suspectUntil(minute);
    watched.add(time);
    for (const place of did) {
      const one = behaviours[place];
      if (one === undefined) continue;
      const { key, behaviour, example: event } = one;
      const [judgement, ...before] = model.take({ behaviours: [{ key, behaviour }], replica, release, time, event });
      noteKnown(held, key, judgement);
      for (const early of before) {
        noteKnown(held, early.key, early);
        const example = behaviours.find((other) => other.key === early.key)?.example;
        await tell(early, example?.container?.id === replica ? example : undefined, early.seen ?? time);
      }
      if (judgement?.verdict === 'deviation') await tell(judgement, event, time);
    }
  }
  suspectUntil(LAST);
  for (const { since, time, usage } of told.uses) {
    for (const minute of minutesOf(since, time)) watched.add(minute);
    for (const use of model.use({ replica, since, time, usage })) {
      if (use.verdict !== 'deviation') continue;
      found.push({ subject, ...(container !== '' && { container }), event: eventOfUse(told, time, usage), use });
    }
  }
  const promised = await models.promised(held, reporter, told.dimensions);
  const dimensions = promised ?? (reporter.startsWith(OWN_SENSOR) ? undefined : dimensionsOf(told, behaviours));
  const lost = losses.filter((loss) => loss.reporter === reporter && (loss.replica === '' || loss.replica === replica));
  for (const time of [...watched].sort()) {
    model.watched(replica, time, { release, dimensions, ...(isLost(time, lost) && { partial: true }) });
  }
  return found;
}

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
