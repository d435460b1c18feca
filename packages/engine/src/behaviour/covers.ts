import type { Behaviour, BehaviourProfile } from '@breakwater/model';
import { behaviourText } from './behaviour-key.ts';

/** What a profile says of a file being the image's, where all else is equal: bits, as it may say several. */
const SAYS_NOTHING = 1;
const SAYS_IMAGE = 2;
const SAYS_FOREIGN = 4;

interface Index {
  exact: ReadonlyMap<string, number>;
  /** The same whoever started the actor. */
  ofAnyParent: ReadonlyMap<string, number>;
}

/** Profiles are asked once for each event, and do not change. */
const indexes = new WeakMap<BehaviourProfile, Index>();

/**
 * Whether a profile holds a behaviour. What one side does not know is no difference: a source that does not tell whether
 * a file is the image's or who started the actor, and parents that people left out of what they wrote or declared. But a
 * file that is known not to be the image's is covered only where just that was known.
 */
export function covers(profile: BehaviourProfile, behaviour: Behaviour): boolean {
  const { exact, ofAnyParent } = indexOf(profile);
  const text = textOf(behaviour);
  let says = exact.get(text) ?? 0;
  if (behaviour.parent === '') says |= ofAnyParent.get(text) ?? 0;
  else if (profile.origin !== 'recorded') says |= exact.get(textOf({ ...behaviour, parent: '' })) ?? 0;
  if (behaviour.inImage === undefined) return says !== 0;
  return (says & (behaviour.inImage ? SAYS_NOTHING | SAYS_IMAGE : SAYS_FOREIGN)) !== 0;
}

const textOf = ({ inImage: _, ...named }: Behaviour): string => behaviourText(named);

function indexOf(profile: BehaviourProfile): Index {
  const known = indexes.get(profile);
  if (known !== undefined) return known;
  const exact = new Map<string, number>();
  const ofAnyParent = new Map<string, number>();
  for (const behaviour of profile.behaviours) {
    note(exact, behaviour);
    note(ofAnyParent, { ...behaviour, parent: '' });
  }
  const index = { exact, ofAnyParent };
  indexes.set(profile, index);
  return index;
}

function note(index: Map<string, number>, behaviour: Behaviour): void {
  const says = behaviour.inImage === undefined ? SAYS_NOTHING : behaviour.inImage ? SAYS_IMAGE : SAYS_FOREIGN;
  const text = textOf(behaviour);
  index.set(text, (index.get(text) ?? 0) | says);
}
