import type { Behaviour } from '@breakwater/model';
import { isSecretFile } from '../secret-files.ts';
import { isLibrary } from './groups.ts';
import type { KnownIndex } from './known-index.ts';
import { programClass } from './program-class.ts';

/** Where everybody puts files, of which only the folder is known: whose one is cannot be told. */
const ANYBODYS = /^\/(?:tmp|var\/tmp|dev\/shm)\/\*$/;

/**
 * Whether a program does with files that it is known to make what follows from that: it writes them, and an application
 * removes them, and reads what nobody else makes or writes. `isRightful`: who started it is known to.
 */
export function isOfItsOwn(behaviour: Behaviour, known: KnownIndex, isRightful: boolean): boolean {
  const { dimension, access } = behaviour;
  if (dimension !== 'open' || !known.isDone({ ...behaviour, access: 'create' })) return false;
  if (access === 'write') return true;
  // Shells, tools and interpreters make and read what they are told to, and run what they read.
  if (programClass(behaviour.actor, behaviour.applet) !== 'application') return false;
  return access === 'delete' || (access === 'read' && isRightful && isReadable(behaviour, known));
}

function isReadable(behaviour: Behaviour, known: KnownIndex): boolean {
  const { object } = behaviour;
  if (ANYBODYS.test(object) || isLibrary(object) || isSecretFile(object)) return false;
  return (
    !known.isDoneByOthers({ ...behaviour, access: 'create' }) &&
    !known.isDoneByOthers({ ...behaviour, access: 'write' })
  );
}
