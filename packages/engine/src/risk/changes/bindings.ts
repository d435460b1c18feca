import type { ManifestObject } from '@breakwater/model';
import { type Grant, principalId, serviceAccountId } from '../../identity/index.ts';
import { fieldAt, fieldOf, objectsOf, textOf } from '../../json/index.ts';
import type { EstateFacts } from '../graph/index.ts';
import { type Proposal, type Proposer, removeField } from './proposal.ts';

/** `ClusterRoleBinding ops`, `RoleBinding shop/readers`: as grants name bindings. */
function bindingName({ kind, namespace, name }: ManifestObject): string {
  return kind === 'ClusterRoleBinding' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** Position of an identity among a binding's subjects, or -1. */
function subjectAt(binding: ManifestObject, identity: string): number {
  return objectsOf(fieldAt(binding.object, 'subjects')).findIndex((subject) => {
    const kind = textOf(fieldOf(subject, 'kind'));
    const name = textOf(fieldOf(subject, 'name')) ?? '';
    const namespace = textOf(fieldOf(subject, 'namespace')) ?? binding.namespace;
    if (kind === 'ServiceAccount') return identity === serviceAccountId(binding.cluster, namespace, name);
    return (kind === 'User' || kind === 'Group') && identity === principalId(binding.cluster, kind, name);
  });
}

/** Workloads whose pods hold the token of an identity. */
export function holdersOf(facts: EstateFacts, identity: string): string[] {
  return [...facts.identity.tokens].flatMap(([workload, held]) => (held === identity ? [workload] : []));
}

function proposal(facts: EstateFacts, grant: Grant, binding: ManifestObject, who: string): Proposal[] {
  const at = subjectAt(binding, grant.identity);
  if (at === -1) return [];
  return [
    {
      change: {
        id: `unbind:${grant.cluster}:${grant.binding}:${grant.identity}`,
        title: `Take ${who} out of ${grant.binding}`,
        detail:
          `It loses all that ${grant.role} allows${grant.namespace === '' ? ' in the whole cluster' : ` in ${grant.namespace}`}. ` +
          'Check what it calls on the API server, and give exactly that back with a Role in the namespace where it is needed.',
        workloads: holdersOf(facts, grant.identity),
        edits: [removeField(binding, ['subjects', at])],
        afterRebuild: false,
      },
      cuts: [{ from: grant.identity, kinds: ['permission'] }],
    },
  ];
}

/** Takes service accounts and people out of bindings that open something to them. */
export const proposeUnbind: Proposer = (facts) => {
  const opening = new Set(facts.identity.steps.map((step) => `${step.cluster} ${step.identity}`));
  const identities = new Map(facts.identity.identities.map((identity) => [identity.id, identity]));
  const bindings = new Map<string, ManifestObject>();
  for (const object of facts.objects) {
    if (object.kind === 'ClusterRoleBinding' || object.kind === 'RoleBinding') {
      bindings.set(`${object.cluster} ${bindingName(object)}`, object);
    }
  }
  return facts.identity.grants.flatMap((grant) => {
    const identity = identities.get(grant.identity);
    const binding = bindings.get(`${grant.cluster} ${grant.binding}`);
    if (identity === undefined || binding === undefined) return [];
    if (!opening.has(`${grant.cluster} ${grant.identity}`)) return [];
    const words = { ServiceAccount: `service account ${identity.namespace}/`, User: 'user ', Group: 'group ' };
    return proposal(facts, grant, binding, `${words[identity.kind]}${identity.name}`);
  });
};
