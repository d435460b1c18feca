import type { Json, JsonObject } from '@breakwater/model';
import { fieldAt, fieldOf, listOf, objectOf, objectsOf } from '../../../json/index.ts';
import { policyTypes } from '../../../network/network-policy.ts';
import { InvalidPolicy, parseSelector, type Selector } from '../../../network/selector.ts';
import type { Entry } from './entry.ts';

/** What an object selects pods by, and what it does to those. */
export interface Selecting {
  entry: Entry;
  /** One of them is enough; none selects nothing. */
  selectors: readonly Selector[];
  /** It selects in every namespace. */
  everywhere: boolean;
  /** Pods that it selects take and open only connections that policies allow. */
  restricts: { ingress: boolean; egress: boolean };
}

/** Label under which Cilium's selectors name the namespace of a pod. */
export const CILIUM_NAMESPACE = 'io.kubernetes.pod.namespace';

const NOTHING = { ingress: false, egress: false };

/** Kinds that select pods by labels, as far as policies ask for them. */
export const SELECTING_KINDS = [
  'Service',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
] as const;

/**
 * How an object selects pods: in one way, or in one for each spec of Cilium's. Undefined for kinds that select none,
 * and for selectors that an API server refuses.
 */
export function selectingsOf(entry: Entry): readonly Selecting[] | undefined {
  try {
    return readSelecting(entry);
  } catch (error) {
    if (error instanceof InvalidPolicy) return undefined;
    throw error;
  }
}

function readSelecting(entry: Entry): readonly Selecting[] | undefined {
  const spec = objectOf(fieldOf(entry.object, 'spec')) ?? {};
  const of = (selectors: Selector[], restricts = NOTHING): Selecting => ({
    entry,
    selectors,
    everywhere: entry.kind === 'CiliumClusterwideNetworkPolicy',
    restricts,
  });
  switch (entry.kind) {
    case 'Service': {
      const labels = objectOf(fieldOf(spec, 'selector')) ?? {};
      return [of(Object.keys(labels).length === 0 ? [] : [parseSelector({ matchLabels: labels }, 'selector')])];
    }
    case 'NetworkPolicy':
      return [of([parseSelector(fieldOf(spec, 'podSelector'), 'podSelector')], typesOf(spec))];
    case 'PodDisruptionBudget': {
      const selector = fieldOf(spec, 'selector');
      return [of(selector === undefined ? [] : [parseSelector(selector, 'selector')])];
    }
    case 'CiliumNetworkPolicy':
    case 'CiliumClusterwideNetworkPolicy':
      return ciliumSelecting(entry, of);
    default:
      return undefined;
  }
}

function typesOf(spec: JsonObject): Selecting['restricts'] {
  const types = policyTypes(fieldOf(spec, 'policyTypes'), fieldOf(spec, 'egress'));
  return { ingress: types.has('Ingress'), egress: types.has('Egress') };
}

/** A direction counts where a spec has rules for it, unless it says that they deny nothing else. */
function ciliumSelecting(
  { object }: Entry,
  of: (selectors: Selector[], restricts: Selecting['restricts']) => Selecting,
): Selecting[] {
  const single = objectOf(fieldOf(object, 'spec'));
  const specs = [...(single === undefined ? [] : [single]), ...objectsOf(fieldOf(object, 'specs'))];
  return specs.map((spec) => {
    const restricts = (direction: 'ingress' | 'egress'): boolean =>
      [direction, `${direction}Deny`].some((rules) => listOf(fieldOf(spec, rules)).length > 0) &&
      fieldAt(spec, 'enableDefaultDeny', direction) !== false;
    const selector = fieldOf(spec, 'endpointSelector');
    return of(selector === undefined ? [] : [parseSelector(withoutSources(selector), 'endpointSelector')], {
      ingress: restricts('ingress'),
      egress: restricts('egress'),
    });
  });
}

const bare = (key: string): string => key.replace(/^(?:k8s|any)[:.]/, '');

/** Cilium's keys may say where a label comes from: `k8s:app`. */
function withoutSources(selector: Json): Json {
  const labels = objectOf(fieldAt(objectOf(selector), 'matchLabels'));
  const expressions = objectsOf(fieldOf(objectOf(selector), 'matchExpressions'));
  return {
    ...(labels === undefined
      ? {}
      : { matchLabels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [bare(key), value])) }),
    ...(expressions.length === 0
      ? {}
      : {
          matchExpressions: expressions.map((expression) => ({
            ...expression,
            key: bare(String(fieldOf(expression, 'key'))),
          })),
        }),
  };
}
