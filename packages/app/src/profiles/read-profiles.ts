import { open, readFile } from 'node:fs/promises';
import { allowedBehaviours, allowedProfile } from '@breakwater/engine/compile/issue';
import { BehaviourProfile, LearnedProfile, type Unknown, UserError } from '@breakwater/model';
import { showPath } from '@breakwater/sources/inputs';
import { z } from 'zod';
import { type OwnerOf, type Recorded, Recordings } from './recordings.ts';

/** A profile, and what it rests on: each behaviour with how often it was seen. */
export interface ReadProfile extends Recorded {
  /** All that was learned, where `profile` is what of it is let. */
  learned?: LearnedProfile;
}

/** Profiles of files, and what could not be read of them. */
export interface ReadProfiles {
  profiles: ReadProfile[];
  unknowns: Unknown[];
}

/** How files are read. */
export interface ReadProfilesOptions {
  /** The workload whose pod it is, as `namespace/Kind/name`, where the source of an event does not tell. */
  ownerOf?: OwnerOf;
  /** ISO 8601, by default now: what somebody answered for until then is no longer let. */
  now?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Bytes by which a file of events is told from a profile. */
const HEAD = 65_536;
const LARGEST_PROFILE = 64 * 1024 * 1024;
const PLAIN = z.union([BehaviourProfile.transform((one) => [one]), z.array(BehaviourProfile)]);

/**
 * Reads profiles from files: profiles as JSON, and recorded events, of which each container of each workload gets one.
 * @throws {UserError} for a file that is neither
 */
export async function readProfiles(paths: readonly string[], options: ReadProfilesOptions = {}): Promise<ReadProfiles> {
  const result: ReadProfiles = { profiles: [], unknowns: [] };
  const recordings = new Recordings(options.ownerOf);
  for (const path of paths) {
    const written = await readWritten(path, options.now ?? new Date().toISOString());
    if (written.length > 0) result.profiles.push(...written);
    else await readEvents(path, recordings, result.unknowns, options);
  }
  result.profiles.push(...recordings.finish());
  return result;
}

/** Profiles that were written down before: one, or a list of them; none for what is no profile. */
async function readWritten(path: string, now: string): Promise<ReadProfile[]> {
  const head = await readHead(path);
  if (!/^\s*[[{]/.test(head) || !/"(?:behaviours|budget)"\s*:/.test(head)) return [];
  const text = await readFile(path, 'utf8');
  const value = text.length > LARGEST_PROFILE ? undefined : parseJson(text);
  const learned = z.union([LearnedProfile.transform((one) => [one]), z.array(LearnedProfile)]).safeParse(value);
  if (learned.success) return learned.data.map((one) => learnedOf(one, now));
  const parsed = value === undefined ? undefined : PLAIN.safeParse(value);
  if (parsed?.success !== true) {
    throw new UserError(`${showPath(path)} is no profile: ${parsed?.error.issues[0]?.message ?? 'it is too large'}.`, {
      code: 'profile-invalid',
      hint: 'breakwater profile show EVENTS --output json writes one from recorded events.',
    });
  }
  return parsed.data.map((profile) => ({
    profile,
    recorded: profile.behaviours.map((behaviour) => ({ behaviour, count: 1 })),
  }));
}

/** What of a learned profile is let, with how often it was seen. `now` is ISO 8601. */
export function learnedOf(learned: LearnedProfile, now: string): ReadProfile {
  const recorded = allowedBehaviours(learned, now).map(({ behaviour, incidences }) => ({
    behaviour,
    count: Math.max(1, incidences),
  }));
  return { profile: allowedProfile(learned, now), recorded, learned };
}

async function readHead(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new UserError(`${showPath(path)} cannot be read.`, { code: 'file-unreadable', cause });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readEvents(
  path: string,
  recordings: Recordings,
  unknowns: Unknown[],
  { signal }: ReadProfilesOptions,
): Promise<void> {
  const { detectEvents, readEventBatches } = await import('@breakwater/sources/events');
  if (detectEvents(await readHead(path)) === undefined) {
    throw new UserError(`${showPath(path)} is neither a profile nor events of a source that is understood.`, {
      code: 'profile-invalid',
      hint: 'breakwater sensor --output json > events.json records events of this host.',
    });
  }
  for await (const batch of readEventBatches(path, { source: showPath(path) })) {
    signal?.throwIfAborted();
    for (const { event, unknown } of batch) {
      if (unknown !== undefined) unknowns.push(unknown);
      if (event !== undefined) recordings.take(event);
    }
  }
}
