import type { AttackEdge, AttackGraph, Change, Json, ManifestObject, ObjectEdit, Workload } from '@breakwater/model';
import type { EstateFacts } from '../graph/index.ts';

/** Steps that a change may close: those into a node, out of it, or both, of some kinds. */
export interface Cut {
  from?: string;
  to?: string;
  kinds?: AttackEdge['kind'][];
}

/** What makes a change the same as changes of other workloads. */
export interface Alike {
  /** One for all that are the same, of one cluster. */
  key: string;
  /** What all of them together are called, given the words for their workloads. */
  title(workloads: string): string;
}

/** A change with what is needed to weigh it. */
export interface Proposal {
  change: Change;
  /** All that it could close at best: a quick look at what it may be worth before the graph is built again. */
  cuts: Cut[];
  /** What it does to facts that no manifest states: vulnerabilities that a new version no longer has. */
  revise?: (facts: EstateFacts) => EstateFacts;
  /** It rests on what is not settled yet: offered behind all others, whatever it is worth. */
  isTentative?: true;
  /** It rests on what was seen to be used: worth a line also where it removes nothing that is known today. */
  restsOnUse?: true;
  /** Kinds of which all may be made at once. */
  alike?: Alike[];
}

/** One kind of fix: every change of this kind that fits the estate. Adding one is a file and a line. */
export type Proposer = (facts: EstateFacts, graph: AttackGraph) => Proposal[];

/** An object's identity as an edit names it. */
export type EditTarget = Pick<ObjectEdit, 'cluster' | 'kind' | 'namespace' | 'name'>;

function targetOf({ cluster, kind, namespace, name }: EditTarget): EditTarget {
  return { cluster, kind, namespace, name };
}

/** Sets a field of an object. */
export function setField(object: EditTarget, pointer: ObjectEdit['pointer'], value: Json): ObjectEdit {
  return { target: 'object', ...targetOf(object), operation: 'set', pointer, value };
}

/** Removes a field or an item of a list. */
export function removeField(object: EditTarget, pointer: ObjectEdit['pointer']): ObjectEdit {
  return { target: 'object', ...targetOf(object), operation: 'remove', pointer };
}

/** `shop/cart`: a workload as people name it. */
export function shortName({ namespace, name }: Pick<Workload, 'namespace' | 'name'>): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** All that lead from workloads of a cluster to their nodes. */
export function towardsNode(cluster: string): Alike {
  return { key: `contain:${cluster}`, title: (workloads) => `Close the ways from ${workloads} to their nodes` };
}

/** Id of a workload's node in the attack graph. */
export function nodeOf(workload: Pick<Workload, 'id'>): string {
  return `workload:${workload.id}`;
}

/** Objects of a kind. */
export function objectsOfKind(facts: EstateFacts, kind: string): ManifestObject[] {
  return facts.objects.filter((object) => object.kind === kind);
}

/** Workloads that a Kubernetes object of the estate defines: those whose fields an edit can reach. */
export function editableWorkloads(facts: EstateFacts): Workload[] {
  const defined = new Set(
    facts.objects.map(({ cluster, namespace, kind, name }) => `${cluster}/${namespace}/${kind}/${name}`),
  );
  return facts.workloads.filter((workload) => defined.has(workload.id));
}
