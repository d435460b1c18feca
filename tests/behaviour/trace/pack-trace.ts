import { writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import type { ReleaseFile } from '@breakwater/model';
import { shapeOf } from './event-shape.ts';
import { readTrace, type Trace } from './read-trace.ts';
import type { TraceLine } from './trace.ts';

/** Digits of a digest that are kept: they only have to differ where files do. */
const DIGEST = 'sha256:'.length + 12;

/**
 * Packs a recording to be kept: with the facts of its releases, events that came to be told twice as one, and all of it
 * compressed. What a replay tells of behaviours, replicas, minutes and first times stays the same.
 */
export function packTrace(from: string, to: string, facts: Trace['releases']): void {
  const lines = packedLines(readTrace(from), facts).map((line) => JSON.stringify(line));
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const parameters = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  writeFileSync(to, brotliCompressSync(bytes, { params: parameters }));
}

export function packedLines(trace: Trace, facts: Trace['releases']): TraceLine[] {
  const { seed, started, replicas, attacks, work, whole } = trace;
  const { ids, events } = mergedEvents(trace);
  return [
    { line: 'recording', version: 1, seed, started },
    ...releaseLines(facts),
    ...replicas.map(({ end: _, ...replica }): TraceLine => ({ ...replica, line: 'replica' })),
    ...replicas.flatMap(({ id, end }): TraceLine[] => (end === undefined ? [] : [{ line: 'end', id, time: end }])),
    ...events.map((event, id): TraceLine => ({ line: 'event', id, event })),
    ...mergedMinutes(trace, ids),
    ...whole,
    ...attacks,
    ...work,
  ];
}

/** Ids anew, those that are seen most first, as small numbers are short. */
function mergedEvents({ events, minutes }: Trace): { ids: Map<number, number>; events: Trace['events'] } {
  const uses = new Map<number, number>();
  for (const { counts } of minutes)
    for (let at = 0; at < counts.length; at += 2) uses.set(counts[at]!, (uses.get(counts[at]!) ?? 0) + 1);
  const shapes = new Map<string, { event: Trace['events'][number]; old: number[]; uses: number }>();
  for (const [id, event] of events.entries()) {
    if (event === undefined) continue;
    const shape = shapeOf({ ...event, time: '' });
    const one = shapes.get(shape) ?? { event, old: [], uses: 0 };
    one.old.push(id);
    one.uses += uses.get(id) ?? 0;
    shapes.set(shape, one);
  }
  const sorted = [...shapes.values()].sort((a, b) => b.uses - a.uses);
  const ids = new Map(sorted.flatMap(({ old }, id) => old.map((one): [number, number] => [one, id])));
  return { ids, events: sorted.map(({ event }) => event) };
}

/** One line for each minute of a replica, even where several were written; of what is told twice the first time counts. */
function mergedMinutes({ minutes }: Trace, ids: ReadonlyMap<number, number>): TraceLine[] {
  const seen = new Map<number, Set<number>>();
  const lines: TraceLine[] = [];
  const groups = Map.groupBy(minutes, ({ replica, minute }) => `${minute} ${replica}`);
  for (const group of [...groups.values()].sort(([a], [b]) => a!.minute - b!.minute || a!.replica - b!.replica)) {
    const { replica, minute } = group[0]!;
    const known = seen.get(replica) ?? new Set();
    seen.set(replica, known);
    const counts = new Map<number, number>();
    const firsts = new Map<number, readonly number[]>();
    for (const line of group) {
      for (let at = 0; at < line.counts.length; at += 2) {
        const id = ids.get(line.counts[at]!)!;
        counts.set(id, (counts.get(id) ?? 0) + line.counts[at + 1]!);
      }
      for (let at = 0; at < line.firsts.length; at += 4) {
        const id = ids.get(line.firsts[at]!)!;
        const first = [line.firsts[at + 1]!, 0, 0];
        const other = firsts.get(id);
        if (!known.has(id) && (other === undefined || first[0]! < other[0]!)) firsts.set(id, first);
      }
    }
    for (const id of firsts.keys()) known.add(id);
    const sorted = [...counts].sort(([a], [b]) => a - b);
    const told = [...firsts].sort(([a], [b]) => a - b);
    lines.push({
      line: 'minute',
      replica,
      minute,
      counts: sorted.flat(),
      firsts: told.flatMap(([id, first]) => [id, ...first]),
    });
  }
  return lines;
}

function releaseLines(releases: Trace['releases']): TraceLine[] {
  const places = new Map<string, number>();
  const files: ReleaseFile[] = [];
  const placeOf = (file: ReleaseFile): number => {
    const short = file.digest === undefined ? file : { ...file, digest: file.digest.slice(0, DIGEST) };
    const text = JSON.stringify(short);
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, files.length);
    return files.push(short) - 1;
  };
  const lines = releases.map(({ workload, tag, facts: { files: own, ...facts } }): TraceLine => {
    const sorted = own.map(placeOf).sort((a, b) => a - b);
    return { line: 'release', workload, tag, facts, files: sorted.map((place, at) => place - (sorted[at - 1] ?? 0)) };
  });
  return [{ line: 'files', files }, ...lines];
}
