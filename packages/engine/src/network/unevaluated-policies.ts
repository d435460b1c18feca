import type { Json, ManifestObject, Unknown } from '@breakwater/model';
import { fieldAt, fieldOf, labelsOf, objectOf, objectsOf } from '../json/index.ts';
import { parseCidr } from './address.ts';
import type { Action, Direction, Policy, RulePeer } from './connectivity/index.ts';
import { InvalidPolicy, parseSelector, type Selector } from './selector.ts';

/** Policies of the network that are not evaluated: what reach would be if they closed, or opened, all that they may. */
export interface UnevaluatedPolicies {
  /** The objects that say so. */
  policies: ManifestObject[];
  unknowns: Unknown[];
  /** Policies that close all that these might close. */
  closing: Policy[];
  /** Policies that open all that these might open. */
  opening: Policy[];
}

/** A kind of policy that decides about the network too. */
interface OtherKind {
  kinds: RegExp;
  groups: RegExp;
  /** Directions of pods that it can close. */
  closes: readonly Direction[];
  /** It is about addresses outside alone. */
  outside?: true;
  /** Whether it can let pass what a NetworkPolicy closes. */
  opens: boolean;
  /** Whether it is put on pods of every namespace, by kind and namespace: `AuthorizationPolicy istio-system`. */
  wide: RegExp;
  /** Fields of the selector of pods, where it is one of Kubernetes' own. */
  selector?: readonly string[];
}

const NEVER = /^$/;
const ALL = /^/;
const BOTH: readonly Direction[] = ['ingress', 'egress'];
/** Every address outside. */
const OUTSIDE: RulePeer[] = ['0.0.0.0/0', '::/0'].map((cidr) => ({ block: [parseCidr(cidr)!] }));

const otherKinds: readonly OtherKind[] = [
  {
    kinds: /^Cilium(Clusterwide)?NetworkPolicy$/,
    groups: /^cilium\.io\//,
    closes: BOTH,
    opens: true,
    wide: /^CiliumClusterwide/,
    selector: ['endpointSelector'],
  },
  {
    kinds: /^(Global)?NetworkPolicy$/,
    groups: /^(crd\.projectcalico\.org|projectcalico\.org)\//,
    closes: BOTH,
    opens: true,
    wide: /^Global/,
  },
  {
    kinds: /^(Cluster)?NetworkPolicy$/,
    groups: /^crd\.antrea\.io\//,
    closes: BOTH,
    opens: true,
    wide: /^Cluster/,
  },
  {
    kinds: /^(Application|Cluster)NetworkPolicy$/,
    groups: /^networking\.k8s\.aws\//,
    closes: BOTH,
    opens: true,
    wide: /^Cluster/,
  },
  { kinds: /^SecurityGroupPolicy$/, groups: /^vpcresources\.k8s\.aws\//, closes: BOTH, opens: false, wide: NEVER },
  {
    kinds: /^EgressFirewall$/,
    groups: /^k8s\.ovn\.org\//,
    closes: ['egress'],
    opens: false,
    outside: true,
    wide: NEVER,
  },
  {
    kinds: /^EgressNetworkPolicy$/,
    groups: /^network\.openshift\.io\//,
    closes: ['egress'],
    opens: false,
    outside: true,
    wide: NEVER,
  },
  { kinds: /^MultiNetworkPolicy$/, groups: /^k8s\.cni\.cncf\.io\//, closes: [], opens: false, wide: NEVER },
  {
    kinds: /^AuthorizationPolicy$/,
    groups: /^security\.istio\.io\//,
    closes: ['ingress'],
    opens: false,
    wide: / istio-system$/,
    selector: ['selector'],
  },
  {
    kinds: /^(Server|AuthorizationPolicy)$/,
    groups: /^policy\.linkerd\.io\//,
    closes: ['ingress'],
    opens: false,
    wide: NEVER,
    selector: ['podSelector'],
  },
  {
    kinds: /^(MeshTrafficPermission|TrafficPermission)$/,
    groups: /^kuma\.io\//,
    closes: BOTH,
    opens: false,
    wide: ALL,
  },
  { kinds: /^ServiceIntentions$/, groups: /^consul\.hashicorp\.com\//, closes: BOTH, opens: false, wide: ALL },
];

/** The policies of one cluster that connectivity does not evaluate. `evaluated` are those that it does. */
export function unevaluatedPolicies(
  objects: readonly ManifestObject[],
  evaluated: readonly Policy[],
): UnevaluatedPolicies {
  const known = new Set(evaluated.map(({ place, kind, name }) => `${place.source} ${kind} ${name}`));
  const found: UnevaluatedPolicies = { policies: [], unknowns: [], closing: [], opening: [] };
  const others = new Map<string, OtherKind | undefined>();
  for (const object of objects) {
    const other = otherKindOf(object, others);
    if (other === undefined || known.has(`${object.place.source} ${object.kind} ${object.name}`)) continue;
    found.policies.push(object);
    found.unknowns.push(notEvaluated(object));
    for (const subject of other.closes.length === 0 ? [] : subjectsOf(object, other)) {
      found.closing.push(assumed(object, subject, 'deny', other));
      if (other.opens) found.opening.push(assumed(object, subject, 'allow', other));
    }
  }
  return found;
}

/** `found` holds what was found before: there are few kinds and many objects. */
function otherKindOf({ kind, apiVersion }: ManifestObject, found: Map<string, OtherKind | undefined>) {
  const key = `${apiVersion} ${kind}`;
  const known = found.get(key);
  if (known !== undefined || found.has(key)) return known;
  const other = otherKinds.find(({ kinds, groups }) => kinds.test(kind) && groups.test(apiVersion));
  found.set(key, other);
  return other;
}

/** Whom it is put on: what cannot be read is everybody that it may be. */
function subjectsOf(object: ManifestObject, { wide, selector }: OtherKind): Policy['subject'][] {
  const namespaces = namespacesOf(object, wide);
  const everybody = [{ namespaces, pods: selectorOf({}) as Selector }];
  if (selector === undefined) return everybody;
  const one = objectOf(fieldOf(object.object, 'spec'));
  const specs = [...(one === undefined ? [] : [one]), ...objectsOf(fieldOf(object.object, 'specs'))];
  const pods = specs.map((spec) => selectorOf(fieldAt(spec, ...selector)));
  if (pods.length === 0 || pods.some((one) => one === undefined)) return everybody;
  return pods.map((one) => ({ namespaces, pods: one! }));
}

function namespacesOf({ kind, namespace }: ManifestObject, wide: RegExp): Selector | undefined {
  return selectorOf(
    wide.test(`${kind} ${namespace}`) ? {} : { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  );
}

/** Undefined where it is no selector of labels as pods have them. */
function selectorOf(value: Json | undefined): Selector | undefined {
  const labels = labelsOf(fieldAt(objectOf(value), 'matchLabels'));
  const plain = new Map([...labels].map(([key, text]) => [key.replace(/^(k8s|any)[:.]/, ''), text]));
  if ([...plain.keys()].some((key) => key.startsWith('io.'))) return undefined;
  try {
    const expressions = fieldOf(objectOf(value), 'matchExpressions') ?? null;
    return parseSelector({ matchLabels: Object.fromEntries(plain), matchExpressions: expressions }, 'selector');
  } catch (error) {
    if (error instanceof InvalidPolicy) return undefined;
    throw error;
  }
}

function assumed(
  { kind, namespace, name, place }: ManifestObject,
  subject: Policy['subject'],
  action: Action,
  { closes, outside }: OtherKind,
): Policy {
  const rules = [{ name: 'assumed', action, peers: outside === true ? OUTSIDE : undefined, ports: undefined }];
  const about = (direction: Direction) => (closes.includes(direction) ? rules : undefined);
  return {
    kind,
    namespace,
    name,
    tier: 'admin',
    priority: -1,
    subject,
    ingress: about('ingress'),
    egress: about('egress'),
    place,
  };
}

function notEvaluated(object: ManifestObject): Unknown {
  return {
    code: 'network-policy-not-evaluated',
    message: `${object.kind} ${object.name} is not evaluated: whom it closes, or opens, is not known. Reach is computed without it; the ranking tells how far that may be off.`,
    place: object.place,
    subject: `${object.cluster}/${object.namespace}/${object.kind}/${object.name}`,
  };
}
