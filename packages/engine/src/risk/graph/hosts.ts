import type { JsonObject, Workload } from '@breakwater/model';
import { namesAllowed, type PermissionRule, podSpecsOf } from '../../identity/index.ts';
import { fieldAt, fieldOf, objectOf, objectsOf } from '../../json/index.ts';
import { ClaimVolumes } from '../../storage/index.ts';
import { escapesOf } from './escapes.ts';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeId, workloadLabel } from './names.ts';
import { type PlatformWords, platformsOf } from './platforms.ts';
import { Sandboxes } from './sandboxes.ts';
import { type SettingName, settingReason } from './settings.ts';
import type { EscapeContext } from './way-out.ts';

/** On which nodes pods may land: 1 for certain. */
interface Placement {
  worker: number;
  controlPlane: number;
}

/** Escapes to nodes, and what a node opens: the pods beside it, and for a control-plane node the cluster. */
export function addHosts(builder: GraphBuilder, facts: EstateFacts): void {
  const specs = podSpecsOf(facts.objects, facts.workloads);
  const platforms = platformsOf(facts);
  const nodes = nodeCounts(builder, facts, platforms);
  for (const cluster of nodes.keys()) addNodes(builder, cluster, platforms.get(cluster));
  const sandboxes = new Sandboxes(facts.objects);
  const claims = new ClaimVolumes(facts.objects);
  const logReaders = readersOfLogs(facts);
  for (const workload of facts.workloads) {
    const { cluster, namespace } = workload;
    const spec = specs.get(workload.id);
    const placement = placementOf(builder, workload, spec);
    addEscapes(builder, workload, placement, {
      spec,
      sandbox: sandboxes.of(cluster, spec),
      readsLogs: logReaders.has(facts.identity.tokens.get(workload.id) ?? ''),
      hostPathOfClaim: (claim) => claims.of(cluster, namespace, claim)?.hostPath,
    });
    addNeighbourhood(builder, workload, placement, nodes.get(workload.cluster)!);
  }
}

/**
 * Nodes of each cluster: those in the manifests, else as many as its pods fill, rounded up to a power of two, so that
 * one workload more seldom moves all others.
 */
function nodeCounts(
  builder: GraphBuilder,
  facts: EstateFacts,
  platforms: ReadonlyMap<string, PlatformWords>,
): Map<string, number> {
  const pods = new Map<string, number>();
  for (const { cluster, replicas } of facts.workloads)
    pods.set(cluster, (pods.get(cluster) ?? 0) + Math.max(1, replicas ?? 1));
  const written = new Map<string, number>();
  for (const { kind, apiVersion, cluster } of facts.objects)
    if (kind === 'Node' && apiVersion === 'v1') written.set(cluster, (written.get(cluster) ?? 0) + 1);
  return new Map(
    [...pods].map(([cluster, count]) => {
      if (platforms.get(cluster)?.single) return [cluster, 1];
      const filled = 2 ** Math.ceil(Math.log2(count / builder.number('podsPerNode')));
      return [cluster, written.get(cluster) ?? Math.max(builder.number('smallestCluster'), filled)];
    }),
  );
}

/** Identities that may read logs of pods, or ask nodes for files of theirs. */
function readersOfLogs({ identity }: EstateFacts): Set<string> {
  const reads = (rule: PermissionRule) =>
    ['pods/log', 'nodes/log', 'nodes/proxy'].some((resource) => namesAllowed(rule, 'get', '', resource) !== undefined);
  return new Set(identity.grants.filter(({ rules }) => rules.some(reads)).map((grant) => grant.identity));
}

/** The nodes of a cluster, and what each opens of it. */
export function addNodes(builder: GraphBuilder, cluster: string, words: PlatformWords | undefined): void {
  const worker = builder.node(nodeId.worker(cluster), 'node', words?.node ?? `a node of ${cluster}`);
  const controlPlaneNode = builder.node(nodeId.controlPlaneNode(cluster), 'node', `a control-plane node of ${cluster}`);
  const controlPlane = nodeId.controlPlane(cluster);
  builder.edge({
    id: `node-credential|${cluster}`,
    from: worker,
    to: controlPlane,
    kind: 'host',
    probability: words?.single ? 1 : builder.number('nodeToControlPlane'),
    phrase: words?.single ? 'as root of the host' : 'with the node’s own credential',
    reason: words?.single ? 'whoever holds the host holds its daemon' : settingReason('nodeToControlPlane'),
  });
  builder.edge({
    id: `control-plane-disk|${cluster}`,
    from: controlPlaneNode,
    to: controlPlane,
    kind: 'host',
    probability: builder.number('controlPlaneNode'),
    phrase: 'with the keys on the disk of a control-plane node',
    reason: settingReason('controlPlaneNode'),
  });
}

const controlPlaneLabel = /^node-role\.kubernetes\.io\/(control-plane|master)$/;

function placementOf(builder: GraphBuilder, workload: Workload, spec: JsonObject | undefined): Placement {
  const selected = Object.keys(objectOf(fieldOf(spec, 'nodeSelector')) ?? {});
  const terms = objectsOf(
    fieldAt(spec, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'),
  );
  const required = terms.map((term) => objectsOf(fieldOf(term, 'matchExpressions')).some(namesControlPlane));
  if (selected.some((key) => controlPlaneLabel.test(key)) || (required.length > 0 && required.every(Boolean)))
    return { worker: 0, controlPlane: 1 };
  if (!objectsOf(fieldOf(spec, 'tolerations')).some(toleratesControlPlane)) return { worker: 1, controlPlane: 0 };
  return { worker: 1, controlPlane: workload.kind === 'DaemonSet' ? 1 : builder.number('controlPlaneShare') };
}

function namesControlPlane(expression: JsonObject): boolean {
  const operator = fieldOf(expression, 'operator');
  return (
    controlPlaneLabel.test(String(fieldOf(expression, 'key') ?? '')) && (operator === 'Exists' || operator === 'In')
  );
}

function toleratesControlPlane(toleration: JsonObject): boolean {
  const effect = fieldOf(toleration, 'effect') ?? '';
  if (effect !== '' && effect !== 'NoSchedule') return false;
  const key = fieldOf(toleration, 'key') ?? '';
  return key === '' ? fieldOf(toleration, 'operator') === 'Exists' : controlPlaneLabel.test(String(key));
}

function addEscapes(builder: GraphBuilder, workload: Workload, placement: Placement, context: EscapeContext): void {
  for (const way of escapesOf(workload, context)) {
    const { name, strength, phrase, how, mitigation, hindrances, doubts, container } = way;
    const onWorker = way.ofControlPlane === true ? builder.number('keysOnWorker') : 1;
    const lowered = (settings: readonly SettingName[], from: number) =>
      settings.reduce((product, setting) => product * builder.number(setting), from);
    const most = lowered(hindrances, builder.number(strength));
    const least = lowered(doubts, most);
    const reason = [
      how,
      ...[strength, ...hindrances].map(settingReason),
      ...(onWorker < 1 ? [settingReason('keysOnWorker')] : []),
      ...doubts.map((doubt) => `perhaps ${settingReason(doubt)}`),
    ].join('; ');
    const [place] = workload.definitions;
    const places =
      place === undefined ? [] : [container === undefined ? place : { ...place, pointer: container.pointer }];
    for (const [target, share] of [
      [nodeId.worker(workload.cluster), placement.worker * onWorker],
      [nodeId.controlPlaneNode(workload.cluster), placement.controlPlane],
    ] as const)
      if (share > 0)
        builder.edge({
          id: `escape|${workload.id}|${name}|${target}`,
          from: nodeId.workload(workload.id),
          leaves: container?.name,
          to: target,
          kind: 'escape',
          probability: most * share,
          ...(least < most ? { range: [least * share, most * share] as [number, number] } : {}),
          phrase,
          reason,
          mitigation,
          places,
        });
  }
}

/** A node that fell holds one share of each workload's pods, not every workload. */
function addNeighbourhood(builder: GraphBuilder, workload: Workload, placement: Placement, nodes: number): void {
  const share = workload.kind === 'DaemonSet' ? 1 : Math.min(1, Math.max(1, workload.replicas ?? 1) / nodes);
  const label = workloadLabel(workload);
  for (const [node, chance] of [
    [nodeId.worker(workload.cluster), placement.worker * share],
    [nodeId.controlPlaneNode(workload.cluster), placement.controlPlane * share],
  ] as const)
    if (chance > 0)
      builder.edge({
        id: `host|${node}|${workload.id}`,
        from: node,
        to: nodeId.workload(workload.id),
        kind: 'host',
        probability: chance,
        phrase: `holds pods of ${label}`,
        reason:
          workload.kind === 'DaemonSet'
            ? 'a daemon set runs on every node'
            : `${Math.max(1, workload.replicas ?? 1)} of its pods on about ${nodes} nodes`,
      });
}
