import type { AttackCause, AttackEdge, AttackGraph, AttackNode } from '@breakwater/model';

/** A small generator of its own, so that every run measures the same graph. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function node(id: string, kind: AttackNode['kind'], value: number): AttackNode {
  return { id, kind, label: id, value };
}

/**
 * An estate's attack graph with about ten edges a workload: a tenth exposed to the Internet, pods grouped in hubs that
 * stand for what a network policy lets in, flaws shared by many workloads, tokens, secrets, volumes and escapes.
 */
export function sampleGraph(workloads: number): AttackGraph {
  const random = numbers(42);
  const groups = Math.max(4, Math.floor(workloads / 50));
  const nodes: AttackNode[] = [
    node('internet', 'origin', 0),
    node('asset:control-plane', 'asset', 100),
    node('node:default', 'node', 20),
  ];
  const edges: AttackEdge[] = [];
  const link = (
    from: string,
    to: string,
    kind: AttackEdge['kind'],
    probability: number,
    causes: AttackCause[] = [],
  ) => {
    edges.push({
      id: `${kind}:${from}>${to}`,
      from,
      to,
      kind,
      probability,
      causes,
      phrase: '',
      reason: '',
      places: [],
    });
  };
  const flaw = (workload: number): AttackCause[] =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, (_, at) => {
      const cve = Math.floor(random() ** 2 * 2_000);
      return {
        key: `CVE-${cve}`,
        shared: cve % 97 === 0 ? 0.95 : 0.0005 + (cve % 50) / 2_000,
        local: [1, 0.3, 0.02][cve % 3]!,
        reason: '',
        component: `pkg:deb/debian/c${workload}-${at}`,
      };
    });
  for (let group = 0; group < groups; group++) {
    nodes.push(
      node(`hub:${group}`, 'hub', 0),
      node(`asset:secrets/${group}`, 'asset', 12),
      node(`identity:${group}`, 'identity', 0),
    );
    link(`identity:${group}`, `asset:secrets/${group}`, 'permission', 1);
    if (group % 20 === 0) link(`identity:${group}`, 'asset:control-plane', 'permission', 1);
  }
  for (let at = 0; at < workloads; at++) {
    const id = `workload:${at}`;
    const group = at % groups;
    nodes.push(node(id, 'workload', [1, 5, 10][group % 3]!), node(`asset:volume/${at}`, 'asset', 10));
    const causes = flaw(at);
    if (at % 10 === 0) link('internet', id, 'entry', 1, causes);
    link(id, `hub:${group}`, 'reach', 1);
    link(`hub:${group}`, id, 'exploit', 1, causes);
    for (let other = 0; other < 2; other++) link(id, `hub:${(group + 1 + other * 7) % groups}`, 'reach', 1);
    link(`hub:${(group + 3) % groups}`, id, 'exploit', 0.02);
    link(`hub:${(group + 5) % groups}`, id, 'exploit', 0.02);
    if (at % 4 === 0) link(id, `identity:${group}`, 'identity', 1);
    link(id, `asset:volume/${at}`, 'credential', 0.9);
    link(id, 'node:default', 'escape', at % 100 === 0 ? 0.95 : 0.01);
    link(id, `asset:secrets/${(group + 2) % groups}`, 'credential', 0.3);
  }
  link('node:default', 'asset:control-plane', 'host', 0.05);
  return { nodes, edges };
}
