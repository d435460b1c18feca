import { Timestamp } from '../../cel/index.ts';
import { formatTimestamp, parseTimestamp } from '../../cel/time.ts';
import { JmesPathError, type JmesPathFunctions, JmesPathUnknown, textIn } from '../jmespath/index.ts';
import { durationIn, writeDuration } from './scalars.ts';

const SECOND = 1_000_000_000n;

function momentIn(value: unknown): bigint {
  const moment = parseTimestamp(textIn(value));
  if (!(moment instanceof Timestamp)) throw new JmesPathError('not a time of RFC 3339');
  return BigInt(moment.$seconds) * SECOND + BigInt(moment.$nanos);
}

const write = (nanos: bigint): string => {
  const rest = ((nanos % SECOND) + SECOND) % SECOND;
  return formatTimestamp(new Timestamp(Number((nanos - rest) / SECOND), Number(rest)));
};

/** Layouts of Go are not read: only times in RFC 3339 are. */
function requireStandardLayout(layout: unknown): void {
  const text = textIn(layout);
  if (text !== '' && text !== '2006-01-02T15:04:05Z07:00') throw new JmesPathUnknown([`times in the layout ${text}`]);
}

function durationOf(value: unknown): bigint {
  const duration = durationIn(textIn(value));
  if (duration === undefined) throw new JmesPathError('not a duration');
  return duration.$nanos;
}

/**
 * Kyverno's functions on times. `time_now` and what counts from it are not here: a policy that asks for the time stays
 * unknown, so that the same objects give the same results tomorrow.
 */
export const TIME_FUNCTIONS: JmesPathFunctions = {
  time_since: ([layout, from, to]) => {
    requireStandardLayout(layout);
    if (textIn(to) === '') throw new JmesPathUnknown(['the present time']);
    return writeDuration(momentIn(to) - momentIn(from));
  },
  time_diff: ([from, to]) => writeDuration(momentIn(to) - momentIn(from)),
  time_before: ([a, b]) => momentIn(a) < momentIn(b),
  time_after: ([a, b]) => momentIn(a) > momentIn(b),
  time_between: ([moment, from, to]) => momentIn(moment) > momentIn(from) && momentIn(moment) < momentIn(to),
  time_add: ([moment, duration]) => write(momentIn(moment) + durationOf(duration)),
  time_utc: ([moment]) => write(momentIn(moment)),
  time_truncate: ([moment, duration]) => {
    const step = durationOf(duration);
    return step <= 0n ? textIn(moment) : write(momentIn(moment) - (momentIn(moment) % step));
  },
  time_parse: ([layout, moment]) => {
    requireStandardLayout(layout);
    return write(momentIn(moment));
  },
};
