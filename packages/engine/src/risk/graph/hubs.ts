import type { GraphBuilder } from './graph-builder.ts';
import { type Family, nodeId } from './names.ts';

/** Hubs of a cluster and its namespaces, each made when it is first asked for. */
export class Hubs {
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
