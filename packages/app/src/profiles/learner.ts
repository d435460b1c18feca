import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { AlertBudget, ReleaseFacts } from '@breakwater/model';
import type { Deviation } from './deviation.ts';
import { FailedEntries } from './failed-entries.ts';
import { type HeldModel, HeldModels, MOST_MODELS, type RunningImage } from './held-models.ts';
import type { BehaviourStore, JournalEntry, LearnedModel } from './kept/index.ts';
import { learnBatch, loseBatch } from './learn-batch.ts';
import { obeyWord } from './obey-word.ts';

/** Learns from what ingest takes. */
export interface Learner {
  /** Learns what came since; how many batches and words that were. */
  turn(): Promise<number>;
  /** Whether a behaviour was known when it was judged last, as far as it was learned here. */
  knows(told: { subject: string; container: string; key: string }): boolean;
  /** Says that something came: it is learned soon. */
  nudge(): void;
  /** Learns the rest, keeps all, and ends. */
  close(): Promise<void>;
}

export interface LearnerOptions {
  store: BehaviourStore;
  /** Milliseconds. */
  now(): number;
  /** Takes what the operator should read. */
  report(line: string): void;
  /** Takes what nothing explains; at least once each. What it rejects comes again. */
  onDeviations?(deviations: Deviation[]): Promise<void>;
  /** False alerts that are borne of each container; by default those of the model. */
  budget?: AlertBudget | undefined;
  /** Finds out what runs where nobody told: from images at hand. */
  lookUp?(image: RunningImage): Promise<ReleaseFacts | undefined>;
}

/** Entries that are read at once, their bytes, and milliseconds within which something new is learned. */
const AT_ONCE = 200;
const BYTES_AT_ONCE = 16 * 1024 * 1024;
const SOON = 250;
const EVERY = 2_000;
/** Milliseconds, or entries, after which what was learned is kept. */
const KEPT_EVERY = 60_000;
const MOST_UNKEPT = 500;
/** Entries after which it is kept whatever that costs. */
const FAR_TOO_MANY = 5_000;
/** Keeping takes no more than this part of the time, and where somebody waits for it: of thousands of workloads it takes seconds. */
const KEEPING_SHARE = 1 / 20;
const AWAITED_SHARE = 1 / 4;
/** Models that are written down for keeping before others have their turn. */
const PACKED_AT_ONCE = 10;
/** Milliseconds for which nobody else learns, and how long before their end they are asked for anew. */
const CLAIMED = 60_000;
const CLAIMED_AHEAD = 30_000;
/** Entries that may fail in one turn. */
const MOST_FAILURES = 5;
/** Clocks of those who write the journal may differ by so many milliseconds. */
const CLOCKS = 120_000;

/**
 * Learns from the journal that ingest writes together with each batch. Models live in memory and are kept from time to
 * time, in one transaction with the removal of what they were learned from: each batch counts exactly once in what is
 * kept, whatever dies. What was learned since is learned again from the journal, so deviations come at least once. One
 * process learns at a time; the place of one that died is free after a minute.
 */
export function openLearner(options: LearnerOptions): Learner {
  const { store, now, report, onDeviations } = options;
  const owner = randomUUID();
  const models = new HeldModels(options);
  const done = new Set<string>();
  const failures = new FailedEntries();
  let after = '';
  let claimedUntil = 0;
  let keptAt = now();
  let keepingTakes = 0;
  let isAwaited = false;
  let isNudged = false;
  let isClosed = false;
  let work: Promise<unknown> = Promise.resolve();
  let soon: NodeJS.Timeout | undefined;

  const forget = (): void => {
    models.clear();
    done.clear();
    after = '';
  };
  const claim = async (): Promise<boolean> => {
    // A place that is had for longer than anybody asks is one of before the clock was set back.
    const left = claimedUntil - now();
    if (left > CLAIMED_AHEAD && left <= CLAIMED) return true;
    const until = now() + CLAIMED;
    const isOurs = await store.claim(owner, isoOf(now()), isoOf(until));
    if (isOurs) claimedUntil = until;
    else {
      forget();
      failures.clear();
    }
    return isOurs;
  };
  const keep = async (): Promise<void> => {
    const begun = now();
    keptAt = begun;
    if (done.size === 0) return;
    await store.keep(await pack(models.changed()), [...done], isoOf(now()));
    models.kept();
    [keptAt, keepingTakes] = [now(), Math.max(0, now() - begun)];
    for (const id of done) failures.forget(id);
    done.clear();
    after = '';
    isAwaited = false;
  };
  const toKeep = ({ subject, container, version, model }: HeldModel): LearnedModel => ({
    ...{ subject, container, version, state: model.state(), profile: model.describe(isoOf(now())) },
  });
  const pack = async (changed: readonly HeldModel[]): Promise<LearnedModel[]> => {
    const packed: LearnedModel[] = [];
    for (const held of changed) {
      packed.push(toKeep(held));
      if (packed.length % PACKED_AT_ONCE === 0) await setImmediate();
    }
    return packed;
  };
  /** Whether enough time went by since it was kept last, for what that took. */
  const maySpare = (share = KEEPING_SHARE): boolean => {
    const since = now() - keptAt;
    return since < 0 || since * share >= keepingTakes;
  };
  const learnEntry = async (entry: JournalEntry): Promise<Deviation[]> => {
    if ('unreadable' in entry) throw new Error(entry.unreadable);
    if ('batch' in entry) return await learnBatch(entry.batch, models);
    await obeyWord(entry.word, models, isoOf(now()));
    return [];
  };
  const giveUp = async (entry: JournalEntry): Promise<void> => {
    if ('batch' in entry) await loseBatch(entry.batch, models);
    report(
      `${whatOf(entry)} of ${entry.id} could never be learned, and is given up: minutes that it tells of are lost.`,
    );
  };
  /** Learns one after the other; false where one failed: then models are as they were kept, and it waits. */
  const learn = async (entries: readonly JournalEntry[]): Promise<boolean> => {
    const deviations: Deviation[] = [];
    for (const entry of entries) {
      if (failures.isHopeless(entry.id)) {
        await giveUp(entry);
        continue;
      }
      try {
        deviations.push(...(await learnEntry(entry)));
        failures.learned(entry.id);
      } catch (error) {
        forget();
        failures.failed(entry.id, now());
        const count = failures.toTell(now());
        const more = count > 1 ? ` (${count - 1} more since this was said last)` : '';
        if (count > 0)
          report(
            `${whatOf(entry)} of ${entry.id} could not be learned, and will be tried again${more}: ${(error as Error).message}`,
          );
        return false;
      }
    }
    if (deviations.length > 0) await onDeviations?.(deviations);
    for (const { id } of entries) done.add(id);
    const newest = entries.at(-1)?.id.slice(0, isoOf(0).length) ?? '';
    const before = isoOf((Date.parse(newest) || CLOCKS) - CLOCKS);
    if (before > after) after = before;
    return true;
  };
  /** Reads on where one failed, without it. */
  const learnAll = async (): Promise<number> => {
    let [learned, failed] = [0, 0];
    while (failed < MOST_FAILURES && (await claim())) {
      const entries = await store.journal(
        after,
        new Set([...done, ...failures.waiting(now())]),
        AT_ONCE,
        BYTES_AT_ONCE,
      );
      if (entries.length === 0) break;
      if (!(await learn(entries))) {
        failed += 1;
        continue;
      }
      learned += entries.length;
      // Whoever said something looks whether it was obeyed.
      isAwaited ||= entries.some((entry) => 'word' in entry);
      const isFull = done.size >= MOST_UNKEPT || models.size > MOST_MODELS;
      if ((isFull && maySpare()) || done.size >= FAR_TOO_MANY) await keep();
    }
    return learned;
  };
  const takeTurn = async (): Promise<number> => {
    try {
      if (!(await claim())) return 0;
      // What fails again undoes nothing else, and may be older than all that is read.
      if (failures.isDue(now())) await keep();
      const learned = await learnAll();
      // Where the clock was set back, what comes is older than what was read.
      const isDue = now() - keptAt >= KEPT_EVERY && maySpare();
      if (isClosed || now() < keptAt || isDue || (isAwaited && maySpare(AWAITED_SHARE))) await keep();
      return learned;
    } catch (error) {
      forget();
      claimedUntil = 0;
      const { name, message } = error as Error;
      if (name === 'LearnedElsewhere') failures.clear();
      else report(`What came in could not be learned, and will be again: ${message}`);
      return 0;
    }
  };
  const turn = (): Promise<number> => {
    const turned = work.then(takeTurn);
    work = turned;
    return turned;
  };
  const timer = setInterval(() => void turn(), EVERY);
  timer.unref();
  return {
    turn,
    knows: ({ subject, container, key }) => models.isKnown(subject, container, key),
    nudge() {
      if (isNudged || isClosed) return;
      isNudged = true;
      soon = setTimeout(() => {
        isNudged = false;
        void turn();
      }, SOON);
      soon.unref();
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      clearTimeout(soon);
      await turn();
      if (claimedUntil > 0) await store.claim(owner, isoOf(now()), isoOf(0)).catch(() => undefined);
    },
  };
}

const whatOf = (entry: JournalEntry): string => ('word' in entry ? 'A word' : 'A batch');

const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
