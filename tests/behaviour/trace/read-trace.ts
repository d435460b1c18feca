import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { type ReleaseFacts, type ReleaseFile, RuntimeEvent } from '@breakwater/model';
import { TraceLine } from './trace.ts';

type Line<Kind extends TraceLine['line']> = Extract<TraceLine, { line: Kind }>;

/** A container of a recording, from its beginning to its end. */
export interface TraceReplica extends Omit<Line<'replica'>, 'line'> {
  /** ISO 8601; absent where the recording ended before. */
  end?: string;
}

/** A recording in memory. */
export interface Trace {
  seed: number;
  started: string;
  replicas: TraceReplica[];
  releases: { workload: string; tag: string; facts: ReleaseFacts }[];
  /** The dictionary, by id. */
  events: Line<'event'>['event'][];
  minutes: Line<'minute'>[];
  whole: Line<'whole'>[];
  attacks: Line<'attack'>[];
  work: Line<'work'>[];
}

/** Reads a recording, packed (`.br`) or as it is written; a last line that is not whole is left out. */
export function readTrace(path: string): Trace {
  const bytes = readFileSync(path);
  return parseTrace((path.endsWith('.br') ? brotliDecompressSync(bytes) : bytes).toString('utf8'));
}

export function parseTrace(text: string): Trace {
  const trace: Trace = {
    seed: 0,
    started: '',
    replicas: [],
    releases: [],
    events: [],
    minutes: [],
    whole: [],
    attacks: [],
    work: [],
  };
  const files: ReleaseFile[] = [];
  for (const one of text.slice(0, text.lastIndexOf('\n')).split('\n')) if (one !== '') add(trace, files, lineOf(one));
  return trace;
}

/** Numbers, of which there are many, are taken as they are. */
function lineOf(text: string): TraceLine {
  const line: unknown = JSON.parse(text);
  return text.startsWith('{"line":"minute"') ? (line as TraceLine) : TraceLine.parse(line);
}

function add(trace: Trace, files: ReleaseFile[], line: TraceLine): void {
  switch (line.line) {
    case 'recording':
      trace.seed = line.seed;
      trace.started = line.started;
      break;
    case 'files':
      for (const file of line.files) files.push(file);
      break;
    case 'release': {
      let at = 0;
      const own = line.files.map((step) => {
        at += step;
        return files[at]!;
      });
      trace.releases.push({ workload: line.workload, tag: line.tag, facts: { ...line.facts, files: own } });
      break;
    }
    case 'replica':
      trace.replicas[line.id] = line;
      break;
    case 'end': {
      const replica = trace.replicas[line.id];
      if (replica !== undefined) replica.end = line.time;
      break;
    }
    case 'event':
      trace.events[line.id] = line.event;
      break;
    case 'minute':
      trace.minutes.push(line);
      break;
    case 'whole':
      trace.whole.push({ ...line, event: RuntimeEvent.parse(line.event) });
      break;
    case 'attack':
      trace.attacks.push(line);
      break;
    case 'work':
      trace.work.push(line);
      break;
  }
}
