import type { PermissionStep, Refusal, StepCertainty } from '../../identity/index.ts';
import { PodSecurity, stronger } from '../../identity/index.ts';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { addNodes } from './hosts.ts';
import { Hubs } from './hubs.ts';
import { nodeId, workloadLabel } from './names.ts';
import { Targets } from './permission-targets.ts';
import { platformsOf } from './platforms.ts';
import { type SettingName, settingReason } from './settings.ts';

const certainty: Readonly<Record<StepCertainty, SettingName>> = {
  certain: 'permission',
  likely: 'permissionLikely',
  possible: 'permissionPossible',
  slight: 'permissionSlight',
};

/** Who holds whose token, what each may do, and what the control plane opens. */
export function addPermissions(builder: GraphBuilder, facts: EstateFacts): void {
  addIdentities(builder, facts);
  addClusters(builder, facts);
  const targets = new Targets(builder, facts);
  const podSecurity = new PodSecurity(facts.objects);
  for (const step of facts.identity.steps) addStep(builder, facts, step, targets, podSecurity);
}

function addIdentities(builder: GraphBuilder, facts: EstateFacts): void {
  for (const { id, kind, name, namespace } of facts.identity.identities) {
    const words = { ServiceAccount: 'service account', User: 'user', Group: 'group' }[kind];
    builder.node(id, 'identity', `${words} ${namespace === '' ? name : `${namespace}/${name}`}`);
  }
  for (const { id, groups } of facts.identity.identities)
    for (const group of groups)
      builder.edge({
        id: `member|${id}|${group}`,
        from: id,
        to: group,
        kind: 'identity',
        phrase: 'as a member of its group',
        reason: 'Kubernetes puts it into this group',
      });
  for (const workload of facts.workloads) {
    const identity = facts.identity.tokens.get(workload.id);
    if (identity === undefined) continue;
    builder.edge({
      id: `token|${workload.id}`,
      from: nodeId.workload(workload.id),
      to: identity,
      kind: 'identity',
      phrase: `holds the token of service account ${workload.serviceAccount}`,
      reason: 'the token is mounted in its pods',
      places: workload.definitions.slice(0, 1),
    });
  }
}

/** For each cluster the control plane, which opens everything, and the hubs through which permissions reach all of a kind. */
function addClusters(builder: GraphBuilder, facts: EstateFacts): void {
  const hubs = new Hubs(builder);
  const platforms = platformsOf(facts);
  for (const cluster of new Set([...facts.workloads, ...facts.identity.identities].map((each) => each.cluster))) {
    const id = nodeId.controlPlane(cluster);
    builder.node(
      id,
      'asset',
      platforms.get(cluster)?.controlPlane ?? `control plane of ${cluster}`,
      builder.number('valueControlPlane'),
      settingReason('valueControlPlane'),
    );
    for (const family of ['workloads', 'secrets', 'service-accounts', 'volumes'] as const) {
      const hub = hubs.cluster(family, cluster);
      builder.edge({
        id: `owns|${cluster}|${family}`,
        from: id,
        to: hub,
        kind: 'permission',
        phrase: `owns all ${family.replace('-', ' ')}`,
        reason: settingReason('valueControlPlane'),
      });
    }
    // A cluster has nodes, whether or not anything that was given runs on them.
    if (!builder.has(nodeId.worker(cluster))) addNodes(builder, cluster, platforms.get(cluster));
    for (const node of [nodeId.worker(cluster), nodeId.controlPlaneNode(cluster)])
      builder.edge({
        id: `owns|${cluster}|${node}`,
        from: id,
        to: node,
        kind: 'permission',
        phrase: 'runs what it likes on every node',
        reason: settingReason('valueControlPlane'),
      });
    if (!platforms.has(cluster)) addWayUp(builder, hubs, cluster);
  }
  for (const workload of facts.workloads)
    hubs.join('workloads', workload.cluster, workload.namespace, nodeId.workload(workload.id), workloadLabel(workload));
  for (const { id, kind, cluster, namespace, name } of facts.identity.identities)
    if (kind === 'ServiceAccount') hubs.join('service-accounts', cluster, namespace, id, name);
  addAssets(builder, hubs);
}

/** All secrets and all service accounts hold an administrator's; so do those of kube-system. */
function addWayUp(builder: GraphBuilder, hubs: Hubs, cluster: string): void {
  for (const [family, setting] of [
    ['secrets', 'secretsToAdmin'],
    ['service-accounts', 'systemAccounts'],
  ] as const)
    builder.edge({
      id: `way-up|${cluster}|${family}`,
      from: hubs.namespace(family, cluster, 'kube-system'),
      to: nodeId.controlPlane(cluster),
      kind: 'credential',
      probability: builder.number(setting),
      phrase: 'finds the credential of an administrator',
      reason: settingReason(setting),
    });
}

/** Secrets and volumes that are in the graph by now. */
function addAssets(builder: GraphBuilder, hubs: Hubs): void {
  for (const { id, label } of builder.nodes()) {
    const parts = /^asset:(.+)\/([^/]+)\/(Secret|PersistentVolumeClaim)\/([^/]+)$/.exec(id);
    if (parts !== null) hubs.join(parts[3] === 'Secret' ? 'secrets' : 'volumes', parts[1]!, parts[2]!, id, label);
  }
}

/** An edge for each node of the graph that a step opens, unless what it would make there is refused. */
function addStep(
  builder: GraphBuilder,
  facts: EstateFacts,
  step: PermissionStep,
  targets: Targets,
  podSecurity: PodSecurity,
): void {
  const refused = step.target === 'node' ? refusalOf(facts, step, podSecurity) : 'nothing';
  if (refused === 'all') return;
  const [setting, lowered] = [certainty[step.certainty], refused === 'escapes'];
  for (const [target, factor] of targets.of(step))
    builder.edge({
      id: `${step.id}|${target}`,
      from: step.identity,
      to: target,
      kind: 'permission',
      probability: builder.number(setting) * factor * (lowered ? builder.number('podSecurityFactor') : 1),
      phrase: step.phrase,
      reason: [
        step.reason,
        step.takes === '' ? settingReason(setting) : `the API server allows it, and it takes ${step.takes}`,
        ...(lowered ? [settingReason('podSecurityFactor')] : []),
      ].join('; '),
      places: step.places,
    });
}

/** What the namespace's level and the cluster's policies refuse of the pods that a step makes. */
function refusalOf(facts: EstateFacts, step: PermissionStep, podSecurity: PodSecurity): Refusal {
  const { cluster, namespace, attack } = step;
  const making = attack === 'ephemeral-escape' ? 'ephemeral' : 'create';
  return stronger(
    step.podSecurity ? podSecurity.refuses(cluster, namespace) : 'nothing',
    step.policies ? (facts.podPolicies?.refuses(cluster, namespace, making) ?? 'nothing') : 'nothing',
  );
}
