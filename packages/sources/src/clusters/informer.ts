import { setTimeout as wait } from 'node:timers/promises';
import { type ClusterGap, type ClusterTrouble, type Unknown, UpstreamError, UserError } from '@breakwater/model';
import type { ChosenKind } from './choose-kinds.ts';
import type { ClusterClient } from './cluster-client.ts';
import { ClusterError } from './cluster-error.ts';
import { listObjects, METADATA } from './list-objects.ts';
import { pathOf } from './resource-kinds.ts';
import { delayAfter } from './retry-delay.ts';
import { keyOf, type LiveObject, takeObject } from './take-object.ts';
import { troubleOf } from './unread-kind.ts';
import { parseEvent, versionOf, watchError } from './watch-event.ts';

/** What happened to an object. `before` is what was known until then. */
export interface ObjectChange {
  type: 'added' | 'changed' | 'removed';
  object: LiveObject;
  before?: LiveObject;
}

/** How an informer stands: `polling` where a kind may be listed but not watched. */
export type InformerState = 'listing' | 'watching' | 'polling' | 'reconnecting' | 'refused' | 'gone' | 'stopped';

export interface InformerOptions {
  /** Only objects of this namespace. */
  namespace?: string | undefined;
  onChange(change: ObjectChange): void;
  /** Called when the state, a trouble or a gap changed. */
  onState?: (() => void) | undefined;
  /** Lets only so many list at once. */
  turn?: (<T>(run: () => Promise<T>) => Promise<T>) | undefined;
  /** Milliseconds before the first retry and at most, before chance. */
  retry?: { first: number; most: number };
  /** Milliseconds between two lists of what cannot be watched, and before asking again for what was refused. */
  pollEvery?: number;
}

const POLL = 60_000;
/** Seconds after which the server ends a watch by itself, before chance. */
const WATCH = 300;
/** Milliseconds without a byte: servers send a bookmark each minute. */
const SILENCE = 150_000;
/** Milliseconds that a watch lasts at least, where nothing is wrong between here and the server. */
const SHORTEST = 1000;
/** Gaps that are remembered. */
const MOST_GAPS = 20;
/** Failures before a watch begins with a list again, and before a kind that was never listed is waited for no longer. */
const PATIENCE = 3;

/**
 * Follows the objects of one kind: lists them, watches what changes, goes on where it stopped when the connection
 * breaks, and lists anew where the server has forgotten where that was (410). Nothing is lost that way: what changed
 * meanwhile is told when it is listed; that states in between were not seen is a gap.
 */
export class Informer {
  readonly kind: ChosenKind;
  readonly namespace: string | undefined;
  state: InformerState = 'listing';
  trouble: ClusterTrouble | undefined;
  /** When anything was heard last, ISO 8601. */
  heardAt: string | undefined;
  readonly gaps: ClusterGap[] = [];
  /** Settled when everything was listed once, or refused, or could not be listed again and again. */
  readonly listed: Promise<void>;
  #objects = new Map<string, LiveObject>();
  /** What could not be taken, by path of the object. */
  readonly #unknowns = new Map<string, Unknown[]>();
  #version: string | undefined;
  #known = false;
  #watchRefused = false;
  #asksAgain = false;
  #failures = 0;
  #settle: () => void = () => {};
  readonly #client: ClusterClient;
  readonly #options: InformerOptions;

  constructor(client: ClusterClient, kind: ChosenKind, options: InformerOptions) {
    this.kind = kind;
    this.namespace = options.namespace;
    this.#client = client;
    this.#options = options;
    this.listed = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get objects(): ReadonlyMap<string, LiveObject> {
    return this.#objects;
  }

  get unknowns(): Unknown[] {
    return [...this.#unknowns.values()].flat();
  }

  /** Follows until the signal. Rejects for a fault of ours alone. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pause = await this.#step(signal);
      if (pause === undefined) break;
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
    if (this.state !== 'gone') this.#enter('stopped');
    this.#settle();
  }

  /** Lists or watches once. Gives the milliseconds to rest; undefined where the kind is gone. */
  async #step(signal: AbortSignal): Promise<number | undefined> {
    try {
      if (this.#version === undefined) await this.#list(signal);
      if (this.#watchRefused && !this.#asksAgain) {
        this.#version = undefined;
        // A server that starts knows no permissions for a moment: what it refused then it may permit now.
        this.#asksAgain = true;
        this.#enter('polling');
        return this.#pollEvery;
      }
      if (!this.#watchRefused) this.#enter('watching');
      this.#asksAgain = false;
      const begun = Date.now();
      await this.#watch(signal);
      this.#watchRefused = false;
      if (Date.now() - begun > SHORTEST) return 0;
      this.#failures += 1;
      return this.#delay();
    } catch (error) {
      if (signal.aborted) return 0;
      return this.#take(error);
    }
  }

  /** What a failure means, as the rest before the next step. */
  #take(error: unknown): number | undefined {
    if (!(error instanceof UserError || error instanceof UpstreamError)) throw error;
    this.#failures += 1;
    if (this.#failures >= PATIENCE) this.#settle();
    if (!(error instanceof ClusterError)) {
      // Credentials that cannot be had, by a plug-in that fails.
      this.#enter('refused', error);
      this.#settle();
      return this.#delay();
    }
    const watching = this.#version !== undefined;
    if (error.status === 410) {
      this.#version = undefined;
      return this.#failures > 1 ? this.#delay() : 0;
    }
    if (error.status === 404 || (error.status === 405 && !watching)) {
      this.#replace(new Map());
      this.#enter('gone');
      return undefined;
    }
    if (watching && (error.status === 403 || error.status === 405)) {
      this.#watchRefused = true;
      return 0;
    }
    if (watching && error.status >= 400 && this.#failures >= PATIENCE) this.#version = undefined;
    const refused = error.status === 403 || error.status === 401;
    this.#enter(refused ? 'refused' : 'reconnecting', error);
    if (refused) this.#settle();
    return refused ? this.#pollEvery : Math.max(this.#delay(), error.retryAfter ?? 0);
  }

  get #pollEvery(): number {
    return this.#options.pollEvery ?? POLL;
  }

  #delay(): number {
    return delayAfter(this.#failures, this.#options.retry);
  }

  async #list(signal: AbortSignal): Promise<void> {
    if (!this.#known) this.#enter('listing', this.trouble);
    const found = new Map<string, LiveObject>();
    const unknowns = new Map<string, Unknown[]>();
    const turn = this.#options.turn ?? ((run) => run());
    const version = await turn(() =>
      listObjects(this.#client, this.kind, {
        namespace: this.namespace,
        signal,
        onPage: (items) => {
          for (const item of items) {
            const object = this.#read(item, unknowns);
            if (object) found.set(keyOf(object), this.#same(object));
          }
        },
        onRestart: () => {
          found.clear();
          unknowns.clear();
        },
      }),
    );
    if (this.#known && !this.#watchRefused) this.#addGap();
    this.#unknowns.clear();
    for (const [path, own] of unknowns) this.#unknowns.set(path, own);
    this.#hear();
    this.#known = true;
    this.#version = version;
    this.#failures = 0;
    this.#replace(found);
    this.#settle();
  }

  /** The object that is known already, where it is the same: nothing is kept twice. */
  #same(object: LiveObject): LiveObject {
    const known = this.#objects.get(keyOf(object));
    return known?.uid === object.uid && known.resourceVersion === object.resourceVersion ? known : object;
  }

  #replace(found: Map<string, LiveObject>): void {
    const before = this.#objects;
    this.#objects = found;
    for (const [key, object] of before) if (!found.has(key)) this.#tell('removed', object, object);
    for (const [key, object] of found) {
      const known = before.get(key);
      if (known === object) continue;
      this.#tellReplaced(known, object);
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const query = new URLSearchParams({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: this.#version as string,
      timeoutSeconds: String(Math.round(WATCH * (0.75 + Math.random() / 2))),
    });
    if (this.kind.fieldSelector) query.set('fieldSelector', this.kind.fieldSelector);
    const accept = this.kind.content === 'metadata' ? METADATA : 'application/json';
    const path = `${pathOf(this.kind, this.namespace)}?${query}`;
    await this.#client.stream(path, (line) => this.#event(line), { accept, signal, silence: SILENCE });
  }

  #event(line: string): void {
    const { type, object: value } = parseEvent(line);
    if (type === 'ERROR') throw watchError(this.#client.name, this.kind, value);
    this.#hear();
    this.#failures = 0;
    if (this.#watchRefused) this.#enter('watching');
    this.#watchRefused = false;
    const version = versionOf(value);
    if (version !== '') this.#version = version;
    if (type === 'BOOKMARK') return;
    const object = this.#read(value, this.#unknowns);
    if (!object) return;
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (type === 'DELETED') {
      this.#objects.delete(key);
      this.#unknowns.delete(object.place.path as string);
      if (known) this.#tell('removed', object, known);
    } else if (known?.uid !== object.uid || known.resourceVersion !== object.resourceVersion) {
      this.#objects.set(key, object);
      this.#tellReplaced(known, object);
    }
  }

  #read(value: unknown, unknowns: Map<string, Unknown[]>): LiveObject | undefined {
    const taken = takeObject(value, this.kind, this.#client.name);
    if (!('object' in taken)) {
      unknowns.set(taken.place.path ?? '', [taken]);
      return undefined;
    }
    const path = taken.object.place.path as string;
    if (taken.unknowns.length > 0) unknowns.set(path, taken.unknowns);
    else unknowns.delete(path);
    return taken.object;
  }

  /** Another object of the same name is a new one. */
  #tellReplaced(known: LiveObject | undefined, object: LiveObject): void {
    if (known && known.uid !== object.uid) {
      this.#tell('removed', known, known);
      this.#tell('added', object);
    } else {
      this.#tell(known ? 'changed' : 'added', object, known);
    }
  }

  #tell(type: ObjectChange['type'], object: LiveObject, before?: LiveObject): void {
    this.#options.onChange({ type, object, ...(before ? { before } : {}) });
  }

  #hear(): void {
    this.heardAt = new Date().toISOString();
  }

  #addGap(): void {
    const until = new Date().toISOString();
    this.gaps.push({ from: this.heardAt ?? until, until });
    if (this.gaps.length > MOST_GAPS) this.gaps.shift();
  }

  #enter(state: InformerState, error?: UserError | UpstreamError | ClusterTrouble): void {
    const trouble = error && troubleOf(error, this.trouble);
    if (this.state === state && this.trouble?.message === trouble?.message) return;
    this.state = state;
    this.trouble = trouble;
    this.#options.onState?.();
  }
}
