import type { Workload } from '@breakwater/model';
import type { Identity, PermissionStep } from '../../identity/index.ts';
import { principalId } from '../../identity/index.ts';
import type { EstateFacts } from './facts.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { Hubs } from './hubs.ts';
import { type Family, nodeId } from './names.ts';
import type { SettingName } from './settings.ts';

/** A node of the graph, with what lowers the chance to get there. */
type Target = [node: string, factor: number];

/** Finds the nodes of the graph that permissions open; those with names by an index, for namespaces are many. */
export class Targets {
  readonly #builder: GraphBuilder;
  readonly #hubs: Hubs;
  /** `cluster name` to the nodes of that name. */
  readonly #secrets = new Map<string, { node: string; namespace: string }[]>();
  readonly #accounts: Map<string, Identity[]>;
  readonly #workloads: Map<string, Workload[]>;
  readonly #principals: Map<string, Identity[]>;

  constructor(builder: GraphBuilder, facts: EstateFacts) {
    this.#builder = builder;
    this.#hubs = new Hubs(builder);
    for (const { id } of builder.nodes()) {
      const [, cluster, namespace, name] = /^asset:(.+)\/([^/]+)\/Secret\/([^/]+)$/.exec(id) ?? [];
      if (cluster === undefined || namespace === undefined) continue;
      const key = `${cluster} ${name}`;
      const known = this.#secrets.get(key);
      if (known === undefined) this.#secrets.set(key, [{ node: id, namespace }]);
      else known.push({ node: id, namespace });
    }
    const { identities } = facts.identity;
    const accounts = identities.filter(({ kind }) => kind === 'ServiceAccount');
    this.#accounts = Map.groupBy(accounts, ({ cluster, name }) => `${cluster} ${name}`);
    this.#principals = Map.groupBy(identities, ({ cluster, kind }) => `${cluster} ${kind}`);
    this.#workloads = Map.groupBy(facts.workloads, ({ cluster }) => cluster);
  }

  /** Nodes of the graph that a step opens. */
  of(step: PermissionStep): Target[] {
    const { cluster, names } = step;
    switch (step.target) {
      case 'control-plane':
        return [[nodeId.controlPlane(cluster), 1]];
      case 'node':
        return [
          [nodeId.worker(cluster), 1],
          [nodeId.controlPlaneNode(cluster), this.#builder.number('controlPlanePod')],
        ];
      case 'volumes':
        return [[this.#hub('volumes', step), 1]];
      case 'secrets':
        return names.length === 0 ? [[this.#hub('secrets', step), 1]] : this.#named(this.#secrets, step);
      case 'service-accounts':
        return names.length === 0 ? [[this.#hub('service-accounts', step), 1]] : this.#namedAccounts(step);
      case 'workloads':
        return names.length === 0 ? [[this.#hub('workloads', step), 1]] : this.#namedWorkloads(step);
      case 'users':
        return this.#everybody(step, 'User', 'permissionLikely');
      case 'groups':
        return this.#everybody(step, 'Group', 'permission');
    }
  }

  #hub(family: Family, { cluster, namespace }: PermissionStep): string {
    return namespace === '' ? this.#hubs.cluster(family, cluster) : this.#hubs.namespace(family, cluster, namespace);
  }

  #named(nodes: ReadonlyMap<string, { node: string; namespace: string }[]>, step: PermissionStep): Target[] {
    return step.names.flatMap((name) =>
      (nodes.get(`${step.cluster} ${name}`) ?? [])
        .filter(({ namespace }) => inScope(step, namespace))
        .map(({ node }): Target => [node, 1]),
    );
  }

  #namedAccounts(step: PermissionStep): Target[] {
    return step.names.flatMap((name) =>
      (this.#accounts.get(`${step.cluster} ${name}`) ?? [])
        .filter(({ namespace }) => inScope(step, namespace))
        .map(({ id }): Target => [id, 1]),
    );
  }

  /** Pods carry the name of their workload with something behind it. */
  #namedWorkloads(step: PermissionStep): Target[] {
    return (this.#workloads.get(step.cluster) ?? [])
      .filter(
        ({ namespace, name }) =>
          inScope(step, namespace) && step.names.some((each) => each === name || each.startsWith(`${name}-`)),
      )
      .map(({ id }) => [nodeId.workload(id), 1]);
  }

  /** Whoever may act as anybody may act as an administrator, named here or not. */
  #everybody({ cluster, names }: PermissionStep, kind: 'User' | 'Group', anybody: SettingName): Target[] {
    const controlPlane = nodeId.controlPlane(cluster);
    if (names.includes('system:masters') && kind === 'Group') return [[controlPlane, 1]];
    if (names.length > 0) return names.map((name) => [principalId(cluster, kind, name), 1]);
    const known = this.#principals.get(`${cluster} ${kind}`) ?? [];
    return [[controlPlane, this.#builder.number(anybody)], ...known.map((identity): Target => [identity.id, 1])];
  }
}

const inScope = (step: PermissionStep, namespace: string): boolean =>
  step.namespace === '' || step.namespace === namespace;
