import { open, readFile } from 'node:fs/promises';
import { behavioursOf, behaviourText, profileOf } from '@breakwater/engine/behaviour';
import type { Observed } from '@breakwater/engine/compile';
import { allowedBehaviours, allowedProfile } from '@breakwater/engine/compile/issue';
import { BehaviourProfile, LearnedProfile, type RuntimeEvent, type Unknown, UserError } from '@breakwater/model';
import { showPath } from '@breakwater/sources/inputs';
import { z } from 'zod';

/** A profile, and what it rests on: each behaviour with how often it was seen. */
export interface ReadProfile {
  profile: BehaviourProfile;
  recorded: Observed[];
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
  ownerOf?: (namespace: string, pod: string) => string | undefined;
  /** ISO 8601, by default now: what somebody answered for until then is no longer let. */
  now?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Bytes by which a file of events is told from a profile. */
const HEAD = 65_536;
const LARGEST_PROFILE = 64 * 1024 * 1024;
/** Workloads and behaviours of each that are kept; what is beyond makes a profile partial. */
const MOST_SUBJECTS = 1_000;
const MOST_BEHAVIOURS = 100_000;

/**
 * Reads profiles from files: profiles as JSON, and recorded events, of which each container of each workload gets one.
 * @throws {UserError} for a file that is neither
 */
export async function readProfiles(paths: readonly string[], options: ReadProfilesOptions = {}): Promise<ReadProfiles> {
  const result: ReadProfiles = { profiles: [], unknowns: [] };
  const recordings: Recordings = { byContainer: new Map(), loss: undefined };
  for (const path of paths) {
    const written = await readWritten(path, options.now ?? new Date().toISOString());
    if (written.length > 0) result.profiles.push(...written);
    else await readEvents(path, recordings, result.unknowns, options);
  }
  for (const recording of recordings.byContainer.values()) result.profiles.push(recording.finish());
  return result;
}

/** Profiles that were written down before: one, or a list of learned ones; none for what is no profile. */
async function readWritten(path: string, now: string): Promise<ReadProfile[]> {
  const head = await readHead(path);
  if (!/^\s*[[{]/.test(head) || !/"(?:behaviours|budget)"\s*:/.test(head)) return [];
  const text = await readFile(path, 'utf8');
  const value = text.length > LARGEST_PROFILE ? undefined : parseJson(text);
  const learned = z.union([LearnedProfile.transform((one) => [one]), z.array(LearnedProfile)]).safeParse(value);
  if (learned.success) return learned.data.map((one) => learnedOf(one, now));
  const parsed = value === undefined ? undefined : BehaviourProfile.safeParse(value);
  if (parsed?.success !== true) {
    throw new UserError(`${showPath(path)} is no profile: ${parsed?.error.issues[0]?.message ?? 'it is too large'}.`, {
      code: 'profile-invalid',
      hint: 'breakwater profile show EVENTS --output json writes one from recorded events.',
    });
  }
  const profile = parsed.data;
  return [{ profile, recorded: profile.behaviours.map((behaviour) => ({ behaviour, count: 1 })) }];
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
  { ownerOf, signal }: ReadProfilesOptions,
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
      if (event !== undefined) take(event, recordings, ownerOf);
    }
  }
}

/** What was recorded of each container, and whether anything was lost yet that may be of any. */
interface Recordings {
  byContainer: Map<string, Recording>;
  loss: RuntimeEvent | undefined;
}

/** What was lost may be of anybody, also of a container of which nothing was told yet; what is of no container is of nobody here. */
function take(event: RuntimeEvent, recordings: Recordings, ownerOf: ReadProfilesOptions['ownerOf']): void {
  const { byContainer } = recordings;
  const subject = subjectOf(event, ownerOf);
  if (event.type === 'loss' && subject === undefined) {
    recordings.loss = event;
    for (const recording of byContainer.values()) recording.take(event);
    return;
  }
  if (subject === undefined) return;
  const key = `${subject}\n${event.container?.name ?? ''}`;
  let recording = byContainer.get(key);
  if (recording === undefined) {
    if (byContainer.size >= MOST_SUBJECTS) return;
    recording = new Recording(subject);
    if (recordings.loss !== undefined) recording.take(recordings.loss);
    byContainer.set(key, recording);
  }
  recording.take(event);
}

/** `namespace/Kind/name` of the workload, else the image, else the container. */
function subjectOf({ pod, container }: RuntimeEvent, ownerOf: ReadProfilesOptions['ownerOf']): string | undefined {
  if (pod?.workload !== undefined) return `${pod.namespace}/${pod.workloadKind ?? 'Deployment'}/${pod.workload}`;
  if (pod !== undefined) return ownerOf?.(pod.namespace, pod.name) ?? `${pod.namespace}/Pod/${pod.name}`;
  return container?.image ?? container?.name ?? container?.id;
}

/** One container's recording: only events that tell of something new are kept, all are counted. */
class Recording {
  readonly #subject: string;
  readonly #telling: RuntimeEvent[] = [];
  readonly #seen = new Map<string, Observed>();
  #first: RuntimeEvent | undefined;
  #last: RuntimeEvent | undefined;

  constructor(subject: string) {
    this.#subject = subject;
  }

  take(event: RuntimeEvent): void {
    this.#first ??= event;
    this.#last = event;
    if (event.prevention !== undefined) return;
    let isTelling = event.type === 'loss';
    for (const behaviour of behavioursOf(event)) {
      const text = behaviourText(behaviour);
      const known = this.#seen.get(text);
      if (known !== undefined) known.count += 1;
      else {
        isTelling = true;
        if (this.#seen.size < MOST_BEHAVIOURS) this.#seen.set(text, { behaviour, count: 1 });
      }
    }
    if (isTelling && this.#telling.length <= MOST_BEHAVIOURS) this.#telling.push(event);
  }

  finish(): ReadProfile {
    const ends = [this.#first, this.#last].filter((event) => event !== undefined);
    return {
      profile: profileOf([...this.#telling, ...ends], this.#subject),
      recorded: [...this.#seen.values()],
    };
  }
}
