import type { ManifestObject } from '@breakwater/model';
import { serviceAccountId } from '../../identity/index.ts';
import { fieldAt, labelsOf } from '../../json/index.ts';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeId, workloadLabel } from './names.ts';
import { settingReason } from './settings.ts';

/** Annotations by which clouds give a service account a role of theirs. */
const annotations: ReadonlyMap<string, string> = new Map([
  ['eks.amazonaws.com/role-arn', 'AWS role'],
  ['iam.gke.io/gcp-service-account', 'service account of Google Cloud'],
  ['azure.workload.identity/client-id', 'identity of Azure'],
]);

/**
 * Roles in clouds that service accounts are given: whoever gets a token of the account has the role, and so have pods that
 * run as it, for the cloud's webhook gives them a token whatever automounting says.
 */
export function addCloudRoles(builder: GraphBuilder, facts: EstateFacts): void {
  const roles = new Map<string, string[]>();
  for (const object of facts.objects) {
    if (object.kind !== 'ServiceAccount' || object.apiVersion !== 'v1') continue;
    const account = serviceAccountId(object.cluster, object.namespace, object.name);
    const own = rolesOf(object).map(([words, name]) => addRole(builder, object, account, words, name));
    if (own.length > 0) roles.set(account, [...(roles.get(account) ?? []), ...own]);
  }
  for (const workload of facts.workloads)
    for (const role of roles.get(facts.identity.runsAs.get(workload.id) ?? '') ?? [])
      builder.edge({
        id: `cloud-role|${workload.id}|${role}`,
        from: nodeId.workload(workload.id),
        to: role,
        kind: 'credential',
        probability: builder.number('credentialUse'),
        phrase: `has the role of its service account ${workload.serviceAccount}`,
        reason: `${workloadLabel(workload)} runs as it, and the cloud gives its pods a token`,
        places: workload.definitions.slice(0, 1),
      });
}

function rolesOf({ object }: ManifestObject): [words: string, name: string][] {
  const own = labelsOf(fieldAt(object, 'metadata', 'annotations'));
  return [...annotations].flatMap(([key, words]): [string, string][] => {
    const name = own.get(key) ?? '';
    return name === '' ? [] : [[words, name]];
  });
}

function addRole(
  builder: GraphBuilder,
  { cluster, place }: ManifestObject,
  from: string,
  words: string,
  name: string,
): string {
  const role = builder.node(
    nodeId.cloudRole(cluster, name),
    'asset',
    `${words} ${name}`,
    builder.number('valueSecretCloud'),
    settingReason('valueSecretCloud'),
  );
  builder.edge({
    id: `cloud-role|${from}|${role}`,
    from,
    to: role,
    kind: 'credential',
    probability: builder.number('credentialUse'),
    phrase: `has the ${words} ${name}`,
    reason: 'the cloud takes tokens of the service account for this role',
    places: [place],
  });
  return role;
}
