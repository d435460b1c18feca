import { ALWAYS, drawn } from './draws.ts';
import { KEPT_WORDS, type Layout, type Level, type SharedEvents } from './layout.ts';

/** Words that are carried through the graph together: a cache line a node. */
export const WORDS = KEPT_WORDS;

/** Worlds in one word. */
export const WORLDS_PER_WORD = 32;

/** Worlds in one block. */
export const WORLDS_PER_BLOCK = WORDS * WORLDS_PER_WORD;

/** In which worlds of a word a shared event happens; drawn once while words stay near each other. */
function sharedWorlds(events: SharedEvents, event: number, word: number): number {
  const slot = event * KEPT_WORDS + (word & (KEPT_WORDS - 1));
  if (events.keptWord[slot] !== word + 1) {
    events.keptWord[slot] = word + 1;
    events.kept[slot] = drawn(events.high[event]!, events.low[event]!, events.threshold[event]!, word, -1);
  }
  return events.kept[slot]!;
}

/** In which worlds of `mask` one of an edge's causes holds. */
function causedWorlds(layout: Layout, level: Level, edge: number, word: number, mask: number): number {
  const { shared, events, localHigh, localLow } = layout;
  const thresholds = layout.localThresholds[level];
  const lastCause = layout.causeStart[edge + 1]!;
  let open = 0;
  for (let cause = layout.causeStart[edge]!; cause < lastCause; cause++) {
    const happens = mask & ~open & sharedWorlds(events, shared[cause]!, word);
    if (happens === 0) continue;
    open |= drawn(localHigh[cause]!, localLow[cause]!, thresholds[cause]!, word, happens);
    if (open === mask) break;
  }
  return open;
}

/** In which worlds of `mask` the edge at a position is open: its base draw, and one of its causes where it has any. */
export function openWorlds(layout: Layout, level: Level, edge: number, word: number, mask: number): number {
  const threshold = layout.thresholds[level][edge]!;
  if (threshold === 0) return 0;
  const base = threshold === ALWAYS ? mask : drawn(layout.keyHigh[edge]!, layout.keyLow[edge]!, threshold, word, mask);
  if (base === 0 || layout.causeStart[edge] === layout.causeStart[edge + 1]) return base;
  return causedWorlds(layout, level, edge, word, base);
}

/** Number of set bits. */
export function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Worlds of all blocks in which a node has fallen. */
export function countWorlds(fallen: Int32Array, nodes: number, node: number): number {
  let count = 0;
  for (let row = node * WORDS; row < fallen.length; row += nodes * WORDS) {
    for (let at = row; at < row + WORDS; at++) count += countBits(fallen[at]!);
  }
  return count;
}
