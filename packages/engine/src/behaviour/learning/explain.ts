import type { Behaviour, KnownOrigin } from '@breakwater/model';
import type { Peers } from './known-before.ts';
import type { KnownIndex } from './known-index.ts';
import { isOfItsOwn } from './own-files.ts';
import { isTold, programClass } from './program-class.ts';
import type { ReleaseIndex } from './release-index.ts';
import type { Release } from './releases.ts';
import { withoutVersions } from './versions.ts';

/** Why a behaviour that was never seen is nothing to worry about. */
export interface Reasoned {
  origin: KnownOrigin;
  by: string;
  /** Others that are known, or the image, say so each time it is asked. */
  isImplied?: boolean;
}

/** By `svc.cluster.local` and the like a name that somebody wrote short is made long. */
const COMPLETED = /\.svc(?:\.|$)|\.(?:local|internal)$/;
const SYSTEM =
  /^\/(?:etc|usr|s?bin|lib(?:64)?|boot|root|opt|dev|proc|sys|home)(?:\/|$)|^\/[^/]*$|^\/var\/(?:lib\/(?:dpkg|rpm|apt)|log|spool)\//;

/** What the image and the manifest say of it by themselves. */
export function declaredBy(behaviour: Behaviour, release: ReleaseIndex): string | undefined {
  const { dimension, object, actor, access } = behaviour;
  switch (dimension) {
    case 'listen':
      return release.ports.has(object) ? `the image or the manifest declares port ${object}` : undefined;
    case 'capability':
      return release.capabilities.has(object) ? `the manifest adds ${object}` : undefined;
    case 'connect':
      return peerDeclared(object, release);
    case 'exec':
      return release.programs.has(object) && behaviour.inImage !== false
        ? `${object} is run as the image or the manifest says`
        : undefined;
    case 'open': {
      if (access === 'read' && release.components.has(object) && isInImage(actor, release))
        return `${object} is in the image${ofComponent(release.components.get(object))}`;
      const mount = release.mounts.find((path) => object.startsWith(`${path}/`) && !SYSTEM.test(path));
      return mount === undefined || !isInImage(actor, release) ? undefined : `${mount} is a volume of it`;
    }
    default:
      return undefined;
  }
}

const ofComponent = (component: string | undefined): string => (component ? `, of ${component}` : '');
const isInImage = (path: string, release: ReleaseIndex): boolean => release.components.has(path);

function peerDeclared(object: string, { peers }: ReleaseIndex): string | undefined {
  const [, name = '', port = ''] = /^([^:]+):(\d+)\//.exec(object) ?? [];
  if (name === '') return undefined;
  if (name === 'private' || name === 'loopback') {
    // Its address was not named: the port is what is left to tell it by.
    for (const [host, ports] of peers) if (ports.has(port)) return `${host}:${port} is a peer that it is told of`;
    return undefined;
  }
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
    const host = name.slice(0, end);
    if (end < name.length && !COMPLETED.test(name)) continue;
    const ports = peers.get(host);
    if (ports !== undefined && (ports.size === 0 || ports.has(port))) return `${host} is a peer that it is told of`;
  }
  return undefined;
}

/**
 * That a program is not in the image, as a sentence, where the source does not tell and the image was read; what lies in
 * volumes is not the image's to hold.
 */
export function strangerIn(
  { dimension, object, inImage }: Behaviour,
  release: Release | undefined,
): string | undefined {
  if (dimension !== 'exec' || inImage !== undefined || release?.facts.filesKnown !== true) return undefined;
  const { components, mounts } = release.index;
  if (components.has(object) || mounts.some((path) => object.startsWith(`${path}/`))) return undefined;
  return `${object} is not among the programs of the image`;
}

/** What changed with a release that makes it do so. `isYoung` while what a changed program does may still come. */
export function releasedBy(
  behaviour: Behaviour,
  release: ReleaseIndex,
  known: KnownIndex,
  isYoung: boolean,
): string | undefined {
  return renamed(behaviour, release, known) ?? (isYoung ? byChange(behaviour, release, known) : undefined);
}

/** The same as before, but for versions in its paths, which the release changed. */
function renamed(behaviour: Behaviour, release: ReleaseIndex, known: KnownIndex): string | undefined {
  const other = known.otherVersion(behaviour)?.behaviour;
  if (other === undefined) return undefined;
  const pairs: [string, string][] = [
    [other.actor, behaviour.actor],
    [other.parent, behaviour.parent],
    [other.object, behaviour.object],
  ];
  const differing = pairs.filter(([was, is]) => was !== is);
  if (differing.length === 0) return undefined;
  const covered = differing.every(([, is]) => release.files.has(is) || movedFolder(is, release) !== undefined);
  if (!covered) return undefined;
  const [was, is] = differing[0]!;
  return `it did so with ${was} before the release, which has ${is} in its place`;
}

/** The folder of it that the release calls otherwise. */
function movedFolder(path: string, { folders }: ReleaseIndex): string | undefined {
  if (folders.size === 0) return undefined;
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const was = folders.get(path.slice(0, end));
    if (was !== undefined) return was;
  }
  return undefined;
}

function byChange(behaviour: Behaviour, release: ReleaseIndex, known: KnownIndex): string | undefined {
  const { dimension, object, actor, applet, access } = behaviour;
  // Shells and tools do what they are told: another version of them is told the same.
  const kind = programClass(actor, applet);
  const isLogin = kind === 'login' && (access === 'read' || dimension === 'connect');
  const isOwnDoing = kind === 'application' || kind === 'interpreter' || isLogin;
  // A program that nobody ran changes nothing by its change.
  const program = isOwnDoing && known.isRun(actor) ? changeOf(actor, release) : undefined;
  switch (dimension) {
    case 'exec':
      return startedByChange(behaviour, release, program);
    case 'open': {
      const file = access === 'read' ? changeOf(object, release) : undefined;
      if (file !== undefined) return file;
      if (access !== 'read' && !isData(object)) return undefined;
      // What an image runs is its application, also where an interpreter is its program.
      const isItself = kind === 'application' || (kind === 'interpreter' && isMain(actor, release));
      return (access === 'read' || isItself ? program : undefined) ?? configured(behaviour, release);
    }
    case 'connect':
      return /^(?:loopback:|unix:)/.test(object) ? program : undefined;
    case 'syscall':
    case 'capability':
    case 'privilege':
      return program;
    case 'listen':
      return release.files.get(actor)?.change === 'added' ? program : undefined;
  }
}

/** What the program of a container does with its data, once it is told otherwise by its environment or its arguments. */
function configured({ actor, parent, access }: Behaviour, release: ReleaseIndex): string | undefined {
  // What a shell starts does what stands in its own line.
  const isTop = parent === '' || parent === actor;
  if (!release.isConfiguredAnew || access === 'read' || !isTop || !isMain(actor, release)) return undefined;
  return `${actor} is started with another environment or other arguments in this release`;
}

/** Whether it is what the image or the manifest says that is to be run, in whichever version, and no shell. */
function isMain(actor: string, { programs }: ReleaseIndex): boolean {
  const kind = programClass(actor);
  if (kind !== 'application' && kind !== 'interpreter') return false;
  const name = nameOf(actor);
  return [...programs].some((program) => nameOf(program) === name);
}

const nameOf = (path: string): string => withoutVersions(path.slice(path.lastIndexOf('/') + 1));

/** What an application keeps, and not the system. */
const isData = (object: string): boolean =>
  object.startsWith('/dev/shm/') || (!SYSTEM.test(object) && !/\/\./.test(object));

/** A program that is new or altered: shells and tools are started by whoever gets in, too. */
function startedByChange(
  { object, applet, actor }: Behaviour,
  release: ReleaseIndex,
  program: string | undefined,
): string | undefined {
  const started = programClass(object, applet);
  // Whoever lets people in asks helpers of its own kind, which another version may do otherwise.
  if (started === 'login' && programClass(actor) === 'login' && release.components.has(object))
    return changeOf(object, release) ?? changeOf(actor, release);
  if (started !== 'application') return undefined;
  // What starts a program that the release brought may be a script that it brought, too.
  const file = release.files.get(object);
  if (file?.change === 'added' && file.was === undefined) return changeOf(object, release);
  const isByApplication = programClass(actor) === 'application';
  return isByApplication && release.components.has(object) ? program : undefined;
}

/** How a file differs from the release before, as a sentence. */
function changeOf(path: string, release: ReleaseIndex): string | undefined {
  const change = release.files.get(path);
  if (change === undefined) return undefined;
  const component = release.components.get(path) ?? '';
  const versions = release.upgraded.get(component);
  if (versions?.before !== undefined && versions.after !== undefined)
    return `${path} is of ${component}, which went from ${versions.before} to ${versions.after}`;
  if (change.was !== undefined) return `${path} stands for ${change.was}`;
  return change.change === 'added' ? `${path} is new in this release` : `${path} is another file in this release`;
}

/** What else that is known makes it no news: the same under another parent, one more of many, what many programs do. */
export function impliedBy(behaviour: Behaviour, known: KnownIndex): string | undefined {
  const { dimension, actor, parent } = behaviour;
  const isRightful = parent === '' || known.isStarted(parent, actor);
  if (dimension !== 'exec' && isRightful && known.isDoneUnderOthers(behaviour))
    return `${actor} does so under others too, and ${parent || 'what runs'} is known to start it`;
  if (
    actor === '' &&
    parent === '' &&
    (dimension === 'privilege' || (dimension === 'open' && behaviour.access === 'read'))
  )
    return "the container's runtime does so before a program of it runs";
  if (isStartUnseen(behaviour, known)) return `${behaviour.object} is started here all the time, and only reads`;
  if (dimension === 'open' && behaviour.access === 'read' && PUBLIC.test(behaviour.object) && known.isRun(actor))
    return `${behaviour.object} is there for everybody to read`;
  if (isOfItsOwn(behaviour, known, isRightful)) return `${actor} makes such files`;
  if (known.isOfPattern(behaviour)) return `${actor} does so with other names of the same kind`;
  if (dimension === 'connect') {
    const same = sameConnection(behaviour, known);
    if (same !== undefined) return same;
  }
  const more = dimension === 'open' || dimension === 'connect' ? known.groups.more(behaviour) : undefined;
  return (
    more ??
    (known.isCommon(behaviour) && isHarmless(behaviour, known, isRightful) ? commonBy(behaviour, known) : undefined)
  );
}

/**
 * Whether a program that nobody is known to have started may be one that the container's own programs start all the time:
 * who did is not told where he ended just then. Of whom people enter a container with this holds for none that does what it
 * is told, or anything but to read, which is judged by itself.
 */
function isStartUnseen({ dimension, actor, object, applet }: Behaviour, known: KnownIndex): boolean {
  return (
    dimension === 'exec' &&
    actor === '' &&
    programClass(object, applet) === 'application' &&
    known.isReader(object) &&
    known.isStartedOften(object)
  );
}

const commonBy = (behaviour: Behaviour, known: KnownIndex): string =>
  `${known.actorsOf(behaviour)} other programs here do so`;

/** What packages bring for everybody to read, and where links in it lead: names of languages and the time of a place. */
const PUBLIC = /^\/usr\/share\/(?!.*(?:\/\.|\.(?:key|pem|p12|jks|keystore)$))|^\/etc\/(?:locale\.alias|localtime)$/;
/** What the C library and the loader read for whatever program it is. */
const OF_LIBRARIES =
  /^\/(?:usr|lib(?:64)?|proc|sys)\/|^\/dev\/(?:null|zero|u?random)$|^\/etc\/(?:ld\.so\.[^/]+|nsswitch\.conf|locale|localtime|selinux|hosts|host\.conf|resolv\.conf|gai\.conf|terminfo|inputrc)/;
/** Where the C library looks names of users up, once it has read how. */
const [ACCOUNTS, LOOKED_UP_BY] = [/^\/etc\/(?:passwd|group)$/, '/etc/nsswitch.conf'];

/** Whether other reasons ask for it itself: that of a shell or a tool which reads the accounts, for how it looks them up. */
export const isAskedFor = ({ actor, applet, object }: Behaviour): boolean =>
  object === LOOKED_UP_BY && isTold(actor, applet);

/** Whether many programs read it without being told to. */
function isReadUnasked(behaviour: Behaviour, known: KnownIndex): boolean {
  const { actor, applet, object } = behaviour;
  if (!isTold(actor, applet) || programClass(actor, applet) === 'interpreter') return true;
  if (ACCOUNTS.test(object)) return known.isDone({ ...behaviour, object: LOOKED_UP_BY });
  return OF_LIBRARIES.test(object);
}

/**
 * Whether it is nothing by itself, where many do it: that a program reads what they read and runs as the user that they run
 * as says nothing that its start did not say.
 */
function isHarmless(behaviour: Behaviour, known: KnownIndex, isRightful: boolean): boolean {
  const { dimension, access, object } = behaviour;
  if (dimension === 'open') return access === 'read' && isReadUnasked(behaviour, known);
  if (dimension === 'privilege') return object.startsWith('uid ');
  return dimension === 'connect' && isRightful && known.deedsOf(behaviour) > 0;
}

/** Where names are resolved, when a resolver of the host or the cluster is asked. */
const RESOLVERS = /^(?:private|loopback|link-local):53\//;

/** What comes with a connection that is known. */
function sameConnection(behaviour: Behaviour, known: KnownIndex): string | undefined {
  const { actor, object } = behaviour;
  if (RESOLVERS.test(object)) return 'names are resolved so';
  if (known.isKnownHost(behaviour)) return `${actor} connects to it by another form of the same name`;
  // To put addresses in order the C library connects to each of them without sending anything (RFC 6724).
  const overTcp = object.replace(/\/UDP$/, '/TCP');
  return overTcp !== object && known.isConnected(actor, overTcp)
    ? `${actor} connects to the same port over TCP: addresses are put in order so`
    : undefined;
}

/** Workloads that run the same, from which on what half of them do is no news. */
const ENOUGH_PEERS = 4;

export function sharedBy(behaviour: Behaviour, peers: Peers | undefined): string | undefined {
  const told = peers?.doing(behaviour);
  if (told === undefined || told.of < ENOUGH_PEERS || 2 * told.seen < told.of) return undefined;
  return `${told.seen} of ${told.of} other workloads that run ${behaviour.actor || behaviour.object} do so`;
}
