import type { AttackCause, ManifestObject, Workload } from '@breakwater/model';
import { podSpecsOf } from '../../identity/index.ts';
import { fieldAt, fieldOf, objectOf, textOf } from '../../json/index.ts';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { nodeId } from './names.ts';
import { type NodeFlaw, nodeFlaws, type VersionStanding } from './node-flaw-table.ts';
import { Sandboxes } from './sandboxes.ts';
import { type SettingName, settingReason } from './settings.ts';

/** Nodes of one cluster that have a flaw: how many for certain, and how many perhaps. */
interface Spread {
  flaw: NodeFlaw;
  flawed: number;
  doubtful: number;
  nodes: number;
  version: string;
  place: ManifestObject['place'];
}

/**
 * Flaws of kernels and container runtimes of the nodes that were read: out of any container that the flaw's conditions
 * meet. A flaw is one event wherever it is. Of nodes that nobody described nothing is said.
 */
export function addNodeFlaws(builder: GraphBuilder, facts: EstateFacts): void {
  const clusters = Map.groupBy(
    facts.objects.filter(({ kind, apiVersion }) => kind === 'Node' && apiVersion === 'v1'),
    ({ cluster }) => cluster,
  );
  if (clusters.size === 0) return;
  const specs = podSpecsOf(facts.objects, facts.workloads);
  const sandboxes = new Sandboxes(facts.objects);
  const spreads = new Map([...clusters].map(([cluster, nodes]) => [cluster, nodeFlaws.flatMap(spreadOver(nodes))]));
  for (const workload of facts.workloads)
    for (const spread of spreads.get(workload.cluster) ?? []) {
      const factors = factorsOf(workload, spread.flaw, sandboxes.of(workload.cluster, specs.get(workload.id)));
      if (factors !== undefined) addFlaw(builder, workload, spread, factors);
    }
}

function spreadOver(nodes: readonly ManifestObject[]): (flaw: NodeFlaw) => Spread[] {
  return (flaw) => {
    const standings = nodes.map((node): [ManifestObject, VersionStanding, string] => {
      const info = objectOf(fieldAt(node.object, 'status', 'nodeInfo'));
      if (textOf(fieldOf(info, 'operatingSystem')) === 'windows') return [node, 'sound', ''];
      const version = textOf(fieldOf(info, flaw.field)) ?? '';
      return [node, flaw.standing(version), version];
    });
    const worst = standings.find(([, each]) => each === 'flawed') ?? standings.find(([, each]) => each === 'doubtful');
    if (worst === undefined) return [];
    const count = (standing: VersionStanding) => standings.filter(([, each]) => each === standing).length;
    return [
      {
        flaw,
        flawed: count('flawed'),
        doubtful: count('doubtful'),
        nodes: nodes.length,
        version: worst[2],
        place: worst[0].place,
      },
    ];
  };
}

/** What lowers a flaw in a workload's containers; undefined where its conditions are not met at all. */
function factorsOf(workload: Workload, flaw: NodeFlaw, sandbox: string): SettingName[] | undefined {
  if (flaw.needs === 'host-network' && !workload.hostNetwork) return undefined;
  const main = workload.containers;
  const filtered = main.every(
    ({ security }) =>
      !security.privileged && security.seccompProfile !== undefined && security.seccompProfile !== 'Unconfined',
  );
  const admin = main.some(
    ({ security }) => security.privileged || security.capabilitiesAdded.some((each) => /^(ALL|SYS_ADMIN)$/.test(each)),
  );
  const found: SettingName[] = ['nodeFlawWorks'];
  if (flaw.needs === 'user-namespace' && !admin) found.push(filtered ? 'nodeFlawFiltered' : 'nodeFlawNeedsNamespace');
  if (flaw.needs === 'host-network' && main.every(({ security }) => security.runAsNonRoot === true))
    found.push('unprivilegedUserFactor');
  if (sandbox === 'sandboxed') found.push('sandboxFactor');
  return found;
}

function addFlaw(builder: GraphBuilder, workload: Workload, spread: Spread, factors: SettingName[]): void {
  const { flaw, flawed, doubtful, nodes, version, place } = spread;
  const works = factors.reduce((product, factor) => product * builder.number(factor), 1);
  const share = (count: number) => (works * count) / nodes;
  const used: SettingName = flaw.knownExploited ? 'nodeFlawKnownExploited' : 'nodeFlawPublic';
  const doubt: SettingName[] = doubtful > 0 ? ['distributionKernel'] : [];
  const local = share(flawed) + share(doubtful) * builder.number('distributionKernel');
  const cause: AttackCause = {
    key: flaw.id,
    shared: builder.number(used),
    local,
    ...(doubtful > 0 ? { localRange: [share(flawed), share(flawed + doubtful)] as [number, number] } : {}),
    reason: `${flaw.name} (${flaw.id}) on ${flawed + doubtful} of ${nodes} nodes: ${[used, ...factors, ...doubt].map(settingReason).join('; ')}`,
  };
  builder.edge({
    id: `node-flaw|${workload.id}|${flaw.id}`,
    from: nodeId.workload(workload.id),
    to: nodeId.worker(workload.cluster),
    kind: 'escape',
    causes: [cause],
    phrase: `uses ${flaw.name} (${flaw.id}) of the node’s ${flaw.field === 'kernelVersion' ? 'kernel' : 'container runtime'} ${version}`,
    reason: flaw.how,
    mitigation: flaw.mitigation,
    places: [place],
  });
}
