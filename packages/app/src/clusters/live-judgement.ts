import { createHash } from 'node:crypto';
import type { CompiledPolicy } from '@breakwater/engine/policy';
import { type Estate, estatesOf } from '@breakwater/engine/policy/facts/estate';
import type { ManifestObject, PolicyResult } from '@breakwater/model';
import type { ObjectChange } from '@breakwater/sources/clusters';
import { judgeObject } from '../estate/judge-policies.ts';
import type { PolicySet } from '../estate/policy-set.ts';
import { type FindOwner, isJudged, madeFrom, makersOf, policiesOnMade } from './judged-objects.ts';
import { ownersOf, uidOf } from './live-index.ts';

/** What a round of judging took. */
export interface Judged {
  /** Objects whose content was new, by policies on themselves alone. */
  objects: number;
  /** Objects that policies on several objects were asked about. */
  surroundings: number;
}

/** Facts that lie outside of an object: who asks for one judges anew when something beside the object changed. */
const SURROUNDINGS = ['estate', 'grants', 'namespaceObject', 'params'];
/** Facts that take all objects of the cluster together: worked out anew at a slower pace. */
const WHOLE = ['exposure', 'network', 'permissions', 'tenancy'];

/** One list, so that what is looked up by it is found again. */
const NONE: CompiledPolicy[] = [];

interface Verdicts {
  object: ManifestObject;
  /** Digest of what is judged: status and versions are not. */
  digest: string;
  own: PolicyResult[];
  around: PolicyResult[];
  /** By policies on the cluster as a whole: unknown until that was looked at. */
  whole: PolicyResult[];
}

/**
 * What policies say of a live cluster, kept up to date by what changes: an object is judged anew when its content
 * changed, and by policies on several objects when its namespace did, or what belongs to the whole cluster. Status and
 * heartbeats judge nothing. Policies that take all objects together (network, permissions, tenants, ways in) are judged
 * when `judgeWhole` is asked to; what hangs on images stays unknown here, where no image is read.
 */
export class LiveJudgement {
  readonly #objects = new Map<string, ManifestObject>();
  readonly #digests = new Map<string, string>();
  readonly #verdicts = new Map<string, Verdicts>();
  readonly #byUid = new Map<string, ManifestObject>();
  /** Keys of objects by the uids of what they say owns them. */
  readonly #owned = new Map<string, Set<string>>();
  /** Namespaces in which something changed. */
  readonly #dirty = new Set<string>();
  #pending = new Map<string, ManifestObject>();
  #everywhere = false;
  /** Something changed since the cluster as a whole was looked at. */
  #moved = false;
  readonly #alone: PolicySet;
  readonly #together: PolicySet;
  readonly #whole: PolicySet;
  readonly #unread: () => readonly string[];

  /** `unread` are kinds that could not be read: what asks for them is unknown. */
  constructor(set: PolicySet, unread: () => readonly string[] = () => []) {
    const asks = (facts: readonly string[]) => (policy: CompiledPolicy) => facts.some((fact) => policy.facts.has(fact));
    const onObjects = set.policies.filter(({ policy }) => policy.spec.match.events === undefined);
    const here = onObjects.filter((policy) => !asks(WHOLE)(policy));
    this.#alone = { ...set, policies: here.filter((policy) => !asks(SURROUNDINGS)(policy)) };
    this.#together = { ...set, policies: here.filter(asks(SURROUNDINGS)) };
    this.#whole = { ...set, policies: onObjects.filter(asks(WHOLE)) };
    this.#unread = unread;
  }

  /** Takes note of a change; judged at the next `judge`. True where the content of an object changed. */
  take({ type, object }: ObjectChange): boolean {
    const key = keyOf(object);
    if (type === 'removed') {
      if (!this.#objects.delete(key)) return false;
      this.#digests.delete(key);
      this.#verdicts.delete(key);
      this.#pending.delete(key);
      this.#forget(key, object);
      this.#mark(object);
      return true;
    }
    const digest = digestOf(object);
    const before = this.#objects.get(key);
    this.#objects.set(key, object);
    const uid = uidOf(object);
    if (uid !== '') this.#byUid.set(uid, object);
    if (this.#digests.get(key) === digest) return false;
    if (before !== undefined) this.#forget(key, before, uid);
    for (const owner of ownersOf(object)) {
      const own = this.#owned.get(owner.uid);
      if (own) own.add(key);
      else this.#owned.set(owner.uid, new Set([key]));
    }
    this.#touchOwned(uid);
    this.#digests.set(key, digest);
    this.#pending.set(key, object);
    this.#mark(object);
    return true;
  }

  /** Judges what changed since the last time. */
  judge(): Judged {
    const pending = this.#pending;
    this.#pending = new Map();
    let objects = 0;
    for (const [key, object] of pending) {
      const sets = this.#setsFor(object);
      if (sets === undefined) {
        this.#verdicts.delete(key);
        continue;
      }
      objects += 1;
      const makers = makersOf(object, this.#find);
      const own = judgeObject(object, 'run', sets.alone, { makers });
      const { around = [], whole } = this.#verdicts.get(key) ?? {};
      const unseen = whole ?? judgeObject(object, 'run', sets.whole, { makers });
      this.#verdicts.set(key, { object, digest: this.#digests.get(key) as string, own, around, whole: unseen });
    }
    return { objects, surroundings: this.#judgeSurroundings() };
  }

  /** Judges by policies on the cluster as a whole, where something changed since; how many objects. */
  judgeWhole(): number {
    if (this.#whole.policies.length === 0 || !this.#moved) return 0;
    this.#moved = false;
    const estates = estatesOf([...this.#objects.values()], { complete: true, unread: this.#unread(), together: true });
    for (const verdicts of this.#verdicts.values()) {
      const { object } = verdicts;
      const estate = estates.get(object.cluster);
      const set = this.#setsFor(object)?.whole ?? this.#whole;
      verdicts.whole = judgeObject(object, 'run', set, {
        makers: makersOf(object, this.#find),
        ...(estate ? { estate } : {}),
      });
    }
    return this.#verdicts.size;
  }

  /** The policies by which an object is judged; undefined where what it was made from stands for it whole. */
  #setsFor(object: ManifestObject): Record<'alone' | 'together' | 'whole', PolicySet> | undefined {
    const sets = { alone: this.#alone, together: this.#together, whole: this.#whole };
    if (isJudged(object, this.#find)) return sets;
    const from = madeFrom(object, this.#find);
    if (from === undefined) return undefined;
    const beside = (set: PolicySet): PolicySet | undefined => policiesOnMade(set, object.kind, from, 'run');
    const [alone, together, whole] = [beside(sets.alone), beside(sets.together), beside(sets.whole)];
    if (alone === undefined && together === undefined && whole === undefined) return undefined;
    const none = { ...this.#alone, policies: NONE };
    return { alone: alone ?? none, together: together ?? none, whole: whole ?? none };
  }

  #judgeSurroundings(): number {
    if (this.#together.policies.length === 0 || (this.#dirty.size === 0 && !this.#everywhere)) return 0;
    let estate: Estate | undefined;
    let asked = 0;
    for (const verdicts of this.#verdicts.values()) {
      const { object } = verdicts;
      if (!this.#everywhere && !this.#dirty.has(object.namespace)) continue;
      estate ??= this.#estate(object.cluster);
      const makers = makersOf(object, this.#find);
      const set = this.#setsFor(object)?.together ?? this.#together;
      verdicts.around = judgeObject(object, 'run', set, { makers, ...(estate ? { estate } : {}) });
      asked += 1;
    }
    this.#dirty.clear();
    this.#everywhere = false;
    return asked;
  }

  #estate(cluster: string): Estate | undefined {
    return estatesOf([...this.#objects.values()], { complete: true, unread: this.#unread() }).get(cluster);
  }

  /** All results now, those that pass among them. */
  *results(): Iterable<PolicyResult> {
    for (const { own, around, whole } of this.#verdicts.values()) {
      yield* own;
      yield* around;
      yield* whole;
    }
  }

  /** How many objects are known, and how many of them are judged. */
  get size(): { objects: number; judged: number } {
    return { objects: this.#objects.size, judged: this.#verdicts.size };
  }

  readonly #find: FindOwner = (_, uid) => this.#byUid.get(uid);

  /** Leaves an object out of the indexes by uid, unless it is replaced by one that has the same. */
  #forget(key: string, object: ManifestObject, kept = ''): void {
    for (const owner of ownersOf(object)) {
      const own = this.#owned.get(owner.uid);
      own?.delete(key);
      if (own?.size === 0) this.#owned.delete(owner.uid);
    }
    const uid = uidOf(object);
    if (uid === '' || uid === kept) return;
    this.#byUid.delete(uid);
    this.#touchOwned(uid);
  }

  /** What an object owns is judged by itself or not, and by other makers, when that comes, goes or changes. */
  #touchOwned(uid: string): void {
    for (const key of this.#owned.get(uid) ?? []) {
      const object = this.#objects.get(key);
      if (object !== undefined && !this.#pending.has(key)) {
        this.#pending.set(key, object);
        this.#touchOwned(uidOf(object));
      }
    }
  }

  #mark({ namespace }: ManifestObject): void {
    this.#moved = true;
    if (namespace === '') this.#everywhere = true;
    else this.#dirty.add(namespace);
  }
}

function keyOf({ apiVersion, kind, namespace, name }: ManifestObject): string {
  return `${apiVersion}\n${kind}\n${namespace}\n${name}`;
}

/** Of everything that is judged: a status is no wish, and versions say that something changed, not what. */
function digestOf({ object }: ManifestObject): string {
  const { status, metadata, ...rest } = object;
  const { resourceVersion, managedFields, generation, ...about } = metadata as Record<string, unknown>;
  return createHash('sha1')
    .update(JSON.stringify([about, rest]))
    .digest('base64');
}
