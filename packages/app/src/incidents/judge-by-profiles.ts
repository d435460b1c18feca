import { behaviourKey, behavioursOf, covers, gravity } from '@breakwater/engine/behaviour';
import type { IncidentSign } from '@breakwater/engine/incident';
import { type Behaviour, type BehaviourProfile, type RuntimeEvent, workloadOfSubject } from '@breakwater/model';
import { containerNameOf, subjectOf, subjectOfPod } from '../ingest/subject-of.ts';
import type { ReadProfile } from '../profiles/read-profiles.ts';

/** Judges recorded events by profiles that somebody named: what is not in them is new. Nothing is learned. */
export interface ProfileJudge {
  /** What of an event is new; none where no profile is of its container. */
  judge(event: RuntimeEvent): IncidentSign[];
  /** What of it is not known, for everything of this container: a sentence each. */
  unknownsOf(event: RuntimeEvent): string[];
  /** Profiles of which nothing came, and what was new in dimensions that are not settled and is not told. */
  end(): string[];
}

/** Alerts of others tell of a deed, and not always of which kind. */
const ABOUT = { connect: 'connect', open: 'open', exec: 'exec' } as const;

interface Known extends ReadProfile {
  settled: ReadonlySet<string>;
  seen: ReadonlySet<string>;
  name: string;
  /** What is new in dimensions that are not settled, by its key. */
  unsettled: Set<string>;
  isUsed: boolean;
}

/** Opens the judging by profiles, as `readProfiles` gives them. */
export function judgeByProfiles(profiles: readonly ReadProfile[]): ProfileJudge {
  const known = profiles.map(asKnown);
  const kept = new Map<string, Known | undefined>();
  const find = (event: RuntimeEvent): Known | undefined => {
    const subject = subjectOf(event);
    if (subject === undefined) return undefined;
    const place = [subject, containerNameOf(event), event.container?.imageDigest].join('\0');
    if (!kept.has(place))
      kept.set(
        place,
        known.find(({ profile }) => isOf(profile, subject, event)),
      );
    const found = kept.get(place);
    if (found !== undefined) found.isUsed = true;
    return found;
  };
  return {
    judge(event) {
      const profile = find(event);
      if (profile === undefined || event.prevention === 'stopped' || event.prevention === 'killed') return [];
      const deed = asDeed(event);
      return behavioursOf(deed).flatMap((behaviour) => signOf(profile, deed, behaviour) ?? []);
    },
    unknownsOf(event) {
      if (subjectOf(event) === undefined) return [];
      const profile = find(event);
      if (profile === undefined) return ['Whether it is usual here: of its behaviour nothing was learned.'];
      const { imageDigest } = profile.profile;
      const running = event.container?.imageDigest;
      return imageDigest === undefined || running === undefined || imageDigest === running
        ? []
        : [`Whether its release explains what is new: ${profile.name} is of another image than what ran.`];
    },
    end: () => known.flatMap(endOf),
  };
}

function asKnown(read: ReadProfile): Known {
  const { profile, learned } = read;
  return {
    ...read,
    settled: new Set((learned?.dimensions ?? []).flatMap((one) => (one.isSettled ? [one.dimension] : []))),
    seen: new Set(profile.dimensions),
    name: `the profile of ${profile.subject}${profile.container === undefined ? '' : ` ${profile.container}`}`,
    unsettled: new Set(),
    isUsed: false,
  };
}

/** By workload and container; sources differ in what they call its kind. One of an image is of all that runs it. */
function isOf(profile: BehaviourProfile, subject: string, { container }: RuntimeEvent): boolean {
  if (profile.container !== undefined && container?.name !== undefined && profile.container !== container.name)
    return false;
  if (isSameWorkload(profile.subject, subject) || profile.subject === container?.image) return true;
  const isOfWorkload = placeOf(profile.subject) !== profile.subject;
  return !isOfWorkload && profile.imageDigest !== undefined && profile.imageDigest === container?.imageDigest;
}

/** One that is of no cluster may be of any. */
function isSameWorkload(one: string, other: string): boolean {
  if (placeOf(one) !== placeOf(other)) return false;
  const [a, b] = [workloadOfSubject(one)?.cluster, workloadOfSubject(other)?.cluster];
  return a === undefined || b === undefined || a === b;
}

/** `namespace/name` of the workload; a recording may name the pod alone, whose name tells of which it is. */
function placeOf(subject: string): string {
  const workload = workloadOfSubject(subject);
  if (workload === undefined) return subject;
  const { namespace, kind, name } = workload;
  const owner = kind === 'Pod' ? subjectOfPod({ namespace, name, labels: {} }) : subject;
  return `${namespace}/${owner.slice(owner.lastIndexOf('/') + 1)}`;
}

/** An alert as the deed that it tells of; names of programs without a path say less than nothing. */
function asDeed(event: RuntimeEvent): RuntimeEvent {
  const { type, alert, process: actor, parent, file, peer } = event;
  // The sensor tells the deed beside the alert.
  if (type !== 'alert' || event.source === 'sensor' || actor?.path.startsWith('/') !== true) return event;
  const about = alert?.about ?? (peer !== undefined ? 'connect' : file !== undefined ? 'open' : 'exec');
  if (!Object.hasOwn(ABOUT, about)) return event;
  const { parent: _parent, alert: _alert, ...rest } = event;
  const known = parent?.path.startsWith('/') === true ? { parent } : {};
  if (about === 'exec' && known.parent === undefined) return event;
  return { ...rest, ...known, type: ABOUT[about as keyof typeof ABOUT] };
}

function signOf(known: Known, event: RuntimeEvent, behaviour: Behaviour): IncidentSign | undefined {
  const { profile, learned, settled, seen } = known;
  const { dimension } = behaviour;
  if (!seen.has(dimension) || covers(profile, behaviour)) return undefined;
  const grave = gravity(behaviour);
  const key = behaviourKey(behaviour);
  const isSettled = settled.has(dimension);
  // Of a set that somebody recorded it is not known how sure it is: what is not in it is told, and said to be unsure.
  if (learned !== undefined && !isSettled && grave === undefined) {
    known.unsettled.add(key);
    return undefined;
  }
  const container = containerNameOf(event);
  const reasons = [...(grave === undefined ? [] : [grave]), 'it is not in its profile'];
  const verdict = 'deviation' as const;
  return {
    kind: 'deviation',
    event,
    subject: subjectOf(event) ?? profile.subject,
    ...(container !== '' && { container }),
    judgement: { behaviour, key, verdict, surprise: 0, reasons, isSettled, isGrave: grave !== undefined },
  };
}

function endOf({ name, unsettled, isUsed }: Known): string[] {
  if (!isUsed) return [`Nothing was judged by ${name}: no event is of it.`];
  if (unsettled.size === 0) return [];
  const count = unsettled.size === 1 ? '1 new behaviour is' : `${unsettled.size} new behaviours are`;
  return [`${count} not told: ${name} is not settled there.`];
}
