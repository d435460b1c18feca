import type { Behaviour, RuntimeEvent } from '@breakwater/model';
import { fileObject, programPath } from './file-object.ts';
import { peerObject, portObject } from './peer-object.ts';
import { callName, privilegeObject, userObject } from './privilege-object.ts';
import { isSecretFile } from './secret-files.ts';

type Actor = Pick<Behaviour, 'actor' | 'parent' | 'applet'>;
type File = NonNullable<RuntimeEvent['file']>;

/**
 * What an event says that a container does: none for what says nothing (an end, a loss, somebody else's alert), more than
 * one for what is several things, as a file that is renamed is gone from one folder and made in another. The same
 * behaviours come of it on any host, under any pid and at any time.
 */
export function behavioursOf(event: RuntimeEvent): Behaviour[] {
  switch (event.type) {
    case 'exec':
      return startsOf(event);
    case 'open':
      return openOf(event);
    case 'change':
      return changesOf(event);
    case 'connect':
      return connectionOf(event);
    case 'accept':
    case 'listen':
      return listenerOf(event);
    case 'syscall':
    case 'privilege':
    case 'namespace':
    case 'mount':
    case 'module':
      return callOf(event);
    default:
      return [];
  }
}

/** Who acts; of processes that nobody knows only that: a runtime that enters a container has a path of no file. */
function actorOf(event: RuntimeEvent): Actor {
  return { actor: knownPathOf(event.process), parent: knownPathOf(event.parent), ...appletOf(event.process) };
}

function knownPathOf(program: RuntimeEvent['process']): string {
  const path = pathOf(program);
  return path === '/' ? '' : path;
}

const pathOf = (program: RuntimeEvent['process']): string =>
  program === undefined || program.path === '' ? '' : programPath(program.path, program.inImage, program.fileless);

const appletOf = (program: RuntimeEvent['process']): Pick<Behaviour, 'applet'> =>
  program?.applet === undefined ? {} : { applet: program.applet };

/** A program's start, and the user that it runs as. */
function startsOf({ process: program, parent }: RuntimeEvent): Behaviour[] {
  const object = pathOf(program);
  if (program === undefined || object === '') return [];
  const actor = pathOf(parent);
  const start: Behaviour = { dimension: 'exec', actor, parent: '', object, ...appletOf(program) };
  if (program.inImage !== undefined) start.inImage = program.inImage;
  if (program.uid === undefined) return [start];
  const user = { actor: object, parent: actor, object: userObject(program.uid), ...appletOf(program) };
  return [start, { dimension: 'privilege', ...user }];
}

function openOf(event: RuntimeEvent): Behaviour[] {
  const { file, failure } = event;
  if (file === undefined || failure !== undefined) return [];
  return [fileBehaviour(actorOf(event), file.access === 'execute' ? 'read' : (file.access ?? 'read'), file)];
}

function fileBehaviour(actor: Actor, access: NonNullable<Behaviour['access']>, file: File): Behaviour {
  return { dimension: 'open', ...actor, access, object: fileObject(file.path, file.inImage) };
}

/** Whatever is called so makes what its path names, and leaves what it was called before. */
const MOVES = /^rename/;
const MAKES = /^(?:link|linkat|symlink|symlinkat|mkdir|mkdirat|mknod|mknodat)$/;
const PERMITS = /^f?chmod(?:at2?)?$/;
/** Bits of a mode: run as whom the file belongs to, and run at all. */
const [SET_USER, EXECUTE] = [0o4000, 0o111];

function changesOf(event: RuntimeEvent): Behaviour[] {
  const { file, failure } = event;
  if (file === undefined || failure !== undefined) return [];
  const call = callName(event.call ?? '');
  const actor = actorOf(event);
  if (MOVES.test(call)) {
    const made = fileBehaviour(actor, 'create', file);
    return file.from === undefined ? [made] : [fileBehaviour(actor, 'delete', { path: file.from }), made];
  }
  if (MAKES.test(call)) {
    const made = fileBehaviour(actor, 'create', file);
    // Who links to a secret has a way to it under another name.
    const secret = file.from === undefined ? '' : fileObject(file.from);
    return isSecretFile(secret) ? [made, fileBehaviour(actor, 'read', { path: file.from! })] : [made];
  }
  const access = file.access === 'delete' || file.access === 'create' ? file.access : 'write';
  const written = fileBehaviour(actor, access, file);
  const permits = PERMITS.test(call) ? permissionOf(event.callArguments) : undefined;
  if (permits === undefined) return [written];
  return [written, { dimension: 'privilege', ...actor, object: `chmod ${permits} ${fileObject(file.path)}` }];
}

/** What a mode in octal lets a file do that other writing does not: be run, and be run as its owner. */
function permissionOf(mode = ''): string | undefined {
  if (!/^[0-7]{3,6}$/.test(mode)) return undefined;
  const bits = Number.parseInt(mode, 8);
  return (bits & SET_USER) !== 0 ? '+s' : (bits & EXECUTE) !== 0 ? '+x' : undefined;
}

/** An attempt is one too: that nobody answered is the other side's doing. */
function connectionOf(event: RuntimeEvent): Behaviour[] {
  const { peer, file } = event;
  const object = peer !== undefined ? peerObject(peer) : file !== undefined ? `unix:${fileObject(file.path)}` : '';
  return object === '' ? [] : [{ dimension: 'connect', ...actorOf(event), object }];
}

/** Who answers a caller listens, whoever began it. */
function listenerOf(event: RuntimeEvent): Behaviour[] {
  const { local, peer, failure } = event;
  if (local === undefined || failure !== undefined) return [];
  return [{ dimension: 'listen', ...actorOf(event), object: portObject(local.port, local.protocol ?? peer?.protocol) }];
}

function callOf(event: RuntimeEvent): Behaviour[] {
  const call = callName(event.call ?? '');
  if (call === '') return [];
  const actor = actorOf(event);
  if (/^CAP_/.test(call)) return [{ dimension: 'capability', ...actor, object: call }];
  const object = privilegeObject(event, call);
  if (object !== undefined) return [{ dimension: 'privilege', ...actor, object }];
  return event.failure === undefined ? [{ dimension: 'syscall', ...actor, object: call }] : [];
}
