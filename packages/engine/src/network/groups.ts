import type { Place, ReachGroup } from '@breakwater/model';
import { addAll, emptyBits, intersect } from './bits.ts';
import { digest } from './digest.ts';
import { EgressSources } from './egress-sources.ts';
import { type Enforcement, policyName } from './enforcement.ts';
import type { SelectableEstate } from './estate.ts';
import { type Admission, IngressSources } from './ingress-sources.ts';
import type { NetworkPolicy } from './network-policy.ts';
import { declaredPorts, intersectPorts, type PortSet, spellPorts } from './ports.ts';
import { SourceLists } from './source-lists.ts';

/** A group while it grows. */
interface Draft {
  from: readonly string[];
  fromKey: string;
  to: string[];
  ports: PortSet;
  reason: string;
  places: Place[];
}

/**
 * Who may open connections to whom in one cluster: what egress rules and ingress rules both allow.
 *
 * Workloads that the same policies isolate and the same egress rules name are one destination; its sources are sets of
 * bits, joined once per destination. So the work grows with workloads times destinations over 32, not with pairs times
 * policies, and equal lists of sources are one array.
 */
export function reachGroups(cluster: string, estate: SelectableEstate, enforcement: Enforcement): ReachGroup[] {
  const size = estate.workloads.length;
  const ids = estate.workloads.map((workload) => workload.id);
  const exits = new EgressSources(estate, enforcement);
  const entries = new IngressSources(estate, enforcement);
  const sourceLists = new SourceLists(ids);
  const drafts = new Map<string, Draft>();
  for (const destination of destinations(estate, enforcement, exits)) {
    const leaving = exits.towards(destination[0]!);
    const covered = emptyBits(size);
    for (const admission of entries.into(destination[0]!)) {
      for (const exit of leaving) {
        const ports = intersectPorts(admission.ports, exit.ports);
        if (ports?.length === 0) continue;
        const sources = intersect(admission.sources, exit.sources, covered);
        if (sources === undefined) continue;
        if (ports === undefined) addAll(covered, sources);
        const reason = reasonFor(estate, destination, admission);
        const from = sourceLists.of(sources);
        const key = `${from.key} ${spellPorts(ports)} ${reason}`;
        let draft = drafts.get(key);
        if (draft === undefined) {
          draft = { from: from.list, fromKey: from.key, to: [], ports, reason, places: placesOf(admission.policies) };
          drafts.set(key, draft);
        }
        for (const index of destination) draft.to.push(ids[index]!);
      }
    }
  }
  return [...drafts.values()].map((draft) => finish(cluster, draft));
}

function finish(cluster: string, { from, fromKey, to, ports, reason, places }: Draft): ReachGroup {
  const target = digest([...to].sort().join('\n'));
  return {
    id: `${cluster}/${fromKey}-${target}-${digest(spellPorts(ports))}`,
    from: from as string[],
    to,
    ports: (ports ?? []).map((range) => ({ ...range })),
    reason: reason === '' ? openReason(to) : reason,
    places,
  };
}

function openReason(to: readonly string[]): string {
  const [first = ''] = to;
  const [, namespace, , name] = first.split('/');
  return to.length === 1
    ? `no NetworkPolicy selects ${namespace}/${name}`
    : `no NetworkPolicy selects these ${to.length} workloads`;
}

/** Empty where no policy isolates the destination, so that all such destinations share one group. */
function reasonFor(estate: SelectableEstate, destination: readonly number[], admission: Admission): string {
  if (admission.policies.size === 0)
    return estate.workloads[destination[0]!]!.hostNetwork
      ? 'runs on the host network, which NetworkPolicy does not isolate'
      : '';
  const names = [...admission.policies].map(policyName);
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

function placesOf(policies: ReadonlySet<NetworkPolicy>): Place[] {
  return [...policies].slice(0, 3).flatMap((policy) => policy.places);
}

/** Workloads by equal treatment as destinations: the first of each speaks for all. */
function destinations(estate: SelectableEstate, enforcement: Enforcement, exits: EgressSources): number[][] {
  const names = namedPorts(enforcement);
  const classes = new Map<string, number[]>();
  for (const [index, workload] of estate.workloads.entries()) {
    const ports = names.map((name) =>
      declaredPorts(workload, name)
        .map((port) => `${port.protocol}${port.containerPort}`)
        .join('+'),
    );
    const key = `${enforcement.ingressOf[index]!.join(',')}|${exits.signature(index)}|${workload.hostNetwork}|${ports.join(',')}`;
    const known = classes.get(key);
    if (known === undefined) classes.set(key, [index]);
    else known.push(index);
  }
  return [...classes.values()];
}

function namedPorts(enforcement: Enforcement): string[] {
  const names = new Set<string>();
  for (const { rules } of [...enforcement.ingress, ...enforcement.egress])
    for (const rule of rules) for (const port of rule.ports ?? []) if ('name' in port) names.add(port.name);
  return [...names];
}
