import type { JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { fieldAt, textOf } from '../json/index.ts';
import { declaredPorts, unevaluatedPolicies } from '../network/index.ts';
import { admittedByPolicies } from './admitted-by-policies.ts';
import { compilePolicies } from './compile-policies.ts';
import type { Flow, Gap } from './flow.ts';
import { isManaged } from './managed.ts';
import { type NeedFacts, neededFlows } from './needed-flows.ts';
import { namesOf } from './platform.ts';
import { type PairCounts, type ProvenFlow, proveFlows } from './prove-flows.ts';

/** NetworkPolicies for one cluster with what they rest on, and the proof that they cut nothing that is needed. */
export interface LeastPrivilege {
  cluster: string;
  policies: JsonObject[];
  /** Workloads that the policies are put on, by id. */
  isolated: string[];
  flows: ProvenFlow[];
  pairs: PairCounts;
  /** What is not known, as sentences. */
  gaps: Gap[];
}

/** What least privilege is compiled from. */
export interface LeastPrivilegeFacts extends NeedFacts {
  /** Namespaces that get no policies. */
  excludedNamespaces: readonly string[];
}

/**
 * The NetworkPolicies by which each workload can do what it is known to need, and nothing else; for each cluster. Where
 * networks decide instead of policies (Compose, Swarm) there are none.
 */
export function leastPrivilege(facts: LeastPrivilegeFacts): LeastPrivilege[] {
  const admitted = admittedByPolicies(facts.objects, facts.workloads);
  const needed = neededFlows(facts);
  const flows = [...needed.flows, ...admitted.flows];
  const gaps = [...needed.gaps, ...admitted.gaps];
  const clusters = Map.groupBy(facts.workloads, ({ cluster }) => cluster);
  return [...clusters].map(([cluster, workloads]) => {
    const ids = new Set(workloads.map(({ id }) => id));
    const objects = facts.objects.filter((object) => object.cluster === cluster);
    const own = flows.filter(({ from, to }) => [from, to].some((end) => end.kind === 'workload' && ids.has(end.id)));
    const said = gaps.filter(({ workload }) => workload === undefined || ids.has(workload));
    if (workloads.some(({ networks }) => networks !== undefined)) return withoutPolicies(cluster, workloads);
    const { policies: compiled, isolated, gaps: more } = compiledFor({ ...facts, objects, workloads }, own);
    const proof = proveFlows({ cluster, objects, workloads, flows: own, policies: compiled });
    return {
      cluster,
      policies: compiled,
      isolated: [...isolated],
      ...proof,
      gaps: [
        ...said,
        ...more,
        ...closedBefore(proof.flows),
        ...stayingPolicies(objects),
        ...withoutCaller(objects, workloads, own, isolated),
      ],
    };
  });
}

function compiledFor({ objects, workloads, excludedNamespaces }: LeastPrivilegeFacts, flows: readonly Flow[]) {
  const { objects: policies, ...more } = compilePolicies({ objects, workloads, flows }, excludedNamespaces);
  const key = (object: JsonObject): string =>
    ['namespace', 'name'].map((field) => textOf(fieldAt(object, 'metadata', field)) ?? '').join('/');
  return { policies: policies.sort((a, b) => (key(a) < key(b) ? -1 : 1)), ...more };
}

function withoutPolicies(cluster: string, workloads: readonly Workload[]): LeastPrivilege {
  const all = workloads.length * (workloads.length - 1);
  const gap: Gap = {
    code: 'platform',
    message: `${workloads.length} workloads are not of Kubernetes (${namesOf(workloads)}): NetworkPolicies do nothing for them, their networks decide.`,
    places: [],
  };
  return { cluster, policies: [], isolated: [], flows: [], pairs: { all, before: all, after: all }, gaps: [gap] };
}

/** Needed connections that other policies close: compiled ones only open. */
function closedBefore(flows: readonly ProvenFlow[]): Gap[] {
  return flows
    .filter(({ after }) => !after)
    .map(({ flow, closedBy }) => ({
      code: 'closed-before',
      message: `${spellEnd(flow.from)} needs ${spellEnd(flow.to)} (${flow.why}), which ${closedBy.join(', ')} closes: no other policy can open it.`,
      places: [...flow.places],
    }));
}

function spellEnd(end: Flow['from']): string {
  if (end.kind === 'workload') return end.id.split('/').slice(1).join('/');
  if (end.kind === 'pods') return `pods of ${(end.namespaces ?? ['any namespace']).join(', ')}`;
  return end.kind === 'anyone' ? 'anyone' : end.blocks.map(({ cidr }) => cidr).join(', ');
}

/** Policies that are there already only add to compiled ones; what those of others do is not proven. */
function stayingPolicies(objects: readonly ManifestObject[]): Gap[] {
  const staying = objects.filter(
    (object) =>
      object.kind === 'NetworkPolicy' && /^networking\.k8s\.io\//.test(object.apiVersion) && !isManaged(object),
  );
  const others = unevaluatedPolicies(objects, []).policies.filter(({ kind }) => kind !== 'MultiNetworkPolicy');
  const said = (list: readonly ManifestObject[], sentence: (many: boolean) => string): Gap[] => {
    const [first] = list;
    if (first === undefined) return [];
    const more = list.length === 1 ? '' : ` and ${list.length - 1} more`;
    const name = first.namespace === '' ? first.name : `${first.namespace}/${first.name}`;
    return [
      {
        code: 'staying-policies',
        message: `${first.kind} ${name}${more} ${sentence(list.length > 1)}`,
        places: list.slice(0, 5).map(({ place }) => place),
      },
    ];
  };
  return [
    ...said(staying, (many) =>
      many
        ? 'stay in force and keep open what they allow: NetworkPolicies only add to each other.'
        : 'stays in force and keeps open what it allows: NetworkPolicies only add to each other.',
    ),
    ...said(
      others,
      (many) => `${many ? 'are' : 'is'} not evaluated: what beside these policies is closed or opened is not proven.`,
    ),
  ];
}

/** Workloads behind a Service that nobody is known to call. */
function withoutCaller(
  objects: readonly ManifestObject[],
  workloads: readonly Workload[],
  flows: readonly Flow[],
  isolated: ReadonlySet<string>,
): Gap[] {
  const called = new Set(flows.flatMap(({ to }) => (to.kind === 'workload' ? [to.id] : [])));
  const listening = new Set(objects.filter(({ kind }) => kind === 'Service').map(({ namespace }) => namespace));
  const alone = workloads.filter(
    (workload) =>
      isolated.has(workload.id) &&
      !called.has(workload.id) &&
      listening.has(workload.namespace) &&
      declaredPorts(workload).length > 0,
  );
  if (alone.length === 0) return [];
  return [
    {
      code: 'no-caller',
      message: `Nobody is known to call ${namesOf(alone)}: ${alone.length === 1 ? 'it is' : 'they are'} closed to everybody. Callers that find them by other ways than configuration must be added.`,
      places: alone.flatMap(({ definitions }) => definitions.slice(0, 1)),
    },
  ];
}
