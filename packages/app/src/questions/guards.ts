import type { Json, JsonObject, ManifestObject } from '@breakwater/model';
import { isObject } from '@breakwater/model';
import { WEBHOOK_NAME } from '../admission/webhook-configuration.ts';

/** What a policy of others is about. */
export type GuardFamily = 'admission' | 'network' | 'run time' | 'mesh' | 'limits';

/** A policy that stands among the objects of an estate, and who holds it there. */
export interface Guard {
  object: ManifestObject;
  family: GuardFamily;
  /** Who enforces it: `the API server`, `Kyverno`. */
  by: string;
  /** Whether it refuses or stops anything; else it only tells, or nothing puts it in force. */
  refuses: boolean;
  /** As a phrase that follows its name: "refuses what is not allowed", "only warns". */
  does: string;
  isOurs: boolean;
}

interface GuardKind {
  kind: RegExp;
  group: RegExp;
  family: GuardFamily;
  by: string;
  /** Whether one refuses; all do where nothing is said. */
  refuses?(object: JsonObject, context: Bindings): boolean;
}

/** Names of the ValidatingAdmissionPolicies that a binding denies by, by cluster. */
type Bindings = (name: string) => boolean;

const isDenied = (action: Json | undefined): boolean => typeof action === 'string' && /^(enforce|deny)$/i.test(action);

/** Kinds of policies, the first that fits. To know another one, add a line. */
// biome-ignore format: one kind is one line
const KINDS: readonly GuardKind[] = [
  { kind: /^ValidatingAdmissionPolicy$/, group: /^admissionregistration\.k8s\.io$/, family: 'admission', by: 'the API server', refuses: (object, denies) => denies(textAt(object, 'metadata', 'name')) },
  { kind: /^(ClusterPolicy|Policy)$/, group: /^kyverno\.io$/, family: 'admission', by: 'Kyverno', refuses: kyvernoRefuses },
  { kind: /^(Namespaced)?ValidatingPolicy$|^(Namespaced)?ImageValidatingPolicy$/, group: /^policies\.kyverno\.io$/, family: 'admission', by: 'Kyverno', refuses: (object) => listAt(object, 'spec', 'validationActions').some(isDenied) },
  { kind: /./, group: /^constraints\.gatekeeper\.sh$/, family: 'admission', by: 'Gatekeeper', refuses: (object) => isDenied(at(object, 'spec', 'enforcementAction') ?? 'deny') },
  { kind: /AdmissionPolicy$/, group: /^policies\.kubewarden\.io$/, family: 'admission', by: 'Kubewarden', refuses: (object) => at(object, 'spec', 'mode') !== 'monitor' },
  { kind: /^NvAdmissionControlSecurityRule$/, group: /^neuvector\.com$/, family: 'admission', by: 'NeuVector' },
  { kind: /^SecurityContextConstraints$/, group: /^security\.openshift\.io$/, family: 'admission', by: 'OpenShift' },
  { kind: /^PodSecurityPolicy$/, group: /^(policy|extensions)$/, family: 'admission', by: 'Kubernetes before 1.25', refuses: () => false },
  { kind: /^NetworkPolicy$/, group: /^(networking\.k8s\.io|extensions)$/, family: 'network', by: 'the network plug-in' },
  { kind: /^((Baseline)?Admin|Cluster)NetworkPolicy$/, group: /^policy\.networking\.k8s\.io$/, family: 'network', by: 'the network plug-in' },
  { kind: /^Cilium(Clusterwide)?NetworkPolicy$/, group: /^cilium\.io$/, family: 'network', by: 'Cilium' },
  { kind: /^(Global)?NetworkPolicy$/, group: /(^|\.)projectcalico\.org$/, family: 'network', by: 'Calico' },
  { kind: /^(MultiNetworkPolicy|EgressFirewall)$/, group: /^(k8s\.cni\.cncf\.io|k8s\.ovn\.org)$/, family: 'network', by: 'the network plug-in' },
  { kind: /^(AuthorizationPolicy|PeerAuthentication)$/, group: /^security\.istio\.io$/, family: 'mesh', by: 'Istio' },
  { kind: /^TracingPolicy(Namespaced)?$/, group: /^cilium\.io$/, family: 'run time', by: 'Tetragon', refuses: (object) => JSON.stringify(object).includes('"Sigkill"') },
  { kind: /^KubeArmor(Cluster|Host)?Policy$/, group: /^security\.kubearmor\.com$/, family: 'run time', by: 'KubeArmor', refuses: (object) => at(object, 'spec', 'action') === 'Block' },
  { kind: /^(SeccompProfile|AppArmorProfile|SelinuxProfile)$/, group: /^security-profiles-operator\.x-k8s\.io$/, family: 'run time', by: 'the kernel' },
  { kind: /^(ResourceQuota|LimitRange)$/, group: /^$/, family: 'limits', by: 'the API server' },
];

/** Resources of which a webhook that judges workloads is asked. */
const WORKLOADS = new Set(['*', '*/*', 'pods', 'deployments', 'daemonsets', 'statefulsets', 'jobs', 'cronjobs']);

/** The policies among objects, with who holds them. Levels of Pod Security on namespaces are such too. */
export function guardsOf(objects: readonly ManifestObject[]): Guard[] {
  const denied = deniedPolicies(objects);
  return objects.flatMap((object): Guard[] => {
    const level =
      object.kind === 'Namespace' && object.apiVersion === 'v1' ? podSecurityLevel(object.object) : undefined;
    if (level !== undefined) {
      const refuses = level !== 'privileged';
      const does = refuses ? `refuses pods that are not ${level}` : 'refuses nothing';
      return [{ object, family: 'admission', by: 'Pod Security admission', refuses, does, isOurs: false }];
    }
    if (object.kind === 'ValidatingWebhookConfiguration') return webhookOf(object);
    const group = object.apiVersion.includes('/') ? object.apiVersion.slice(0, object.apiVersion.indexOf('/')) : '';
    const known = KINDS.find((kind) => kind.kind.test(object.kind) && kind.group.test(group));
    if (known === undefined) return [];
    const refuses = known.refuses?.(object.object, (name) => denied.has(`${object.cluster}/${name}`)) ?? true;
    const managedBy = textAt(object.object, 'metadata', 'labels', 'app.kubernetes.io/managed-by');
    return [
      {
        object,
        family: known.family,
        by: known.by,
        refuses,
        does: refuses ? 'refuses what is not allowed' : 'refuses nothing',
        isOurs: managedBy === 'breakwater' && known.family === 'admission',
      },
    ];
  });
}

/** `ValidatingAdmissionPolicy no-root`, `NetworkPolicy shop/web`. */
export function nameOfGuard({ object: { kind, namespace, name } }: Guard): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

function deniedPolicies(objects: readonly ManifestObject[]): Set<string> {
  return new Set(
    objects
      .filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding')
      .filter(({ object }) => listAt(object, 'spec', 'validationActions').some(isDenied))
      .map(({ cluster, object }) => `${cluster}/${textAt(object, 'spec', 'policyName')}`),
  );
}

/** A webhook that is asked about workloads; others look after objects of their own operator. */
function webhookOf(object: ManifestObject): Guard[] {
  const webhooks = listAt(object.object, 'webhooks').filter(isObject);
  const asked = webhooks.filter((webhook) =>
    listAt(webhook, 'rules').some((rule) =>
      listAt(isObject(rule) ? rule : {}, 'resources').some((name) => WORKLOADS.has(String(name))),
    ),
  );
  if (asked.length === 0) return [];
  const isOurs = webhooks.some(({ name }) => name === WEBHOOK_NAME);
  const closed = asked.some(({ failurePolicy }) => failurePolicy !== 'Ignore');
  const does = `is asked before workloads are admitted, and ${closed ? 'refuses' : 'lets through'} what it cannot be asked about`;
  return [{ object, family: 'admission', by: isOurs ? 'Breakwater' : 'a webhook', refuses: true, does, isOurs }];
}

function kyvernoRefuses(object: JsonObject): boolean {
  const rules = listAt(object, 'spec', 'rules').filter(isObject);
  return (
    isDenied(at(object, 'spec', 'validationFailureAction')) ||
    rules.some((rule) => isDenied(at(rule, 'validate', 'failureAction')))
  );
}

function podSecurityLevel(namespace: JsonObject): string | undefined {
  const level = at(namespace, 'metadata', 'labels', 'pod-security.kubernetes.io/enforce');
  return typeof level === 'string' ? level : undefined;
}

function at(value: Json | undefined, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (found, key) => (isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined),
    value,
  );
}

function listAt(value: JsonObject, ...path: string[]): Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

function textAt(value: JsonObject, ...path: string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}
