import type { AdvisoryRange } from '@breakwater/model';

const TYPES = { ECOSYSTEM: 'E', SEMVER: 'S', GIT: 'G' } as const;
const TYPE_OF = { E: 'ECOSYSTEM', S: 'SEMVER', G: 'GIT' } as const;

type RangeEvent = AdvisoryRange['events'][number];

/**
 * Ranges as short text: a line a range, its type with the branch that it is of (`E`, `Eel9_2`), then tab-separated
 * events marked `i`, `f`, `l` or `u` (introduced, fixed, last affected, limit). A third of the JSON's size, and decoded
 * by splitting. The schema keeps control characters out.
 */
export function encodeRanges(ranges: readonly AdvisoryRange[]): string {
  return ranges
    .map(({ type, branch = '', events }) => [`${TYPES[type]}${branch}`, ...events.flatMap(encodeEvent)].join('\t'))
    .join('\n');
}

/** The inverse of `encodeRanges`. */
export function decodeRanges(text: string): AdvisoryRange[] {
  if (text === '') return [];
  return text.split('\n').map((line) => {
    const [head = '', ...events] = line.split('\t');
    const type = TYPE_OF[head[0] as keyof typeof TYPE_OF];
    return { type, ...(head.length > 1 && { branch: head.slice(1) }), events: events.map(decodeEvent) };
  });
}

function encodeEvent({ introduced, fixed, lastAffected, limit }: RangeEvent): string[] {
  return [
    ...(introduced === undefined ? [] : [`i${introduced}`]),
    ...(fixed === undefined ? [] : [`f${fixed}`]),
    ...(lastAffected === undefined ? [] : [`l${lastAffected}`]),
    ...(limit === undefined ? [] : [`u${limit}`]),
  ];
}

function decodeEvent(text: string): RangeEvent {
  const version = text.slice(1);
  switch (text[0]) {
    case 'i':
      return { introduced: version };
    case 'f':
      return { fixed: version };
    case 'l':
      return { lastAffected: version };
    default:
      return { limit: version };
  }
}
