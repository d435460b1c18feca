import { resourceOf } from '@breakwater/engine/inventory';
import type { DeployedBy, HandChange, ManifestObject } from '@breakwater/model';
import { createdAt, objectsAt, textAt, textsAt } from './live-index.ts';

/** Who last did something to an object, by `resource.group namespace/name`, from an audit log. */
export type AuditUsers = ReadonlyMap<string, { user: string; at: string }>;

/** Programs of Kubernetes itself, which bring nothing: they carry out what others brought. */
const CONTROLLERS =
  /^(kube-controller-manager|kube-scheduler|kube-apiserver|kubelet|kwok|cloud-controller-manager|k3s|controller|manager|horizontal-pod-autoscaler|vpa-recommender|cluster-autoscaler|calico-.*|cilium-.*|Go-http-client)$/;
/** Managers by which people change single objects. */
const BY_HAND =
  /^kubectl-(edit|patch|set|scale|label|annotate|rollout|expose|autoscale|run|taint)$|^(k9s|Lens|headlamp|dashboard|Mozilla)$/;

const TOOLS: Record<string, string> = {
  'kubectl-client-side-apply': 'kubectl apply',
  kubectl: 'kubectl apply --server-side',
  'kubectl-create': 'kubectl create',
  'kubectl-replace': 'kubectl replace',
  'kubectl-run': 'kubectl run',
  'kubectl-expose': 'kubectl expose',
  helm: 'Helm',
  'argocd-controller': 'Argo CD',
  'argocd-application-controller': 'Argo CD',
  'kustomize-controller': 'Flux',
  'helm-controller': 'Flux',
  Terraform: 'Terraform',
  HashiCorp: 'Terraform',
  pulumi: 'Pulumi',
  'pulumi-kubernetes': 'Pulumi',
  rancher: 'Rancher',
};

interface ManagedEntry {
  manager: string;
  at: string | undefined;
}

/** Who brought an object: what tools write onto it counts most, then who manages its fields. Undefined where nothing tells. */
export function deployedBy(entry: ManifestObject, audit?: AuditUsers): DeployedBy | undefined {
  const marked = markOf(entry);
  const managers = managersOf(entry).filter(({ manager }) => !CONTROLLERS.test(manager));
  const deployers = managers.filter(({ manager }) => !BY_HAND.test(manager));
  const last = latest(deployers.length > 0 ? deployers : managers);
  const user = audit?.get(auditKey(entry));
  const at = last?.at ?? user?.at ?? createdAt(entry);
  const about = { ...(user ? { user: user.user } : {}), ...(at ? { at } : {}) };
  if (marked) return { ...marked, ...about };
  if (last)
    return { tool: TOOLS[last.manager] ?? last.manager, ...about, evidence: `manages its fields as ${last.manager}` };
  return user ? { tool: 'unknown', ...about, evidence: 'the audit log' } : undefined;
}

/**
 * Changes that people made with their hands after whatever deployed it, latest first. What was made by hand altogether
 * was deployed by the first of them.
 */
export function changedByHand(entry: ManifestObject, audit?: AuditUsers): HandChange[] {
  const user = audit?.get(auditKey(entry));
  const managers = managersOf(entry).filter(({ manager }) => !CONTROLLERS.test(manager));
  const byHand = managers
    .filter(({ manager }) => BY_HAND.test(manager))
    .sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1));
  const changes = byHand.length === managers.length ? byHand.slice(0, -1) : byHand;
  return changes.map(({ manager, at }) => ({
    manager,
    ...(at ? { at } : {}),
    ...(user && at && user.at.slice(0, 19) === at.slice(0, 19) ? { user: user.user } : {}),
  }));
}

/** Whether a manager stands for Kubernetes itself. */
export function isController(manager: string): boolean {
  return CONTROLLERS.test(manager);
}

/** What tools leave on what they deploy. */
function markOf({ object }: ManifestObject): Pick<DeployedBy, 'tool' | 'unit' | 'evidence'> | undefined {
  const annotations = textsAt(object, 'metadata', 'annotations');
  const labels = textsAt(object, 'metadata', 'labels');
  const tracking = annotations['argocd.argoproj.io/tracking-id'];
  if (tracking) return mark('Argo CD', tracking.split(':')[0], 'annotation argocd.argoproj.io/tracking-id');
  const argo = labels['argocd.argoproj.io/instance'];
  if (argo) return mark('Argo CD', argo, 'label argocd.argoproj.io/instance');
  for (const [group, unit] of [
    ['kustomize.toolkit.fluxcd.io', 'kustomization'],
    ['helm.toolkit.fluxcd.io', 'release'],
  ] as const) {
    const name = labels[`${group}/name`];
    if (name) return mark('Flux', `${unit} ${labels[`${group}/namespace`] ?? ''}/${name}`, `label ${group}/name`);
  }
  const release = annotations['meta.helm.sh/release-name'];
  if (release) return mark('Helm', release, 'annotation meta.helm.sh/release-name');
  if (labels['app.kubernetes.io/managed-by'] === 'Helm' || labels['heritage'] === 'Helm') {
    return mark(
      'Helm',
      labels['app.kubernetes.io/instance'] ?? labels['release'],
      'label app.kubernetes.io/managed-by',
    );
  }
  return undefined;
}

function mark(
  tool: string,
  unit: string | undefined,
  evidence: string,
): Pick<DeployedBy, 'tool' | 'unit' | 'evidence'> {
  return { tool, ...(unit ? { unit } : {}), evidence };
}

function managersOf({ object }: ManifestObject): ManagedEntry[] {
  return objectsAt(object, 'metadata', 'managedFields')
    .filter((entry) => entry['subresource'] === undefined || entry['subresource'] === '')
    .map((entry) => ({ manager: textAt(entry, 'manager') ?? '', at: textAt(entry, 'time') }))
    .filter(({ manager }) => manager !== '');
}

function latest(entries: ManagedEntry[]): ManagedEntry | undefined {
  return entries.toSorted((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1))[0];
}

/** How an audit log names an object; by kind and name, for the log knows the resource and the object the kind. */
export function auditKey({ kind, namespace, name }: Pick<ManifestObject, 'kind' | 'namespace' | 'name'>): string {
  return `${resourceOf(kind)} ${namespace}/${name}`;
}
