const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const WORD = /[A-Za-z0-9]+/g;
/** What mktemp and the temporary files of languages are called: even where chance gave no digit. */
const TEMPORARY = /^(\.?te?mp)[._-][A-Za-z0-9_]{6,}$|^(\.?tmp)[a-z0-9_]{8}$/;
/** Parts of one date, version or address: what is between them says nothing without them. */
const JOINED = /\*(?:[-_.:+@,TZ]*\*)+Z?/g;
/** The end of a pod's name, of letters and digits that make no words, behind that of its set. */
const POD_END = /\*-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
/** Letters of both cases at the end of a name, as mkstemp and the like choose them, */
const MIXED = /(?<=[._-])[A-Za-z0-9]{6,12}$/;
/** unless they read as words that were written together, `getFileName`, with a number behind or not. */
const WORDS_TOGETHER = /^(?:[A-Z]*[a-z]+)?(?:[A-Z][a-z]+)*\d*$|^[A-Z]+\d*$|^[a-z]+[A-Z]\d*$/;
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

const isRandom = (word: string): boolean => /[a-z]/.test(word) && /[A-Z]/.test(word) && !WORDS_TOGETHER.test(word);

function withoutNumbers(word: string): string {
  if (!/\d/.test(word)) return word;
  if (word.length >= SHORTEST_HASH && /^[0-9a-f]+$/i.test(word)) return '*';
  if (word.length >= SHORTEST_RANDOM && /\d[A-Za-z]+\d/.test(word)) return '*';
  return word.replace(/\d+/g, '*');
}
