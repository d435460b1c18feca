import type { ManifestObject, Workload } from '@breakwater/model';
import { fieldAt, labelsOf } from '../json/index.ts';
import { isVirtualMachine } from '../network/connectivity/index.ts';

/** By what namespaces were put together. */
export type TenantMark = 'capsule' | 'hierarchy' | 'rancher' | 'label' | 'vcluster' | 'namespace' | 'platform';

/** Namespaces that belong to one owner, whom nobody else may disturb or listen to. */
export interface Tenant {
  name: string;
  by: TenantMark;
}

/** What the owner of the cluster says about its tenants. */
export interface TenantSettings {
  /** Label of namespaces whose value names the tenant; stands above all other marks. */
  label?: string | undefined;
}

/** Labels by which tools and people put namespaces together, the most explicit first. */
const TENANT_LABELS: readonly (readonly [label: string, mark: TenantMark])[] = [
  ['capsule.clastix.io/tenant', 'capsule'],
  ['field.cattle.io/projectId', 'rancher'],
  ['tenant', 'label'],
];

/** Of the Hierarchical Namespace Controller: `ROOT.tree.hnc.x-k8s.io/depth`, once for each ancestor, with its distance. */
const TREE = /^(.+)\.tree\.hnc\.x-k8s\.io\/depth$/;

/** Pods that a virtual cluster puts into the namespace of its host bear its name. */
const VIRTUAL_CLUSTER = 'vcluster.loft.sh/managed-by';

/** Namespaces of what serves all tenants: power over them is their work. */
const PLATFORM = /^(kube-.*|openshift(-.*)?|.+-system|ingress-nginx|cert-manager|tigera-operator|local-path-storage)$/;

/** The tenant that serves all others: no namespace and no label has such a name. */
export const PLATFORM_TENANT = 'the platform';

/**
 * The tenants of one cluster: namespaces that a label puts together, trees of namespaces, virtual clusters; every other
 * namespace is a tenant of its own, and the cluster's own namespaces are one. Numbered, so that sets of them are bits.
 */
export class Tenants {
  readonly list: readonly Tenant[];
  /** By position of a workload. */
  readonly ofWorkload: readonly number[];
  readonly #numbers = new Map<string, number>();
  readonly #namespaces: ReadonlyMap<string, Tenant>;

  constructor(objects: readonly ManifestObject[], workloads: readonly Workload[], { label }: TenantSettings = {}) {
    const labels = new Map(
      objects
        .filter(({ kind, apiVersion }) => kind === 'Namespace' && apiVersion === 'v1')
        .map(({ name, object }) => [name, labelsOf(fieldAt(object, 'metadata', 'labels'))] as const),
    );
    const machines = objects.filter(isVirtualMachine);
    const names = new Set([...labels.keys(), ...[...workloads, ...machines].map(({ namespace }) => namespace)]);
    this.#namespaces = new Map([...names].map((name) => [name, tenantOf(name, labels.get(name) ?? new Map(), label)]));
    const list: Tenant[] = [];
    const numberOf = (tenant: Tenant): number => {
      const key = keyOf(tenant);
      let number = this.#numbers.get(key);
      if (number === undefined) {
        number = list.push(tenant) - 1;
        this.#numbers.set(key, number);
      }
      return number;
    };
    for (const tenant of this.#namespaces.values()) numberOf(tenant);
    this.ofWorkload = workloads.map((workload) => numberOf(this.#ofWorkload(workload)));
    this.list = list;
  }

  /** The number of the tenant of any workload of the cluster; undefined where it is of none in view. */
  numberOfWorkload(workload: Workload): number | undefined {
    return this.#numbers.get(keyOf(this.#ofWorkload(workload)));
  }

  #ofWorkload({ namespace, podLabels }: Workload): Tenant {
    const virtual = Object.hasOwn(podLabels, VIRTUAL_CLUSTER) ? podLabels[VIRTUAL_CLUSTER] : undefined;
    if (virtual !== undefined) return { name: `${namespace}/${virtual}`, by: 'vcluster' };
    return this.ofNamespace(namespace);
  }

  /** Of a namespace that no object is in, the tenant that its name alone would make it. */
  ofNamespace(namespace: string): Tenant {
    return this.#namespaces.get(namespace) ?? tenantOf(namespace, new Map(), undefined);
  }

  /** The number of a tenant; undefined where none of its namespaces is in view. */
  numberOf(tenant: Tenant): number | undefined {
    return this.#numbers.get(keyOf(tenant));
  }
}

/** Whether a tenant is the cluster's own. */
export function isPlatform({ by }: Tenant): boolean {
  return by === 'platform';
}

/** Two marks may give one name: then they are two tenants. */
function keyOf({ name, by }: Tenant): string {
  return `${by} ${name}`;
}

function tenantOf(namespace: string, labels: ReadonlyMap<string, string>, own: string | undefined): Tenant {
  const named = own === undefined ? undefined : labels.get(own);
  if (named !== undefined && named !== '') return { name: named, by: 'label' };
  for (const [label, by] of TENANT_LABELS) {
    const name = labels.get(label);
    if (name !== undefined && name !== '') return { name, by };
  }
  const root = rootOf(labels);
  if (root !== undefined) return { name: root, by: 'hierarchy' };
  return PLATFORM.test(namespace) ? { name: PLATFORM_TENANT, by: 'platform' } : { name: namespace, by: 'namespace' };
}

/** The ancestor that is farthest away; a namespace alone in its tree is its own root. */
function rootOf(labels: ReadonlyMap<string, string>): string | undefined {
  let root: string | undefined;
  let farthest = -1;
  for (const [label, value] of labels) {
    const ancestor = TREE.exec(label)?.[1];
    const depth = ancestor !== undefined && /^[0-9]{1,4}$/.test(value) ? Number(value) : -1;
    if (depth <= farthest) continue;
    root = ancestor;
    farthest = depth;
  }
  return root;
}
