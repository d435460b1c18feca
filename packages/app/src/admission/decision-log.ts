import { appendFile, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AdmissionDecision } from '@breakwater/model';
import { admissionFolder } from './snapshot-file.ts';

/** What was decided lately: in memory for questions, and on disk for what comes after a restart. */
export interface DecisionLog {
  /** Never waits and never throws. */
  add(decision: AdmissionDecision): void;
  /** Newest first. */
  recent(): readonly AdmissionDecision[];
  /** Writes what is not on disk yet. */
  flush(): Promise<void>;
}

const MOST_RECENT = 500;
/** A file of this size is put aside, in place of the one that was put aside before. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Lines that wait for the disk: under a flood the oldest are dropped from the file, not from the counts. */
const MOST_WAITING = 2_000;

/** Path of the log in a state folder: JSON lines, the newest last. */
export const decisionLogPath = (state: string): string => join(admissionFolder(state), 'decisions.jsonl');

/** Opens the log and reads what is in it. What cannot be written is reported once, and kept in memory all the same. */
export async function openDecisionLog(path: string, report: (message: string) => void): Promise<DecisionLog> {
  const recent: AdmissionDecision[] = (await readDecisions(path)).slice(0, MOST_RECENT);
  let waiting: AdmissionDecision[] = [];
  let writing: Promise<void> | undefined;
  let failed = false;
  const write = async () => {
    while (waiting.length > 0) {
      const lines = waiting.map((decision) => `${JSON.stringify(decision)}\n`).join('');
      waiting = [];
      try {
        await append(path, lines);
        failed = false;
      } catch (error) {
        if (!failed) report(`Decisions cannot be kept: ${error instanceof Error ? error.message : String(error)}`);
        failed = true;
      }
    }
    writing = undefined;
  };
  return {
    add(decision) {
      recent.unshift(decision);
      if (recent.length > MOST_RECENT) recent.length = MOST_RECENT;
      waiting.push(decision);
      if (waiting.length > MOST_WAITING) waiting.shift();
      writing ??= new Promise<void>((resolve) => setTimeout(resolve, 100)).then(write);
    },
    recent: () => recent,
    flush: async () => await writing,
  };
}

/** Decisions of a log, newest first; lines that are none are passed over. */
export async function readDecisions(path: string): Promise<AdmissionDecision[]> {
  const texts = await Promise.all([path, putAside(path)].map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts.flatMap((text) => text.split('\n').reverse().flatMap(decisionOf));
}

const putAside = (path: string): string => `${path}.before`;

function decisionOf(line: string): AdmissionDecision[] {
  if (line === '') return [];
  try {
    const { data } = AdmissionDecision.safeParse(JSON.parse(line));
    return data === undefined ? [] : [data];
  } catch {
    return [];
  }
}

async function append(path: string, lines: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size + lines.length > MAX_BYTES) await rename(path, putAside(path)).catch(() => {});
  await appendFile(path, lines, { mode: 0o600 });
}
