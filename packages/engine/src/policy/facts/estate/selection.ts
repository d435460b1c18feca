import type { JsonObject } from '@breakwater/model';
import type { Selector } from '../../../network/selector.ts';
import { selects } from '../../../network/selector.ts';
import { CelError, CelUnknown, type Failure } from '../../cel/index.ts';
import { podSpecPointer } from '../workload.ts';
import { type Entry, podLabelsOf } from './entry.ts';
import { EmptyKinds } from './kinds.ts';
import { CILIUM_NAMESPACE, SELECTING_KINDS, type Selecting, selectingsOf } from './selectors.ts';

const ISOLATING_KINDS = SELECTING_KINDS.filter((kind) => kind.endsWith('NetworkPolicy'));

/** Selectors held against labels for one estate; what is asked for beyond is not known. About a second. */
const MOST_STEPS = 5_000_000;

interface Pods {
  /** Its place in the estate's order. */
  index: number;
  entry: Entry;
  labels: ReadonlyMap<string, string>;
}

/** What selects the pods of a workload. */
export interface SelectedBy {
  /** Objects by kind. Unknown where none was found of a kind that is not wholly in view. */
  kinds: Record<string, JsonObject[] | CelUnknown>;
  /** Directions in which its pods take part only in connections that some policy allows. */
  isolated: { ingress: boolean | CelUnknown; egress: boolean | CelUnknown };
}

/** What selects pods of one namespace, or of all. */
interface Selectings {
  /** By one label that they need. */
  byLabel: Map<string, Selecting[]>;
  /** Those that need none. */
  loose: Selecting[];
}

const NO_LABELS: ReadonlyMap<string, string> = new Map();

const join = (first: string, second: string, third?: string): string =>
  third === undefined ? `${first}\u0000${second}` : `${first}\u0000${second}\u0000${third}`;

function put<T>(index: Map<string, T[]>, key: string, value: T): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [value]);
  else known.push(value);
}

/** The values of which a selector needs one, for the key that narrows it most. */
function narrowest({ requirements }: Selector): { key: string; values: readonly string[] } | undefined {
  const named = requirements.filter(({ operator }) => operator === 'In');
  return named.sort((a, b) => a.values.length - b.values.length)[0];
}

/**
 * Which pods are selected by what, in both directions: through an index of labels, so that the time grows with what is
 * selected and not with the product of all selectors and pods.
 */
export class Selection {
  readonly #entries: readonly Entry[];
  readonly #complete: boolean;
  readonly #partial: boolean;
  readonly #unread: ReadonlySet<string>;
  #custom: ReadonlySet<string> | undefined;
  readonly #selected = new Map<string, JsonObject[]>();
  readonly #selectedBy = new Map<string, SelectedBy>();
  #selectedByNothing: SelectedBy | undefined;
  #steps = 0;
  #pods: { byLabel: Map<string, Pods[]>; byNamespace: Map<string, Pods[]> } | undefined;
  #selectings: Map<string, Selectings> | undefined;

  constructor(
    entries: readonly Entry[],
    { complete, partial, unread }: { complete: boolean; partial: boolean; unread: ReadonlySet<string> },
  ) {
    this.#entries = entries;
    this.#complete = complete;
    this.#partial = partial;
    this.#unread = unread;
  }

  /** Workloads that an object's selector selects; undefined where its kind selects none. */
  selectedOf(entry: Entry): readonly JsonObject[] | Failure | undefined {
    if (!(SELECTING_KINDS as readonly string[]).includes(entry.kind)) return undefined;
    const selectings = selectingsOf(entry);
    if (selectings === undefined) return new CelError(`the selector of ${entry.kind} ${entry.name} is not valid`);
    const scoped = selectings.flatMap(({ selectors, everywhere }) =>
      selectors.map((selector) => ({ selector, namespace: everywhere ? '' : entry.namespace })),
    );
    const found: JsonObject[] = [];
    for (const { selector, namespace } of scoped) {
      const own = this.#select(selector, namespace);
      if (own instanceof CelUnknown) return own;
      for (const object of own) found.push(object);
    }
    if (found.length === 0 && scoped.length > 0) {
      const unread = [...this.#unread].find((kind) => podSpecPointer(kind) !== undefined);
      if (unread !== undefined) return new CelUnknown([`estate.${unread}`]);
      if (this.#mayBeMade(entry.namespace))
        return new CelUnknown([`pods that templates or custom resources in ${entry.namespace} make`]);
    }
    return scoped.length > 1 ? [...new Set(found)] : found;
  }

  /** Whether pods may come of templates or custom resources: in a live cluster they would be in view themselves. */
  #mayBeMade(namespace: string): boolean {
    if (this.#complete) return false;
    if (this.#partial) return true;
    this.#custom ??= new Set(this.#entries.filter(isCustom).map((entry) => entry.namespace));
    return this.#custom.has(namespace);
  }

  /** What selects a workload's pods. */
  selectedByOf(entry: Entry): SelectedBy | CelUnknown {
    this.#selectings ??= indexSelectings(this.#entries);
    const everywhere = this.#selectings.get('');
    const here = entry.namespace === '' ? undefined : this.#selectings.get(entry.namespace);
    const labels = everywhere === undefined && here === undefined ? NO_LABELS : labelsOf(entry);
    const lists: Selecting[][] = [];
    if (everywhere !== undefined) addMatching(everywhere, labels, lists);
    if (here !== undefined) addMatching(here, labels, lists);
    /* Most workloads: there is nothing to keep. */
    if (lists.length === 0) {
      this.#selectedByNothing ??= this.#gather([]);
      return this.#selectedByNothing;
    }
    const text = [...labels].map(([name, value]) => `${name}=${value}`).sort();
    const key = [entry.namespace, ...text].join('\u0000');
    const known = this.#selectedBy.get(key);
    if (known !== undefined) return known;
    if (!this.#spend(lists.reduce((sum, list) => sum + list.length, 0))) return new CelUnknown(['estate.selectedBy']);
    const found = [...new Set(lists.flat())].filter(({ selectors }) =>
      selectors.some((selector) => selects(selector, labels)),
    );
    const result = this.#gather(found);
    this.#selectedBy.set(key, result);
    return result;
  }

  /** In one namespace, or in all of them where it is empty. */
  #select(selector: Selector, namespace: string): JsonObject[] | CelUnknown {
    const memo = join(namespace, selector.key);
    const known = this.#selected.get(memo);
    if (known !== undefined) return known;
    this.#pods ??= indexPods(this.#entries);
    const { byLabel, byNamespace } = this.#pods;
    const named = narrowest(selector);
    const lists =
      named === undefined
        ? [byNamespace.get(namespace) ?? []]
        : [...new Set(named.values)].map((value) => byLabel.get(join(namespace, named.key, value)) ?? []);
    if (!this.#spend(lists.reduce((sum, list) => sum + list.length, 0))) return new CelUnknown(['estate.selected']);
    const found = lists
      .flat()
      .filter(({ labels }) => selects(selector, labels))
      .sort((a, b) => a.index - b.index)
      .map(({ entry }) => entry.object);
    this.#selected.set(memo, found);
    return found;
  }

  #gather(found: readonly Selecting[]): SelectedBy {
    const isolated = { ingress: false, egress: false };
    for (const { restricts } of found) {
      isolated.ingress ||= restricts.ingress;
      isolated.egress ||= restricts.egress;
    }
    const kinds = new EmptyKinds() as unknown as SelectedBy['kinds'];
    for (const kind of SELECTING_KINDS) {
      const own = [...new Set(found.filter(({ entry }) => entry.kind === kind).map(({ entry }) => entry.object))];
      kinds[kind] = own.length === 0 ? (this.#missing([kind]) ?? own) : own;
    }
    const policies = this.#missing(ISOLATING_KINDS);
    return {
      kinds,
      isolated: {
        ingress: isolated.ingress || (policies ?? false),
        egress: isolated.egress || (policies ?? false),
      },
    };
  }

  /** Of kinds that are not wholly in view. */
  #missing(kinds: readonly string[]): CelUnknown | undefined {
    const missing = kinds.find((kind) => this.#partial || this.#unread.has(kind));
    return missing === undefined ? undefined : new CelUnknown([`estate.${missing}`]);
  }

  #spend(steps: number): boolean {
    this.#steps += steps;
    return this.#steps <= MOST_STEPS;
  }
}

/** Of a group that is not Kubernetes' own, and no policy on networks. */
const isCustom = ({ apiVersion, kind }: Entry): boolean =>
  /\.[^/]*\//.test(apiVersion) && !/\.k8s\.io\//.test(apiVersion) && !kind.endsWith('NetworkPolicy');

function labelsOf(entry: Entry): ReadonlyMap<string, string> {
  const written = podLabelsOf(entry) ?? {};
  const labels = new Map<string, string>();
  for (const name of Object.keys(written)) {
    const value = written[name];
    if (typeof value === 'string') labels.set(name, value);
  }
  return labels.set(CILIUM_NAMESPACE, entry.namespace);
}

/** Adds what may select pods with some labels to `lists`. */
function addMatching({ loose, byLabel }: Selectings, labels: ReadonlyMap<string, string>, lists: Selecting[][]): void {
  if (loose.length > 0) lists.push(loose);
  if (byLabel.size === 0) return;
  for (const [name, value] of labels) {
    const labelled = byLabel.get(join(name, value));
    if (labelled !== undefined) lists.push(labelled);
  }
}

/** Every pod under its own namespace, and under the empty one that stands for all. */
function indexPods(entries: readonly Entry[]): { byLabel: Map<string, Pods[]>; byNamespace: Map<string, Pods[]> } {
  const byLabel = new Map<string, Pods[]>();
  const byNamespace = new Map<string, Pods[]>();
  for (const [index, entry] of entries.entries()) {
    if (podLabelsOf(entry) === undefined) continue;
    const pods = { index, entry, labels: labelsOf(entry) };
    for (const scope of ['', entry.namespace]) {
      put(byNamespace, scope, pods);
      for (const [name, value] of pods.labels) put(byLabel, join(scope, name, value), pods);
    }
  }
  return { byLabel, byNamespace };
}

/** Selectors by their namespace, the empty one for those of all. */
function indexSelectings(entries: readonly Entry[]): Map<string, Selectings> {
  const index = new Map<string, Selectings>();
  for (const entry of entries) {
    for (const selecting of selectingsOf(entry) ?? []) {
      const scope = selecting.everywhere ? '' : entry.namespace;
      const known: Selectings = index.get(scope) ?? { byLabel: new Map(), loose: [] };
      index.set(scope, known);
      for (const selector of selecting.selectors) {
        const named = narrowest(selector);
        if (named === undefined) known.loose.push(selecting);
        else for (const value of named.values) put(known.byLabel, join(named.key, value), selecting);
      }
    }
  }
  return index;
}
