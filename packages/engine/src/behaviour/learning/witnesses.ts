import { isHeldByPerson } from '@breakwater/model';
import type { Entry, Sighting } from './entry.ts';
import { cutTo } from './json-bytes.ts';
import { KnownIndex } from './known-index.ts';
import type { Model } from './model.ts';
import { MINUTES_PER_DAY, minuteOf } from './moment.ts';
import { LONGEST_REASON } from './table.ts';
import type { Acceptance } from './taken.ts';

/** Independent witnesses that make a behaviour good which was a deviation: replicas, or days. */
const WITNESSES = 2;
/** Starts of replicas from which on their first minutes are compared, and judged as strictly as all others. */
export const COMPARED_STARTS = 2;
/** Replicas of one release that vouch for what came with it, and minutes that must have passed. */
const CANARIES = 3;
const CANARY_MINUTES = 60;
/** Minutes before something grave in which what was new belongs to it. */
const JUST_BEFORE = 5;
const MOST_HELD = 1000;
const MOST_INCIDENTS = 16;
const LONGEST_NAME = 120;

/** Whether enough replicas or days have seen it, and somebody had time to look at what was alerted. */
export function isWitnessed({ budget }: Model, { replicas, days, since }: Entry, minute: number): boolean {
  const delay = Math.min(MINUTES_PER_DAY, budget.hours * 60);
  return (replicas.length >= WITNESSES || days.length >= WITNESSES) && minute - since >= delay;
}

/** Why what came with a release, and was explained by nothing, is taken for its doing: several of its replicas do so. */
export function vouchedBy({ releases }: Model, entry: Entry, { release, minute }: Sighting): string | undefined {
  const one = releases.numbered(release);
  if (one?.difference === undefined || entry.first < one.since || entry.releases.some((other) => other !== release))
    return undefined;
  if (minute - one.since > MINUTES_PER_DAY || minute - entry.since < CANARY_MINUTES) return undefined;
  return entry.replicas.length < CANARIES ? undefined : `${entry.replicas.length} replicas of the release do so`;
}

/** Forgets who saw it: what counts is what comes from now on. */
export function beginAnew(entry: Entry): void {
  entry.replicas = [];
  entry.days = [];
  entry.since = -1;
  entry.said = undefined;
}

/**
 * Takes behaviours out of what is known while an incident is open. What several replicas or days speak for was there before
 * it and stays, and so does what somebody declared, recorded or answers for.
 */
export function hold(model: Model, keys: readonly string[], incident: string): void {
  let isLess = false;
  const name = cutTo(incident, LONGEST_NAME);
  for (const key of keys) {
    const entry = model.table.get(key);
    if (entry === undefined) {
      holdUnseen(model, key, name);
      continue;
    }
    // A person who holds it back knows better than replicas.
    const isProven = !isHeldByPerson(name) && (entry.replicas.length >= WITNESSES || entry.days.length >= WITNESSES);
    const isLearned = entry.origin === 'learned' || entry.origin === 'explained';
    if (entry.origin !== undefined && (!isLearned || isProven)) continue;
    if (entry.incidents.includes(name) || entry.incidents.length >= MOST_INCIDENTS) continue;
    entry.incidents.push(name);
    entry.said = undefined;
    if (entry.origin === undefined) continue;
    entry.origin = undefined;
    isLess = true;
  }
  if (isLess) relearn(model);
}

function holdUnseen({ held }: Model, key: string, incident: string): void {
  const known = held.get(key);
  if (known !== undefined) {
    if (known.length < MOST_INCIDENTS && !known.includes(incident)) known.push(incident);
  } else if (held.size < MOST_HELD && key.length <= LONGEST_NAME) held.set(key, [incident]);
}

/** What was new with it waits for witnesses from now on. */
export function letGo(model: Model, incident: string): boolean {
  const name = cutTo(incident, LONGEST_NAME);
  let isAny = false;
  for (const [key, held] of model.held) {
    if (!held.includes(name)) continue;
    isAny = true;
    if (held.length === 1) model.held.delete(key);
    else held.splice(held.indexOf(name), 1);
  }
  for (const entry of model.table.values()) {
    const at = entry.incidents.indexOf(name);
    if (at < 0) continue;
    isAny = true;
    entry.incidents.splice(at, 1);
    if (entry.incidents.length === 0) beginAnew(entry);
  }
  return isAny;
}

/** Somebody answers for a behaviour. False where nobody saw it, or the day is none or over. */
export function accept(model: Model, key: string, { owner, reason, expires }: Acceptance, now: number): boolean {
  const entry = model.table.get(key);
  const until = minuteOf(expires);
  if (entry === undefined || until <= now) return false;
  if (entry.origin !== 'accepted') entry.base = entry.origin;
  entry.origin = 'accepted';
  entry.reason = cutTo(`${owner}: ${reason}`, LONGEST_REASON);
  entry.until = until;
  entry.incidents = [];
  entry.said = undefined;
  relearn(model);
  return true;
}

/** Nobody answers for it any more: it is what it was, and what was seen meanwhile speaks for nothing. */
export function endAcceptance(model: Model, entry: Entry): void {
  entry.origin = entry.base;
  entry.base = undefined;
  entry.reason = undefined;
  entry.until = Number.POSITIVE_INFINITY;
  beginAnew(entry);
  relearn(model);
}

/**
 * Something grave and new was seen on a replica: what was new on it just before is not known any more, until another replica
 * or another time shows it. What the first replica does at its start is spared: it does so once. What was taken back.
 */
export function quarantine(model: Model, replica: number, minute: number): Entry[] {
  const taken: Entry[] = [];
  for (const entry of model.table.values()) {
    const isLearned = entry.origin === 'learned' && entry.reason === undefined;
    const isSpared = entry.isStart && model.starts < COMPARED_STARTS;
    if (!isLearned || isSpared || !isNewOn(entry, replica, minute)) continue;
    entry.origin = undefined;
    entry.isQuarantined = true;
    entry.said = undefined;
    taken.push(entry);
  }
  if (taken.length > 0) relearn(model);
  return taken;
}

/** What an alert that told nothing else kept from being learned on a replica, just before something grave is seen there. */
export const quarantinedBefore = ({ table }: Model, replica: number, minute: number): Entry[] =>
  [...table.values()].filter(
    (entry) => entry.isQuarantined && entry.origin === undefined && isNewOn(entry, replica, minute),
  );

const isNewOn = ({ replicas, first }: Entry, replica: number, minute: number): boolean =>
  replicas.length === 1 && replicas[0] === replica && minute - first <= JUST_BEFORE;

/** Makes anew what follows from the table, of which something is not known any more. */
export function relearn(model: Model): void {
  model.known = new KnownIndex(model.table.values());
  model.changes += 1;
}
