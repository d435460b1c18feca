import { readFileSync, statSync } from 'node:fs';
import { armingOf, issueGuards } from '@breakwater/engine/compile/issue';
import { LearnedProfile, type RuntimeEvent, UserError, workloadOfSubject } from '@breakwater/model';
import { type Guard, guardOfIssue } from '@breakwater/sensor/guards';

type Facts = Pick<RuntimeEvent, 'container' | 'pod'>;

/** What a profile gives a container: its guard, and what it does not do yet and why. */
export interface ProfileGuard {
  guard: Guard;
  notes: string[];
}

/** Learned profiles as they are now, for the guards of containers. */
export interface LearnedSource {
  /** Reads them again where they have changed since; whether they have. */
  refresh(): boolean;
  /** The profile of a container; undefined where there is none. */
  profileOf(facts: Facts): LearnedProfile | undefined;
  /** Ends what it holds open. */
  close?(): Promise<void>;
}

const LARGEST = 256 * 1024 * 1024;

/** Guards from learned profiles: the same object for the same container until the profile changes. */
export class LearnedGuards {
  readonly #source: LearnedSource;
  readonly #asked: Guard;
  readonly #now: () => Date;
  readonly #issued = new Map<string, ProfileGuard>();
  /** Guards that were issued last: where what is issued anew is the same, the object stays the same too. */
  readonly #kept = new Map<string, Guard>();

  constructor(source: LearnedSource, asked: Guard, now: () => Date) {
    this.#source = source;
    this.#asked = asked;
    this.#now = now;
  }

  /** Takes profiles as they are now: whether any has changed. What comes of it for containers shows in `of`. */
  refresh(): boolean {
    if (!this.#source.refresh()) return false;
    this.#issued.clear();
    return true;
  }

  of(facts: Facts): ProfileGuard {
    const profile = this.#source.profileOf(facts);
    const imageDigest = facts.container?.imageDigest;
    const key = [profile?.subject ?? '', profile?.container ?? '', imageDigest ?? ''].join('\n');
    const known = this.#issued.get(key);
    if (known !== undefined) return known;
    const issued = profile === undefined ? this.#withoutProfile() : this.#issue(profile, imageDigest);
    const before = this.#kept.get(key);
    const guard = before !== undefined && isSame(before, issued.guard) ? before : issued.guard;
    this.#kept.set(key, guard);
    this.#issued.set(key, { ...issued, guard });
    return { ...issued, guard };
  }

  #issue(profile: LearnedProfile, imageDigest: string | undefined): ProfileGuard {
    const arming = armingOf(profile, { imageDigest });
    return guardOfIssue(issueGuards(profile, arming, this.#now().toISOString()), this.#asked);
  }

  /** Of a container that nobody learned nothing is known: nothing is stopped there. */
  #withoutProfile(): ProfileGuard {
    const steps = Object.entries(this.#asked).map(([name, value]) => [name, value === 'block' ? 'audit' : value]);
    return { guard: Object.fromEntries(steps) as Guard, notes: ['no profile is of it: everything is only told'] };
  }
}

const isSame = (a: Guard, b: Guard): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether a file holds learned profiles: one, or a list. */
export function isLearned(value: unknown): boolean {
  const [first] = Array.isArray(value) ? value : [value];
  return typeof first === 'object' && first !== null && 'budget' in first && 'pending' in first;
}

/**
 * Learned profiles of a file, one or a list, read again when it changes. A single one is for every container that is guarded.
 * @throws {UserError} for a file that holds none
 */
export function learnedFile(path: string): LearnedSource {
  let profiles = read(path);
  let changed = changeOf(path);
  return {
    refresh() {
      const now = changeOf(path);
      if (now === undefined || now === changed) return false;
      changed = now;
      try {
        profiles = read(path);
        return true;
      } catch {
        // Half written: the one before holds until it is whole.
        changed = undefined;
        return false;
      }
    },
    profileOf: (facts) => (profiles.length === 1 ? profiles[0] : profiles.find((profile) => isOf(profile, facts))),
  };
}

/** Whether a profile is of a container: of its workload and its name there, else of its image. */
export function isOf({ subject, container: name }: LearnedProfile, { pod, container }: Facts): boolean {
  if (name !== undefined && container?.name !== undefined && name !== container.name) return false;
  if (pod === undefined) return [container?.image, container?.name, container?.id].includes(subject);
  const { cluster, namespace, kind, name: workload } = workloadOfSubject(subject) ?? {};
  if (cluster !== undefined && pod.cluster !== undefined && cluster !== pod.cluster) return false;
  const owner = pod.workload ?? pod.name.replace(/(?:-[a-z0-9]{6,10})?-[a-z0-9]{5}$|-\d+$/, '');
  const isKind = pod.workloadKind === undefined || pod.workloadKind === kind;
  return namespace === pod.namespace && workload === owner && isKind;
}

function changeOf(path: string): string | undefined {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return undefined;
  }
}

function read(path: string): LearnedProfile[] {
  try {
    if (statSync(path).size > LARGEST) throw new RangeError('it is too large');
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return (Array.isArray(value) ? value : [value]).map((one) => LearnedProfile.parse(one));
  } catch (cause) {
    throw new UserError(`${path} could not be read as a learned profile.`, {
      code: 'profile-invalid',
      hint: 'breakwater profile export writes one.',
      cause,
    });
  }
}
