import { behaviourKey, behavioursOf } from '@breakwater/engine/behaviour';
import type { AlikeEvents } from '@breakwater/engine/policy/events';
import type { Behaviour, RuntimeEvent } from '@breakwater/model';

/** Deeds that are remembered. */
const MOST_REMEMBERED = 50_000;
/** Deeds of one program on one thing that are gone through one by one: there are more where somebody makes them up. */
const MOST_ALIKE = 16;

/** Kinds of events that are no deeds of programs. */
export const NO_DEED: ReadonlySet<RuntimeEvent['type']> = new Set([
  'signal',
  'alert',
  'loss',
  'request',
  'resource',
  'watch',
]);
/** Those, and deeds that do nothing to anything. */
const NO_BEHAVIOUR: ReadonlySet<RuntimeEvent['type']> = new Set([...NO_DEED, 'exit', 'fork', 'close']);
const NONE: readonly KeyedBehaviour[] = [];

/** A behaviour with the key that it goes by. */
export interface KeyedBehaviour {
  key: string;
  behaviour: Behaviour;
}

/** What many events tell, wherever and whenever it is done: everything of them that their behaviours depend on. */
export class KnownDeed implements AlikeEvents {
  readonly behaviours: readonly KeyedBehaviour[];
  declare judged?: NonNullable<AlikeEvents['judged']>;
  readonly #type: RuntimeEvent['type'];
  readonly #source: RuntimeEvent['source'];
  readonly #program: Program;
  readonly #parent: Program;
  readonly #file: RuntimeEvent['file'];
  readonly #peer: RuntimeEvent['peer'];
  readonly #port: number | undefined;
  readonly #protocol: string | undefined;
  readonly #call: string | undefined;
  readonly #callArguments: string | undefined;
  readonly #failure: string | undefined;

  constructor(event: RuntimeEvent) {
    const { type, source, process, parent, file, peer, local, call, callArguments, failure } = event;
    this.behaviours = NO_BEHAVIOUR.has(type)
      ? NONE
      : behavioursOf(event).map((behaviour) => ({ key: behaviourKey(behaviour), behaviour }));
    this.#type = type;
    this.#source = source;
    this.#program = programOf(process);
    this.#parent = programOf(parent);
    this.#file = file;
    this.#peer = type === 'connect' ? peer : undefined;
    this.#port = type === 'connect' ? undefined : local?.port;
    this.#protocol = type === 'connect' || local === undefined ? undefined : peer?.protocol;
    [this.#call, this.#callArguments, this.#failure] = [call, callArguments, failure];
  }

  isOf(event: RuntimeEvent): boolean {
    const { type, call, callArguments, failure } = event;
    if (this.#type !== type || this.#source !== event.source || this.#call !== call) return false;
    if (this.#callArguments !== callArguments || this.#failure !== failure) return false;
    if (!isProgram(this.#program, event.process) || !isParent(this.#parent, event.parent)) return false;
    if (!isFile(this.#file, event.file)) return false;
    if (type === 'connect') return isPeer(this.#peer, event.peer);
    const { local } = event;
    return this.#port === local?.port && this.#protocol === (local === undefined ? undefined : event.peer?.protocol);
  }
}

type Program =
  | Pick<NonNullable<RuntimeEvent['process']>, 'path' | 'applet' | 'inImage' | 'fileless' | 'uid'>
  | undefined;

/** No more than is compared: an event holds its arguments too. */
const programOf = (process: RuntimeEvent['process']): Program =>
  process && {
    path: process.path,
    applet: process.applet,
    inImage: process.inImage,
    fileless: process.fileless,
    uid: process.uid,
  };

function isProgram(known: Program, process: RuntimeEvent['process']): boolean {
  if (known === undefined || process === undefined) return known === process;
  return (
    known.path === process.path &&
    known.applet === process.applet &&
    known.inImage === process.inImage &&
    known.fileless === process.fileless &&
    known.uid === process.uid
  );
}

/** Which user starts a program does not matter. */
function isParent(known: Program, parent: RuntimeEvent['parent']): boolean {
  if (known === undefined || parent === undefined) return known === parent;
  return known.path === parent.path && known.inImage === parent.inImage && known.fileless === parent.fileless;
}

function isFile(known: RuntimeEvent['file'], file: RuntimeEvent['file']): boolean {
  if (known === undefined || file === undefined) return known === file;
  return (
    known.path === file.path &&
    known.from === file.from &&
    known.access === file.access &&
    known.inImage === file.inImage
  );
}

function isPeer(known: RuntimeEvent['peer'], peer: RuntimeEvent['peer']): boolean {
  if (known === undefined || peer === undefined) return known === peer;
  return (
    known.address === peer.address &&
    known.port === peer.port &&
    known.protocol === peer.protocol &&
    known.name === peer.name
  );
}

/**
 * Deeds of events as they were worked out before: most events of a host say what others said already, and hashing costs more
 * than everything else that is done with one. They are found by program and thing, and then compared: to put together all
 * that they depend on costs more.
 */
export class BehaviourMemory {
  readonly #byProgram = new Map<string, Map<string, KnownDeed[]>>();
  /** Those beyond, by all of it. */
  readonly #others = new Map<string, KnownDeed>();
  #size = 0;

  behavioursOf(event: RuntimeEvent): readonly KeyedBehaviour[] {
    return this.deedOf(event).behaviours;
  }

  deedOf(event: RuntimeEvent): KnownDeed {
    const program = event.process?.path ?? '';
    const thing = thingOf(event);
    const known = this.#byProgram.get(program)?.get(thing);
    if (known === undefined) return this.#remember(program, thing, new KnownDeed(event));
    for (const deed of known) if (deed.isOf(event)) return deed;
    if (known.length < MOST_ALIKE) return this.#remember(program, thing, new KnownDeed(event));
    return this.#otherOf(event);
  }

  #otherOf(event: RuntimeEvent): KnownDeed {
    const mark = markOf(event);
    const known = this.#others.get(mark);
    if (known?.isOf(event) === true) return known;
    const deed = new KnownDeed(event);
    this.#count();
    this.#others.set(mark, deed);
    return deed;
  }

  #remember(program: string, thing: string, deed: KnownDeed): KnownDeed {
    this.#count();
    const things = this.#byProgram.get(program) ?? new Map<string, KnownDeed[]>();
    const deeds = things.get(thing) ?? [];
    deeds.push(deed);
    this.#byProgram.set(program, things.set(thing, deeds));
    return deed;
  }

  #count(): void {
    if (this.#size >= MOST_REMEMBERED) {
      this.#byProgram.clear();
      this.#others.clear();
      this.#size = 0;
    }
    this.#size += 1;
  }
}

/** What a program does it to, as far as it tells most of them apart. */
function thingOf({ type, file, peer, parent, call }: RuntimeEvent): string {
  if (file !== undefined) return file.path;
  if (type === 'exec') return parent?.path ?? '';
  return (type === 'connect' ? peer?.address : call) ?? type;
}

/** All that deeds differ in, apart by what no path holds: a path may hold line breaks. */
function markOf({
  type,
  source,
  process,
  parent,
  file,
  peer,
  local,
  call,
  callArguments,
  failure,
}: RuntimeEvent): string {
  const programs = [process?.path, process?.applet, process?.inImage, process?.fileless, process?.uid];
  const above = [parent?.path, parent?.inImage, parent?.fileless];
  const things = [file?.path, file?.from, file?.access, file?.inImage, call, callArguments, failure];
  const ends = type === 'connect' ? [peer?.address, peer?.port, peer?.protocol, peer?.name] : [local?.port];
  return [type, source, ...programs, ...above, ...things, ...ends].join('\0');
}
