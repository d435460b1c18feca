import type { Behaviour } from '@breakwater/model';

const VERBS: Readonly<Record<Behaviour['dimension'], string>> = {
  exec: 'starts',
  open: 'reads',
  connect: 'connects to',
  listen: 'listens on',
  capability: 'uses',
  syscall: 'calls',
  privilege: 'does',
};
const ACCESS: Readonly<Record<NonNullable<Behaviour['access']>, string>> = {
  read: 'reads',
  write: 'writes',
  create: 'makes',
  delete: 'deletes',
};

/** A behaviour in words, for sentences: `/usr/sbin/nginx starts /bin/sh`. */
export function spellBehaviour({ dimension, actor, access, object }: Behaviour): string {
  const verb = access === undefined ? VERBS[dimension] : ACCESS[access];
  return `${actor === '' ? 'the container runtime' : actor} ${verb} ${object}`;
}
