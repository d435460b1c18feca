import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Unknown } from '@breakwater/model';
import { z } from 'zod';
import {
  bySource,
  documentsShape,
  faultySources,
  type PolicyDocuments,
  together,
  withLastGood,
} from './policy-documents.ts';
import { admissionFolder } from './snapshot-file.ts';

/** What files held when they were last good, by their names. */
export type LastGood = ReadonlyMap<string, PolicyDocuments>;

/** What is in force, what of it is to be kept for later, and every fault. */
export interface OpenedDocuments<T> {
  opened: T;
  lastGood: LastGood;
  unknowns: Unknown[];
}

const MOST_ROUNDS = 5;

/**
 * Opens what files hold. Where that is at fault, what the file held when it was last good counts instead, and the fault
 * is told with its place: nobody puts a policy out of force by a slip, nor an exception into force.
 *
 * @param faults found while the files were read.
 * @param open tells what else is at fault in them.
 */
export async function openWithLastGood<T extends { unknowns: readonly Unknown[] }>(
  documents: PolicyDocuments,
  faults: readonly Unknown[],
  lastGood: LastGood,
  open: (documents: PolicyDocuments) => Promise<T>,
): Promise<OpenedDocuments<T>> {
  const written = bySource(documents);
  const faulty = faultySources(faults);
  const early: Unknown[] = [];
  let { files, replaced } = withLastGood(written, lastGood, faulty);
  let opened = await open(together(files.values()));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = firstFaults(opened.unknowns.filter(({ place }) => !faulty.has(place.source)));
    for (const source of faultySources(found)) faulty.add(source);
    if (!found.some(({ place }) => lastGood.has(place.source))) break;
    early.push(...found.filter(({ place: { source } }) => isChanged(written.get(source), lastGood.get(source))));
    ({ files, replaced } = withLastGood(written, lastGood, faulty));
    opened = await open(together(files.values()));
  }
  const good = [...files].filter(([source]) => replaced.has(source) || !faulty.has(source));
  const told = [...faults, ...early, ...opened.unknowns].map((fault) => withHint(fault, replaced));
  const unknowns = [...new Map(told.map((fault) => [keyOf(fault), fault])).values()];
  return { opened, lastGood: new Map(good), unknowns };
}

/** Those of policies, where there are any: settings and exceptions may only miss the policies that they are for. */
function firstFaults(unknowns: readonly Unknown[]): readonly Unknown[] {
  const faults = unknowns.filter((unknown) => faultySources([unknown]).size > 0);
  const ofPolicies = faults.filter(({ code }) => code.startsWith('policy-'));
  return ofPolicies.length > 0 ? ofPolicies : faults;
}

const isChanged = (now: PolicyDocuments | undefined, before: PolicyDocuments | undefined): boolean =>
  before !== undefined && JSON.stringify(now) !== JSON.stringify(before);

const keyOf = ({ code, message, place }: Unknown): string => JSON.stringify([code, message, place.source]);

function withHint(fault: Unknown, replaced: ReadonlySet<string>): Unknown {
  const { source } = fault.place;
  const stands = replaced.has(source) || [...replaced].some((file) => file.startsWith(`${source}/`));
  return stands ? { ...fault, hint: 'What it held when it was last good stays in force.' } : fault;
}

const Kept = z.record(z.string(), z.object(documentsShape));

/** Where what was last good is kept, for what comes after a restart. */
const lastGoodPath = (state: string): string => join(admissionFolder(state), 'last-good.json');

/** What was kept; nothing where there is nothing that can be used. */
export async function readLastGood(state: string): Promise<LastGood> {
  try {
    return new Map(Object.entries(Kept.parse(JSON.parse(await readFile(lastGoodPath(state), 'utf8')))));
  } catch {
    return new Map();
  }
}

/** Keeps it, unless it is there as it is. Gives what tells it from others, for the next time. */
export async function keepLastGood(state: string, lastGood: LastGood, before: string): Promise<string> {
  const text = JSON.stringify(Object.fromEntries(lastGood));
  const digest = createHash('sha256').update(text).digest('hex');
  if (digest === before) return digest;
  const path = lastGoodPath(state);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.${process.pid}`, text, { mode: 0o600 });
  await rename(`${path}.${process.pid}`, path);
  return digest;
}
