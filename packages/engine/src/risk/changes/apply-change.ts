import type { Change, ManifestObject, ObjectAddition, ObjectEdit } from '@breakwater/model';
import { identityOf } from '../../identity/index.ts';
import { applyEdits, workloadsOf } from '../../inventory/index.ts';
import { fieldAt, textOf } from '../../json/index.ts';
import { reachabilityOf } from '../../network/index.ts';
import type { EstateFacts } from '../graph/index.ts';
import type { Proposal } from './proposal.ts';

const networkKinds = new Set(['Service', 'NetworkPolicy', 'Ingress', 'Namespace']);
const networkFields = new Set(['hostNetwork', 'ports']);
const identityKinds = new Set(['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'ServiceAccount']);
const identityFields = new Set(['automountServiceAccountToken', 'serviceAccountName', 'volumes']);

function addedObject({ object, beside, fileName }: ObjectAddition, cluster: string): ManifestObject {
  return {
    apiVersion: textOf(object['apiVersion']) ?? '',
    kind: textOf(object['kind']) ?? '',
    namespace: textOf(fieldAt(object, 'metadata', 'namespace')) ?? 'default',
    name: textOf(fieldAt(object, 'metadata', 'name')) ?? '',
    cluster,
    object,
    place: { source: `${beside.slice(0, beside.lastIndexOf('/') + 1)}${fileName}`, document: 0 },
  };
}

/** Cluster of the workload that a change is for: a new object goes where it runs. */
function clusterOf(facts: EstateFacts, change: Change): string {
  return facts.workloads.find((workload) => workload.id === change.workloads[0])?.cluster ?? 'default';
}

function touches(edits: ObjectEdit[], kinds: Set<string>, fields: Set<string>): boolean {
  return edits.some(({ kind, pointer }) => kinds.has(kind) || pointer.some((part) => fields.has(String(part))));
}

/** Workloads that manifests define, as they are now, and the others as they were. */
function workloadsAfter(facts: EstateFacts, objects: ManifestObject[]): EstateFacts['workloads'] {
  const now = new Map(workloadsOf(objects).workloads.map((workload) => [workload.id, workload]));
  return facts.workloads.map((workload) => now.get(workload.id) ?? workload);
}

/** The facts as they would be with some proposals applied together. What they do not touch stays the same object. */
export function applyProposals(facts: EstateFacts, proposals: readonly Proposal[]): EstateFacts {
  const edits = proposals.flatMap(({ change }) => change.edits.filter((edit) => edit.target === 'object'));
  const added = proposals.flatMap(({ change }) =>
    change.edits.flatMap((edit) => (edit.target === 'new-object' ? [addedObject(edit, clusterOf(facts, change))] : [])),
  );
  let after = facts;
  if (edits.length + added.length > 0) {
    const objects = [...(edits.length > 0 ? applyEdits(facts.objects, edits) : facts.objects), ...added];
    const workloads = edits.length > 0 ? workloadsAfter(facts, objects) : facts.workloads;
    const reachability =
      added.length > 0 || touches(edits, networkKinds, networkFields)
        ? reachabilityOf(objects, workloads)
        : facts.reachability;
    const identity = touches(edits, identityKinds, identityFields) ? identityOf(objects, workloads) : facts.identity;
    after = { ...facts, objects, workloads, reachability, identity };
  }
  return proposals.reduce((current, { revise }) => revise?.(current) ?? current, after);
}
