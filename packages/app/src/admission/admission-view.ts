import { open } from 'node:fs/promises';
import type { AdmissionView } from '@breakwater/model';
import { decisionLogPath, readDecisions } from './decision-log.ts';
import { readFaults } from './faults-file.ts';
import { snapshotPath } from './snapshot-file.ts';

const MOST_SHOWN = 200;

/** What admission of a state folder decided lately, and which snapshot it answers from. */
export async function admissionView(state: string): Promise<AdmissionView> {
  const [decisions, snapshot, faults] = await Promise.all([
    readDecisions(decisionLogPath(state)),
    snapshotHead(snapshotPath(state)),
    readFaults(state),
  ]);
  return {
    decisions: decisions.slice(0, MOST_SHOWN),
    ...(snapshot && { snapshot }),
    ...(faults.length > 0 && { faults }),
  };
}

/** Version and time stand at the beginning of the file: the rest of it is not read. */
async function snapshotHead(path: string): Promise<AdmissionView['snapshot']> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    const head = buffer.toString('latin1', 0, bytesRead);
    const [, digest = '', time = ''] = /^sha256:([0-9a-f]{64})\n\{"format":1,"time":"([^"]{10,40})"/.exec(head) ?? [];
    return time === '' ? undefined : { version: digest.slice(0, 12), time };
  } finally {
    await file.close();
  }
}
