import type { AdvisoryRange, AdvisoryRow } from '@breakwater/model';

/** What a constraint says, as a row has it. */
export type ConstraintRanges = Pick<AdvisoryRow, 'ranges' | 'unaffected'>;

type Event = AdvisoryRange['events'][number];

/**
 * Reads the constraints of advisories: `>= 5.8.0 <= 5.8.16`, `>=1,<2 || >=3,<4`, and Maven's `[2.9.0,2.9.10.7)`.
 * Alternatives are ranges of one row. Throws where a part is none that is known.
 */
export function readConstraint(text: string): ConstraintRanges {
  const interval = text.trim();
  if (/^[[(].*[\])]$/.test(interval)) return readIntervals(interval);
  return join(interval.split('||').map((part) => readComparators(part)));
}

/** Everything below a version. */
export function below(fixed: string): AdvisoryRange {
  return { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] };
}

interface Part {
  events: Event[];
  excluded: string[];
}

function join(parts: readonly Part[]): ConstraintRanges {
  const excluded = parts.flatMap((part) => part.excluded);
  return {
    ranges: parts.map(({ events }) => ({ type: 'ECOSYSTEM', events })),
    ...(excluded.length === 0 ? {} : { unaffected: excluded }),
  };
}

function readComparators(text: string): Part {
  const part: Part = { events: [], excluded: [] };
  const comparators = [...text.matchAll(/(<=|>=|~>|<|>|==?|\^|~)?\s*([^\s,<>=|~^][^\s,<>=|]*)/g)];
  if (comparators.length === 0) throw new Error(`the constraint ${JSON.stringify(text)} is not understood`);
  let begun = false;
  for (const [, operator = '=', version = ''] of comparators) {
    if (operator === '<') part.events.push({ fixed: version });
    else if (operator === '<=') part.events.push({ lastAffected: version });
    else {
      begun = true;
      part.events.push({ introduced: version });
      if (operator === '>') part.excluded.push(version);
      if (operator.startsWith('=')) part.events.push({ lastAffected: version });
      if (/[~^]/.test(operator)) part.events.push({ fixed: nextAfter(operator, version) });
    }
  }
  if (!begun) part.events.unshift({ introduced: '0' });
  return part;
}

/** Where `~> 1.2.3`, `~1.2.3` (both below `1.3`), `~> 1.2` and `^1.2.3` (both below `2`) end; `^0.2.3` ends at `0.3`. */
function nextAfter(operator: string, version: string): string {
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const first = numbers.findIndex((number) => number > 0);
  const raised = operator === '^' ? Math.max(first, 0) : Math.max(0, operator === '~' ? 1 : numbers.length - 2);
  return [...numbers.slice(0, raised), (numbers[raised] ?? 0) + 1].join('.');
}

/** Maven's ranges, one after the other with commas between. */
function readIntervals(text: string): ConstraintRanges {
  const parts = [...text.matchAll(/([[(])([^,\])]*)(?:,([^\])]*))?([\])])/g)].map(
    ([whole, open, low = '', high, close]) => {
      const from = low.trim();
      const to = (whole.includes(',') ? (high ?? '') : low).trim();
      const events: Event[] = [{ introduced: from === '' ? '0' : from }];
      if (to !== '') events.push(close === ']' ? { lastAffected: to } : { fixed: to });
      return { events, excluded: open === '(' && from !== '' ? [from] : [] };
    },
  );
  return join(parts);
}
