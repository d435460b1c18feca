import { type Behaviour, DIMENSION_NAMES, type KnownBehaviour, type PendingBehaviour } from '@breakwater/model';
import { asSentence } from '../words/sentence-parts.ts';

type Dimension = Behaviour['dimension'];

/** What each dimension is called, as a heading. */
export const DIMENSION_WORDS = Object.fromEntries(
  Object.entries(DIMENSION_NAMES).map(([dimension, name]) => [dimension, asSentence(name)]),
) as Record<Dimension, string>;

const ACCESS_WORDS: Record<NonNullable<Behaviour['access']>, string> = {
  read: 'reads',
  write: 'writes',
  create: 'creates',
  delete: 'deletes',
};

const VERBS: Record<Dimension, string> = {
  exec: 'starts',
  open: 'opens',
  connect: 'connects to',
  listen: 'listens on',
  capability: 'uses',
  syscall: 'calls',
  privilege: 'asks for',
};

/** Who does it: the acting program, or what starts a container. */
export function actorOf(behaviour: Behaviour): string {
  const { actor, dimension } = behaviour;
  if (actor === '') return dimension === 'exec' ? 'The runtime of containers' : 'A program that nobody named';
  const applet = appletOf(behaviour);
  return applet === undefined ? actor : `${actor} (${applet})`;
}

/** Which of many programs in one file acts, where its path does not say so: `cat` of `/bin/busybox`. */
export const appletOf = ({ actor, dimension, applet }: Behaviour): string | undefined =>
  dimension === 'exec' || applet === undefined || actor.endsWith(`/${applet}`) ? undefined : applet;

/** What is done, without who does it: a verb, and what it is done to. */
export function deedOf({ dimension, access, object, applet, inImage }: Behaviour): {
  verb: string;
  object: string;
  note: string;
} {
  const isUser = dimension === 'privilege' && object.startsWith('uid ');
  const verb = isUser ? 'runs as' : access === undefined ? VERBS[dimension] : ACCESS_WORDS[access];
  const notes = [
    dimension === 'exec' && applet !== undefined && !object.endsWith(`/${applet}`) ? `as ${applet}` : '',
    dimension === 'exec' && inImage === false ? 'not of the image' : '',
  ];
  return { verb, object, note: notes.filter(Boolean).join(', ') };
}

/** The whole as words, for search and for those who listen. */
export function behaviourWords(behaviour: Behaviour): string {
  const { verb, object, note } = deedOf(behaviour);
  return `${actorOf(behaviour)} ${verb} ${object}${note === '' ? '' : ` (${note})`}`;
}

/** How a behaviour came to be known. */
export const ORIGIN_WORDS: Record<KnownBehaviour['origin'], string> = {
  declared: 'declared',
  recorded: 'recorded in tests',
  learned: 'seen',
  explained: 'explained by a release',
  accepted: 'allowed',
};

/** Why a behaviour is not known. */
export const HELD_WORDS: Record<PendingBehaviour['held'], string> = {
  witnesses: 'Awaits witnesses',
  never: 'Never by repetition',
  incident: 'Of an incident',
};
