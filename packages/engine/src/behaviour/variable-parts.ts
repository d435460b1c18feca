const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const WORD = /[A-Za-z0-9]+/g;
/** What mktemp and the temporary files of languages are called: even where chance gave no digit. */
const TEMPORARY = /^(\.?te?mp)[._-][A-Za-z0-9_]{6,}$|^(\.?tmp)[a-z0-9_]{8}$/;
/** Parts of one date, version or address: what is between them says nothing without them. */
const JOINED = /\*(?:[-_.:+@,TZ]*\*)+Z?/g;
/** The end of a pod's name, of letters and digits that make no words, behind that of its set. */
const POD_END = /\*-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
/** Letters of both cases at the end of a name, as mkstemp and the like choose them. */
const MIXED = /(?<=[._-])[A-Za-z0-9]{6,12}$/;
/** Words that were written together, as of `getHTTPFile2`. */
const WORDS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;
const SHORTEST_HASH = 6;
const SHORTEST_RANDOM = 6;

/**
 * One name of a path without what differs from time to time: numbers, dates, process ids, hashes, UUIDs and the endings
 * of temporary names become `*`. Of a name that was treated so it gives the same.
 */
export function withoutVariableParts(name: string): string {
  const temporary = TEMPORARY.exec(name);
  if (temporary !== null) return `${temporary[1] ?? temporary[2]}*`;
  const mixed = MIXED.exec(name);
  if (mixed !== null && isRandom(mixed[0]))
    return `${withoutVariableParts(name.slice(0, mixed.index))}*`.replace(JOINED, '*');
  if (!/\d/.test(name)) return name;
  return name.replace(UUID, '*').replace(WORD, withoutNumbers).replace(JOINED, '*').replace(POD_END, '*');
}

/** Both cases, and not such as words that were written together have, with a number behind them or not. */
function isRandom(name: string): boolean {
  if (!/[a-z]/.test(name) || !/[A-Z]/.test(name)) return false;
  const words = name.match(WORDS) ?? [];
  return !words.every((word, index) =>
    /\d/.test(word) ? index === words.length - 1 : word.length > 1 && (/[aeiouy]/i.test(word) || !/[a-z]/.test(word)),
  );
}

function withoutNumbers(word: string): string {
  if (!/\d/.test(word)) return word;
  if (word.length >= SHORTEST_HASH && /^[0-9a-f]+$/i.test(word)) return '*';
  if (word.length >= SHORTEST_RANDOM && /\d[A-Za-z]+\d/.test(word)) return '*';
  return word.replace(/\d+/g, '*');
}
