import { appendFile, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AdmissionDecision } from '@breakwater/model';
import { admissionFolder } from './snapshot-file.ts';

/** What was decided lately, kept on disk. */
export interface DecisionLog {
  /** Takes a decision as `decisionLine` writes it. Never waits and never throws. */
  add(line: string): void;
  /** Writes what is not on disk yet. */
  flush(): Promise<void>;
}

/** A file of this size is put aside, in place of the one that was put aside before. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Lines that wait for the disk: under a flood the oldest are dropped from the file, not from the counts. */
const MOST_WAITING = 2_000;

/** Path of the log in a state folder: JSON lines, the newest last. */
export const decisionLogPath = (state: string): string => join(admissionFolder(state), 'decisions.jsonl');

/** A decision as a line of the log: written where it was made, so that it travels and waits as a text. */
export const decisionLine = (decision: AdmissionDecision): string => `${JSON.stringify(decision)}\n`;

/** Opens the log. What cannot be written is reported once. */
export function openDecisionLog(path: string, report: (message: string) => void): DecisionLog {
  let waiting: string[] = [];
  let writing: Promise<void> | undefined;
  let failed = false;
  const write = async () => {
    while (waiting.length > 0) {
      const lines = waiting.join('');
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
    add(line) {
      waiting.push(line);
      if (waiting.length > MOST_WAITING) waiting.shift();
      writing ??= new Promise<void>((resolve) => setTimeout(resolve, 100)).then(write);
    },
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
