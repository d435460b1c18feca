import type { Behaviour } from '@breakwater/model';
import type { Peers } from './known-before.ts';
import type { KnownIndex } from './known-index.ts';
import { programClass } from './program-class.ts';
import type { ReleaseIndex } from './release-index.ts';

/** How much each level weighs of what an unseen behaviour is expected to be. They make 1 with `LEAST`. */
const WEIGHTS = { others: 0.45, peers: 0.3, image: 0.2 };
/** By the class of a program alone: everything is possible. */
const LEAST = 0.05 / 4096;

/** What surprise is counted from. */
export interface Surroundings {
  known: KnownIndex;
  release: ReleaseIndex | undefined;
  peers: Peers | undefined;
  /** Minutes of replicas that were watched, and what of the dimension was seen once in them. */
  minutes: number;
  once: number;
  /** How often it was seen before. */
  incidences: number;
}

/** Bits, and what makes them up: a sentence each. */
export interface Surprise {
  bits: number;
  reasons: string[];
}

/**
 * How improbable a behaviour was that is seen here for the first time: how seldom anything new comes (Good and Turing),
 * times how much of that this would be at each level above: what other programs do here, what other workloads with the
 * program do, what the image holds, what programs do at all. Levels are mixed by weights, so each of them has a sentence.
 */
export function surpriseOf(behaviour: Behaviour, around: Surroundings): Surprise {
  const { known, release, peers, minutes, once, incidences } = around;
  const { dimension, actor, object, parent, applet } = behaviour;
  const reasons = [`seen here ${incidences === 1 ? 'once' : `${incidences} times`} in ${timeOf(minutes)}`];
  const novelty = (once + 1) / (minutes + 2);
  const others = known.actorsOf(behaviour);
  const deeds = known.deedsOf(behaviour);
  if (deeds === 0 && actor !== '') reasons.push(`${actor} was not known to do anything here`);
  if (others > 0) reasons.push(`${others} other ${others === 1 ? 'program does' : 'programs do'} so here`);
  if (dimension !== 'exec' && parent !== '' && !known.isStarted(parent, actor))
    reasons.push(`${parent} was never seen to start ${actor}`);
  let image = 0;
  if (release !== undefined && release.components.size > 0 && object.startsWith('/')) {
    const component = release.components.get(object);
    if (component !== undefined) image = 1;
    if (dimension === 'exec')
      reasons.push(
        component === undefined ? `${object} is not among the image's programs` : inComponent(object, component),
      );
  }
  const told = peers?.doing(behaviour);
  if (told !== undefined && told.of > 0)
    reasons.push(`seen in ${told.seen} of ${told.of} other workloads that run ${actor || object}`);
  const kind = programClass(dimension === 'exec' ? object : actor, applet);
  if (kind !== 'application') reasons.push(`${dimension === 'exec' ? object : actor} is a ${kind.replace('-', ' ')}`);
  const share =
    WEIGHTS.others * (others / (others + 4)) +
    WEIGHTS.peers * (told === undefined || told.of === 0 ? 0 : told.seen / told.of) +
    WEIGHTS.image * image * 0.25 +
    LEAST;
  return { bits: Math.max(0, -Math.log2(Math.min(1, novelty * share))), reasons };
}

const inComponent = (object: string, component: string): string =>
  component === '' ? `${object} is in the image, of no package` : `${object} is in the image, of ${component}`;

function timeOf(minutes: number): string {
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)} hours` : `${Math.floor(minutes / 1440)} days`;
}
