/** Numbers from the first to the second, both included. */
export type SequenceRange = [from: number, to: number];

/** A sensor sends its oldest batches first: so many gaps are no accident of a network. */
const MOST_RANGES = 256;

/** A batch that would leave more gaps than are kept: older ones have to come first. */
export class SequenceGaps extends Error {
  override name = 'SequenceGaps';
}

/** Whether a number is among those that are stored. */
export function holdsSequence(ranges: readonly SequenceRange[], sequence: number): boolean {
  return ranges.some(([from, to]) => from <= sequence && sequence <= to);
}

/** Adds a number; ranges stay in order and apart. @throws {SequenceGaps} */
export function addSequence(ranges: readonly SequenceRange[], sequence: number): SequenceRange[] {
  const joined = joinRanges([...ranges, [sequence, sequence]]);
  if (joined.length > MOST_RANGES) throw new SequenceGaps(`more than ${MOST_RANGES} stretches of batches are missing`);
  return joined;
}

/** Takes all below a number for done: the sensor has none of it any more. */
export function closeBelow(ranges: readonly SequenceRange[], oldest: number): SequenceRange[] {
  return oldest <= 1 ? [...ranges] : joinRanges([...ranges, [1, oldest - 1]]);
}

function joinRanges(ranges: readonly SequenceRange[]): SequenceRange[] {
  const joined: SequenceRange[] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}
