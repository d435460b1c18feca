import type { Behaviour } from '@breakwater/model';
import type { Entry } from './entry.ts';
import { Groups } from './groups.ts';
import { isLocalName } from './near-names.ts';
import { isTold } from './program-class.ts';
import { versionlessText, withoutVersions } from './versions.ts';

/** Other programs that do the same, from which on it is what programs do here. */
const COMMON = 3;
/** Minutes of replicas in which others start a program, from which on it is what happens here all the time. */
const OFTEN = 60;

/** Ends of names that may be by chance: of those alike, `build-*`, most can be told by themselves, and some cannot. */
const CHOSEN_END = /(?<=[._-])(?=[A-Za-z]*[A-Z0-9*])[A-Za-z0-9*]{5,12}(?=\/|$)/g;

/** What is known, by what new behaviours may have in common with it. Made of known entries alone, in any order. */
export class KnownIndex {
  readonly groups = new Groups();
  /** Who was seen to start what: actor and program. */
  readonly #starts = new Set<string>();
  /** Programs that were seen, or declared, to be started, in whichever version. */
  readonly #programs = new Set<string>();
  /** Starts by programs of the container, by what is started. */
  readonly #startsOf = new Map<string, Entry[]>();
  /** Programs that do more than read files. */
  readonly #active = new Set<string>();
  /** Actors by what they do; whoever started them. Of those that are told what to do, those that a program started. */
  readonly #actors = new Map<string, Set<string>>();
  readonly #within = new Set<string>();
  readonly #deeds = new Map<string, number>();
  /** Hosts by actor and port, and of names with dots each beginning. */
  readonly #hosts = new Set<string>();
  readonly #beginnings = new Set<string>();
  /** How many there are. */
  size = 0;
  readonly #versions = new Map<string, Entry>();

  constructor(entries: Iterable<Entry> = []) {
    for (const entry of entries) if (entry.origin !== undefined) this.add(entry);
  }

  add(entry: Entry): void {
    const { behaviour } = entry;
    this.size += 1;
    const { dimension, actor, object } = behaviour;
    if (entry.incidences > 0) this.groups.add(behaviour);
    if (dimension === 'exec') {
      this.#starts.add(`${actor}\0${object}`);
      this.#programs.add(withoutVersions(object));
      if (actor !== '') this.#addStart(object, entry);
    }
    if (!isReading(behaviour)) this.#active.add(actor);
    if (dimension === 'connect') this.#addHost(behaviour);
    const deed = deedOf(behaviour);
    const actors = this.#actors.get(deed);
    const who = whoOf(behaviour);
    if (actors === undefined) this.#actors.set(deed, new Set([who]));
    else actors.add(who);
    if (behaviour.parent !== '') this.#within.add(`${deed}\0${who}`);
    this.#deeds.set(who, (this.#deeds.get(who) ?? 0) + 1);
    const text = versionlessText(behaviour);
    const other = this.#versions.get(text);
    // Which of several it is must not depend on their order.
    if (other === undefined || entry.key < other.key) this.#versions.set(text, entry);
  }

  #addStart(program: string, entry: Entry): void {
    const starts = this.#startsOf.get(program);
    if (starts === undefined) this.#startsOf.set(program, [entry]);
    else starts.push(entry);
  }

  #addHost({ actor, object }: Behaviour): void {
    const at = object.lastIndexOf(':');
    const [host, port] = [object.slice(0, at), object.slice(at)];
    this.#hosts.add(`${actor}\0${object}`);
    if (!isLocalName(host)) return;
    for (let end = host.indexOf('.'); end > 0; end = host.indexOf('.', end + 1))
      this.#beginnings.add(`${actor}\0${host.slice(0, end)}${port}`);
  }

  /** Whether a program is known to connect to the same host by a longer name, or by one that a search domain completes. */
  isKnownHost({ actor, object }: Behaviour): boolean {
    if (this.#beginnings.has(`${actor}\0${object}`)) return true;
    const at = object.lastIndexOf(':');
    const [host, port] = [object.slice(0, at), object.slice(at)];
    if (!isLocalName(host)) return false;
    for (let end = host.indexOf('.'); end > 0; end = host.indexOf('.', end + 1))
      if (this.#hosts.has(`${actor}\0${host.slice(0, end)}${port}`)) return true;
    return false;
  }

  /** Whether a program is known to connect to the same port of the same host, whoever started it. */
  isConnected = (actor: string, object: string): boolean => this.#hosts.has(`${actor}\0${object}`);

  /** Whether a program was seen, or declared, to start another. */
  isStarted = (by: string, program: string): boolean => this.#starts.has(`${by}\0${program}`);

  /** Whether a program was seen, or declared, to be started by anybody, in this version or another. */
  isRun = (program: string): boolean => this.#programs.has(withoutVersions(program));

  /** Whether programs of the container, on more than one replica, start another all the time. */
  isStartedOften = (program: string): boolean =>
    this.#startsOf.get(program)?.some(({ incidences, replicas }) => incidences >= OFTEN && replicas.length > 1) ??
    false;

  /** Whether all that a program is known to do, whoever started it, is to read files. */
  isReader = (program: string): boolean => !this.#active.has(program);

  /**
   * Whether the same program does the same under another parent. What people do with shells and tools in a container, which
   * its runtime starts for them, is none of it where a program of the container does so.
   */
  isDoneUnderOthers(behaviour: Behaviour): boolean {
    const { actor, applet, parent } = behaviour;
    if (parent !== '' && isTold(actor, applet)) return this.#within.has(`${deedOf(behaviour)}\0${whoOf(behaviour)}`);
    return this.#actors.get(deedOf(behaviour))?.has(whoOf(behaviour)) ?? false;
  }

  /** Whether a program does a thing, whoever started it. */
  isDone = (behaviour: Behaviour): boolean => this.#actors.get(deedOf(behaviour))?.has(whoOf(behaviour)) ?? false;

  /** Whether any other program does a thing; another version of the same is no other. */
  isDoneByOthers(behaviour: Behaviour): boolean {
    const self = withoutVersions(whoOf(behaviour));
    for (const who of this.#actors.get(deedOf(behaviour)) ?? []) if (withoutVersions(who) !== self) return true;
    return false;
  }

  /** Whether a program does the same with names of which only the end differs, where others of them were by chance. */
  isOfPattern(behaviour: Behaviour): boolean {
    if (behaviour.dimension !== 'open') return false;
    const object = behaviour.object.replace(CHOSEN_END, '*');
    return object !== behaviour.object && this.isDoneUnderOthers({ ...behaviour, object });
  }

  /** How many programs do the same, whoever started them. */
  actorsOf = (behaviour: Behaviour): number => this.#actors.get(deedOf(behaviour))?.size ?? 0;

  /** Whether so many programs do the same that the next one is no news. */
  isCommon = (behaviour: Behaviour): boolean => this.actorsOf(behaviour) >= COMMON;

  /** How much a program is known to do. */
  deedsOf = (behaviour: Behaviour): number => this.#deeds.get(whoOf(behaviour)) ?? 0;

  /** The same with other versions in its paths. */
  otherVersion = (behaviour: Behaviour): Entry | undefined => this.#versions.get(versionlessText(behaviour));
}

const isReading = ({ dimension, access, object }: Behaviour): boolean =>
  (dimension === 'open' && access === 'read') || (dimension === 'privilege' && object.startsWith('uid '));
const whoOf = ({ actor, applet = '', dimension }: Behaviour): string =>
  dimension === 'exec' ? actor : `${actor}\0${applet}`;
const deedOf = ({ dimension, access, object }: Behaviour): string => `${dimension}\0${access ?? ''}\0${object}`;
