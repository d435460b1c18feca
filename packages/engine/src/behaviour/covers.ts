import type { Behaviour, BehaviourProfile } from '@breakwater/model';
import { behaviourText } from './behaviour-key.ts';

/** What a profile says of a file being the image's, where all else is equal: bits, as it may say several. */
const SAYS_NOTHING = 1;
const SAYS_IMAGE = 2;
const SAYS_FOREIGN = 4;

/** A profile's behaviours by their texts: as they are, whoever started the actor, whichever applet it is, and both. */
interface Index {
  exact: Map<string, number>;
  anyParent: Map<string, number>;
  anyApplet: Map<string, number>;
  any: Map<string, number>;
}

/** Profiles are asked once for each event, and do not change. */
const indexes = new WeakMap<BehaviourProfile, Index>();

/**
 * Whether a profile holds a behaviour. What one side does not know is no difference: a source that does not tell whether
 * a file is the image's, which of many programs in a file it is or who started the actor, and parents that people left
 * out of what they wrote or declared. But a file that is known not to be the image's is covered only where just that was
 * known.
 */
export function covers(profile: BehaviourProfile, behaviour: Behaviour): boolean {
  const { inImage } = behaviour;
  const says = bitsOf(profile, behaviour);
  if (inImage === undefined) return says !== 0;
  return (says & (inImage ? SAYS_NOTHING | SAYS_IMAGE : SAYS_FOREIGN)) !== 0;
}

function bitsOf(profile: BehaviourProfile, { inImage: _, applet, ...named }: Behaviour): number {
  const { exact, anyParent, anyApplet, any } = indexOf(profile);
  const [same, whole] = named.parent === '' ? [anyParent, any] : [exact, anyApplet];
  let says = find(applet === undefined ? whole : same, named, applet);
  if (named.parent === '' || profile.origin === 'recorded') return says;
  named.parent = '';
  says |= find(applet === undefined ? anyApplet : exact, named, applet);
  return says;
}

/** As it is and, where it is known which applet acts, what says nothing of applets. */
function find(index: ReadonlyMap<string, number>, behaviour: Behaviour, applet: string | undefined): number {
  const says = index.get(behaviourText(behaviour)) ?? 0;
  return applet === undefined ? says : says | (index.get(behaviourText({ ...behaviour, applet })) ?? 0);
}

function indexOf(profile: BehaviourProfile): Index {
  const known = indexes.get(profile);
  if (known !== undefined) return known;
  const index: Index = { exact: new Map(), anyParent: new Map(), anyApplet: new Map(), any: new Map() };
  for (const { inImage, applet, ...named } of profile.behaviours) {
    const says = inImage === undefined ? SAYS_NOTHING : inImage ? SAYS_IMAGE : SAYS_FOREIGN;
    const own = applet === undefined ? {} : { applet };
    note(index.exact, { ...named, ...own }, says);
    note(index.anyParent, { ...named, ...own, parent: '' }, says);
    note(index.anyApplet, named, says);
    note(index.any, { ...named, parent: '' }, says);
  }
  indexes.set(profile, index);
  return index;
}

function note(index: Map<string, number>, behaviour: Behaviour, says: number): void {
  const text = behaviourText(behaviour);
  index.set(text, (index.get(text) ?? 0) | says);
}
