import type { PermissionStep, StepCertainty } from '../../identity/index.ts';
import { principalId, serviceAccountId } from '../../identity/index.ts';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { type Family, nodeId, workloadLabel } from './names.ts';
import { platformsOf } from './platforms.ts';
import { type SettingName, settingReason } from './settings.ts';
import { Values } from './values.ts';

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
  const values = new Values(facts.settings, facts.objects);
  for (const step of facts.identity.steps) addStep(builder, facts, step, values);
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

/** Hubs of a cluster and its namespaces, each made when it is first asked for. */
class Hubs {
  readonly #builder: GraphBuilder;

  constructor(builder: GraphBuilder) {
    this.#builder = builder;
  }

  cluster(family: Family, cluster: string): string {
    return this.#builder.node(nodeId.all(family, cluster), 'hub', `all ${family.replace('-', ' ')} of ${cluster}`);
  }

  namespace(family: Family, cluster: string, namespace: string): string {
    const hub = nodeId.all(family, cluster, namespace);
    if (this.#builder.has(hub)) return hub;
    this.#builder.node(hub, 'hub', `all ${family.replace('-', ' ')} of ${namespace}`);
    this.#builder.edge({
      id: `all|${hub}`,
      from: this.cluster(family, cluster),
      to: hub,
      kind: 'permission',
      phrase: `those of ${namespace} too`,
      reason: 'the namespace is part of the cluster',
    });
    return hub;
  }

  join(family: Family, cluster: string, namespace: string, member: string, label: string): void {
    this.#builder.edge({
      id: `all|${family}|${member}`,
      from: this.namespace(family, cluster, namespace),
      to: member,
      kind: 'permission',
      phrase: label,
      reason: 'it is one of them',
    });
  }
}

function addStep(builder: GraphBuilder, facts: EstateFacts, step: PermissionStep, values: Values): void {
  const hubs = new Hubs(builder);
  for (const [target, factor] of targetsOf(builder, facts, step, hubs)) {
    const obeys = step.podSecurity && target.startsWith('node:') && enforcesPodSecurity(values, step);
    const probability =
      builder.number(certainty[step.certainty]) * factor * (obeys ? builder.number('podSecurityFactor') : 1);
    builder.edge({
      id: `${step.id}|${target}`,
      from: step.identity,
      to: target,
      kind: 'permission',
      probability,
      phrase: step.phrase,
      reason: [
        step.reason,
        settingReason(certainty[step.certainty]),
        ...(obeys ? [settingReason('podSecurityFactor')] : []),
      ].join('; '),
      places: step.places,
    });
  }
}

/** Nodes of the graph that a step opens, each with what lowers it. */
function targetsOf(
  builder: GraphBuilder,
  facts: EstateFacts,
  step: PermissionStep,
  hubs: Hubs,
): [target: string, factor: number][] {
  const { cluster, namespace, names } = step;
  const hub = (family: Family) =>
    namespace === '' ? hubs.cluster(family, cluster) : hubs.namespace(family, cluster, namespace);
  const inScope = (each: { cluster: string; namespace: string }) =>
    each.cluster === cluster && (namespace === '' || each.namespace === namespace);
  switch (step.target) {
    case 'control-plane':
      return [[nodeId.controlPlane(cluster), 1]];
    case 'node':
      return [
        [nodeId.worker(cluster), 1],
        [nodeId.controlPlaneNode(cluster), builder.number('controlPlanePod')],
      ];
    case 'volumes':
      return [[hub('volumes'), 1]];
    case 'secrets':
      if (names.length === 0) return [[hub('secrets'), 1]];
      return namespacesOf(facts, step).flatMap((each) =>
        names.map((name): [string, number] => [nodeId.secret(cluster, each, name), 1]),
      );
    case 'service-accounts':
      if (names.length === 0) return [[hub('service-accounts'), 1]];
      return namespacesOf(facts, step).flatMap((each) =>
        names.map((name): [string, number] => [serviceAccountId(cluster, each, name), 1]),
      );
    case 'workloads':
      if (names.length === 0) return [[hub('workloads'), 1]];
      return facts.workloads
        .filter(
          (workload) =>
            inScope(workload) && names.some((name) => name === workload.name || name.startsWith(`${workload.name}-`)),
        )
        .map((workload) => [nodeId.workload(workload.id), 1]);
    case 'users':
      return principals(builder, facts, step, 'User', 'permissionLikely');
    case 'groups':
      return principals(builder, facts, step, 'Group', 'permission');
  }
}

function namespacesOf(facts: EstateFacts, { cluster, namespace }: PermissionStep): string[] {
  if (namespace !== '') return [namespace];
  return [
    ...new Set(
      [...facts.objects, ...facts.workloads].filter((each) => each.cluster === cluster).map((each) => each.namespace),
    ),
  ];
}

/** Whoever may act as anybody may act as an administrator, named here or not. */
function principals(
  builder: GraphBuilder,
  facts: EstateFacts,
  { cluster, names }: PermissionStep,
  kind: 'User' | 'Group',
  anybody: SettingName,
): [string, number][] {
  const controlPlane = nodeId.controlPlane(cluster);
  if (names.includes('system:masters') && kind === 'Group') return [[controlPlane, 1]];
  if (names.length > 0) return names.map((name) => [principalId(cluster, kind, name), 1]);
  const known = facts.identity.identities.filter((identity) => identity.cluster === cluster && identity.kind === kind);
  return [[controlPlane, builder.number(anybody)], ...known.map((identity): [string, number] => [identity.id, 1])];
}

/** Whether the namespace in which pods would be made refuses those that could escape. */
function enforcesPodSecurity(values: Values, { cluster, namespace }: PermissionStep): boolean {
  const level = values.namespaceMarks(cluster, namespace).get('pod-security.kubernetes.io/enforce');
  return namespace !== '' && (level === 'baseline' || level === 'restricted');
}
