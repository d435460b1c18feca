import type { Recordings } from '@breakwater/app/profiles';
import { type RuntimeEvent, UserError } from '@breakwater/model';
import type { Invocation } from '../command.ts';
import { countOf } from '../terminal/count-of.ts';

/** What a recording may come to. */
export interface RecordingLimits {
  /** Seconds. */
  longest: number;
  /** Events that come. */
  events: number;
  /** Bytes of the events that tell of something new, which are kept. */
  bytes: number;
}

const HOURS = 6;
const LIMITS: RecordingLimits = { longest: HOURS * 3_600, events: 10_000_000, bytes: 256 * 1024 * 1024 };
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

/** `--longest 30m`. @throws {UserError} for what is no time */
export function readLimits({ options }: Pick<Invocation, 'options'>): RecordingLimits {
  const text = options['longest'];
  if (text === undefined) return LIMITS;
  const [, count, unit = ''] = /^([1-9]\d{0,5})([smh])$/.exec(String(text)) ?? [];
  if (count !== undefined) return { ...LIMITS, longest: Number(count) * (SECONDS[unit] ?? 1) };
  throw new UserError(`--longest takes a time, not '${String(text)}'.`, {
    code: 'option-invalid',
    hint: 'Such as 90s, 30m or 2h.',
  });
}

/** Watches that a recording stays within its limits; `end` is called once it does not. Time counts from `begin` on. */
export function watchLimits(
  { longest, events, bytes }: RecordingLimits,
  recordings: Pick<Recordings, 'kept'>,
  end: () => void,
): { begin(): void; isOpenFor(event: RuntimeEvent): boolean; ended(): string | undefined; close(): void } {
  let [came, weight, known] = [0, 0, 0];
  let last = 0;
  let ended: string | undefined;
  const stop = (why: string): void => {
    if (ended !== undefined) return;
    ended = why;
    end();
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    begin() {
      const why = `The recording ended after ${wordsOf(longest)}, its longest time.`;
      timer = setTimeout(() => stop(why), longest * 1_000);
    },
    isOpenFor(event) {
      if (ended !== undefined) return false;
      // What the event before told is kept now, if it was new.
      if (recordings.kept > known) weight += last;
      known = recordings.kept;
      last = weightOf(event);
      came += 1;
      if (came > events) stop(`The recording ended after ${countOf(events, 'event')}, as many as it takes.`);
      else if (weight > bytes)
        stop(`The recording ended: what containers newly do takes more than ${bytes / 2 ** 20} MiB.`);
      return ended === undefined;
    },
    ended: () => ended,
    close: () => clearTimeout(timer),
  };
}

/** Bytes of its texts that can be long, and as many again for the rest. */
function weightOf({ process, parent, file, peer }: RuntimeEvent): number {
  const texts = [
    process?.path,
    process?.arguments,
    parent?.path,
    parent?.arguments,
    file?.path,
    file?.from,
    peer?.name,
  ];
  return texts.reduce((sum, text) => sum + 2 * (text?.length ?? 0), 1_000);
}

function wordsOf(seconds: number): string {
  if (seconds % 3_600 === 0) return countOf(seconds / 3_600, 'hour');
  return seconds % 60 === 0 ? countOf(seconds / 60, 'minute') : countOf(seconds, 'second');
}
