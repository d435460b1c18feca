import type { Behaviour, GuardName, LearnedProfile } from '@breakwater/model';
import { guardOfCall } from '../../prevention/index.ts';
import type { Judgement, ProfileGap } from '../compile-target.ts';
import { parsePeer } from '../profile/peers.ts';
import { type Observed, replay } from '../replay.ts';
import { allowedBehaviours, allowedProfile } from './allowed-profile.ts';
import type { Dimension, DimensionArming } from './arming.ts';
import type { IssuedGuards, WatchedDimension } from './issued-policies.ts';
import { spellBehaviour } from './spell-behaviour.ts';
import { versionOf } from './version.ts';

/** Kinds of behaviour on which guards rest: the first it looks at, the others have to be known where they are seen. */
const RESTS_ON: Readonly<Record<GuardName, readonly [Dimension, ...Dimension[]]>> = {
  programs: ['exec'],
  starts: ['exec'],
  connections: ['connect'],
  sockets: ['connect'],
  credentials: ['open'],
  gains: ['privilege', 'exec'],
  namespaces: ['privilege', 'syscall'],
  mounts: ['privilege', 'syscall'],
  tracing: ['privilege', 'syscall'],
  kernel: ['privilege', 'syscall'],
};
/** Files that may be credentials, of whose path a part is by chance or a link of the kubelet: the kernel knows whole paths. */
const INEXACT_SECRET =
  /^\/run\/secrets\/|(?=.*\*)(?:\/\.(?:ssh|aws|azure|kube|docker|gnupg|gcloud)\/|\/id_|token|credential|secret|\.(?:pem|key|p\*|jks|keystore)$)/;

/**
 * How far the sensor's guards go for a learned profile: those stop that rest on armed dimensions and, as far as is known,
 * would stop nothing that the profile holds; the others tell. `now` is ISO 8601.
 */
export function issueGuards(learned: LearnedProfile, arming: readonly DimensionArming[], now: string): IssuedGuards {
  const known = allowedBehaviours(learned, now);
  const gaps: ProfileGap[] = [];
  const watched: WatchedDimension[] = [];
  const steps: IssuedGuards['steps'] = {};
  for (const guard of Object.keys(RESTS_ON) as GuardName[]) {
    const missing = missingFor(guard, arming);
    const inexact = known.find(({ behaviour }) => inexactFor(behaviour).includes(guard))?.behaviour;
    steps[guard] = missing === undefined && inexact === undefined ? 'block' : 'audit';
    if (missing !== undefined) watched.push(missing);
    else if (inexact !== undefined)
      gaps.push({
        dimension: inexact.dimension,
        message: `The guard ${guard} only tells: it cannot tell apart what is known, ${spellBehaviour(inexact)}.`,
      });
  }
  const blocking = (Object.keys(steps) as GuardName[]).filter((guard) => steps[guard] === 'block');
  const profile = allowedProfile(learned, now);
  const allowed = new Set(known.map(({ key }) => key));
  const judge = (behaviour: Behaviour): Judgement => judgeKnown(behaviour, steps);
  const pending = learned.pending.filter(({ key, behaviour }) => !allowed.has(key) && asks(behaviour, blocking));
  return {
    target: 'sensor',
    step: blocking.length > 0 ? 'block' : 'audit',
    armed: [...new Set(blocking.map((guard) => RESTS_ON[guard][0]))],
    watched: distinct(watched),
    gaps: [...gaps, ...namesGap(known.map(({ behaviour }) => behaviour))],
    replay: replay(
      { judge },
      known.map(({ behaviour, incidences }): Observed => ({ behaviour, count: incidences })),
    ),
    held: pending.map(({ behaviour, incidences }): Observed => ({ behaviour, count: incidences })),
    steps,
    profile,
    judge,
    version: versionOf([steps, profile.behaviours]),
  };
}

function missingFor(guard: GuardName, arming: readonly DimensionArming[]): WatchedDimension | undefined {
  const [first, ...others] = RESTS_ON[guard];
  const unarmed = arming.find(
    ({ dimension, isArmed, isSeen }) => !isArmed && (dimension === first || (isSeen && others.includes(dimension))),
  );
  return unarmed && { dimension: unarmed.dimension, note: unarmed.note };
}

/** Guards that would refuse a behaviour although it is let: permits are exact, and what is not in the image has none. */
function inexactFor({ dimension, actor, object, inImage, access }: Behaviour): GuardName[] {
  const isByChance = actor.includes('*') || object.includes('*');
  if (dimension === 'exec') return inImage === false ? ['programs', 'starts'] : isByChance ? ['starts'] : [];
  if (dimension === 'connect') return object.startsWith('unix:') && isByChance ? ['sockets'] : [];
  if (dimension === 'open') return access === 'read' && INEXACT_SECRET.test(object) ? ['credentials'] : [];
  if (dimension !== 'privilege' && dimension !== 'syscall') return [];
  const guard = guardOfCall(object.split(' ')[0] ?? '');
  return guard !== undefined && actor.includes('*') ? [guard] : [];
}

/** Guards that a behaviour meets. */
function guardsOf({ dimension, object }: Behaviour): GuardName[] {
  if (dimension === 'exec') return ['programs', 'starts'];
  if (dimension === 'connect') return object.startsWith('unix:') ? ['sockets'] : ['connections'];
  if (dimension === 'open') return ['credentials'];
  if (dimension !== 'privilege' && dimension !== 'syscall') return [];
  const guard = guardOfCall(object.split(' ')[0] ?? '');
  return guard === undefined || object.endsWith(' failed') ? [] : [guard];
}

const asks = (behaviour: Behaviour, blocking: readonly GuardName[]): boolean =>
  behaviour.dimension !== 'open' && guardsOf(behaviour).some((guard) => blocking.includes(guard));

function judgeKnown(behaviour: Behaviour, steps: IssuedGuards['steps']): Judgement {
  const asked = guardsOf(behaviour).filter((guard) => steps[guard] === 'block');
  if (asked.length === 0) return 'open';
  return inexactFor(behaviour).some((guard) => asked.includes(guard)) ? 'refused' : 'allowed';
}

function namesGap(behaviours: readonly Behaviour[]): ProfileGap[] {
  const names = new Set(
    behaviours.flatMap(({ dimension, object }) => {
      const peer = dimension === 'connect' ? parsePeer(object) : undefined;
      return peer?.kind === 'name' ? `${peer.host}:${peer.port}` : [];
    }),
  );
  if (names.size === 0) return [];
  const shown = [...names].slice(0, 5).join(', ');
  return [
    {
      dimension: 'connect',
      message: `The kernel knows addresses and no names: the ports of ${shown}${names.size > 5 ? ` and ${names.size - 5} more` : ''} are let anywhere.`,
    },
  ];
}

/** The same is missing for several guards. */
const distinct = (watched: readonly WatchedDimension[]): WatchedDimension[] => [
  ...new Map(watched.map((one) => [one.dimension, one])).values(),
];
