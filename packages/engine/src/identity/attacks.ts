import type { PermissionTarget, StepCertainty } from './types.ts';

/** Permissions of which one verb on one resource is enough. */
export interface Need {
  group: string;
  resources: readonly string[];
  verbs: readonly string[];
}

/** A way in which a permission becomes more than it says. */
export interface Attack {
  name: string;
  /** The permission that makes it; where several are listed, all must be held in the same place. */
  needs: readonly [Need, ...Need[]];
  targets: readonly PermissionTarget[];
  certainty: StepCertainty;
  /** Follows "can" and precedes the place: "read every secret". */
  phrase: string;
  /** The resource is cluster-scoped: only a binding for the whole cluster gives it. */
  clusterOnly?: true;
  /** Holds in no other namespace. */
  onlyIn?: string;
  /** `resourceNames` name something else than what is opened: an attack only when this name is among them, or all are. */
  onlyNamed?: string;
  /** Names limit what is opened. */
  namesLimit?: true;
  /** Pods that it makes obey Pod Security. */
  podSecurity?: true;
}

type Limits = Pick<Attack, 'clusterOnly' | 'namesLimit' | 'podSecurity' | 'onlyIn' | 'onlyNamed'>;

const groups: Readonly<Record<string, string>> = {
  core: '',
  rbac: 'rbac.authorization.k8s.io',
  admission: 'admissionregistration.k8s.io',
  certificates: 'certificates.k8s.io',
};

/** Needs are written `GROUP RESOURCE,... VERB,...`, joined by ` + `. */
function attack(
  name: string,
  certainty: StepCertainty,
  targets: readonly PermissionTarget[],
  phrase: string,
  needs: string,
  limits: Limits = {},
): Attack {
  const [first, ...others] = needs.split(' + ').map((need): Need => {
    const [group = '', resources = '', verbs = ''] = need.split(' ');
    return { group: groups[group] ?? group, resources: resources.split(','), verbs: verbs.split(',') };
  });
  return { name, certainty, targets, phrase, needs: [first!, ...others], ...limits };
}

const cluster: readonly PermissionTarget[] = ['control-plane'];
const podMaker: readonly PermissionTarget[] = ['node', 'service-accounts', 'secrets', 'volumes'];
const everything: readonly PermissionTarget[] = ['workloads', ...podMaker];

/** The attacks, the one that holds all others first. To add one, add a line, and a row to the table of its test. */
// biome-ignore format: one attack is one line
export const attacks: readonly Attack[] = [
  attack('cluster-admin', 'certain', cluster, 'do everything', '* * *', { clusterOnly: true }),
  attack('bind-cluster-role', 'certain', cluster, 'give itself any role', 'rbac clusterroles bind + rbac clusterrolebindings create,update,patch', { clusterOnly: true }),
  attack('escalate-cluster-role', 'certain', cluster, 'write any permission into a role', 'rbac clusterroles escalate + rbac clusterroles update,patch', { clusterOnly: true }),
  attack('approve-certificates', 'certain', cluster, 'sign itself a certificate of an administrator', 'certificates certificatesigningrequests create + certificates certificatesigningrequests/approval update,patch + certificates signers approve', { clusterOnly: true }),
  attack('mutating-webhook', 'likely', cluster, 'rewrite every object that is created', 'admission mutatingwebhookconfigurations create,update,patch', { clusterOnly: true }),
  attack('validating-webhook', 'likely', ['secrets'], 'read every secret that is written', 'admission validatingwebhookconfigurations create,update,patch', { clusterOnly: true }),
  attack('mutating-policy', 'likely', cluster, 'rewrite every object that is created', 'admission mutatingadmissionpolicies create,update,patch + admission mutatingadmissionpolicybindings create,update,patch', { clusterOnly: true }),
  attack('intercept-api', 'possible', cluster, 'take the place of an API', 'apiregistration.k8s.io apiservices create,update,patch', { clusterOnly: true }),
  attack('impersonate-group', 'certain', ['groups'], 'act as any group', 'core groups impersonate + core users,serviceaccounts impersonate', { clusterOnly: true, namesLimit: true }),
  attack('impersonate-user', 'certain', ['users'], 'act as any user', 'core users impersonate', { clusterOnly: true, namesLimit: true }),
  attack('cloud-auth-map', 'possible', cluster, 'map any cloud user to an administrator (aws-auth)', 'core configmaps update,patch', { onlyIn: 'kube-system', onlyNamed: 'aws-auth' }),
  attack('bind-role', 'certain', everything, 'give itself any role', 'rbac roles,clusterroles bind + rbac rolebindings create,update,patch'),
  attack('escalate-role', 'certain', everything, 'write any permission into a role', 'rbac roles escalate + rbac roles update,patch'),
  attack('read-secrets', 'certain', ['secrets'], 'read every secret', 'core secrets get,list,watch', { namesLimit: true }),
  attack('impersonate-service-account', 'certain', ['service-accounts'], 'act as any service account', 'core serviceaccounts impersonate', { namesLimit: true }),
  attack('request-token', 'certain', ['service-accounts'], 'get a token of any service account', 'core serviceaccounts/token create', { namesLimit: true }),
  attack('token-secret', 'certain', ['service-accounts'], 'have a token of any service account written into a secret', 'core secrets create + core secrets get,list,watch'),
  attack('exec', 'certain', ['workloads'], 'run commands in every pod', 'core pods/exec create,get', { namesLimit: true }),
  attack('attach', 'possible', ['workloads'], 'attach to every pod', 'core pods/attach create,get', { namesLimit: true }),
  attack('ephemeral-container', 'certain', ['workloads'], 'add a container to every running pod', 'core pods/ephemeralcontainers update,patch', { namesLimit: true }),
  attack('patch-pod', 'likely', ['workloads'], 'change the image of every pod', 'core pods update,patch', { namesLimit: true }),
  attack('port-forward', 'slight', ['workloads'], 'reach every port of every pod', 'core pods/portforward create,get', { namesLimit: true }),
  attack('pod-proxy', 'slight', ['workloads'], 'send requests to every pod', 'core pods/proxy,services/proxy create,get'),
  attack('kubelet', 'certain', ['workloads'], 'run commands in every pod through the kubelet', 'core nodes/proxy create,get', { clusterOnly: true }),
  attack('steal-pods', 'possible', ['service-accounts'], 'pull pods onto a node of its own', 'core nodes/status update,patch + core pods delete,deletecollection', { clusterOnly: true }),
  attack('external-ip', 'slight', ['workloads'], 'divert traffic to itself (CVE-2020-8554)', 'core services/status update,patch'),
  attack('create-pod', 'certain', podMaker, 'create pods', 'core pods create', { podSecurity: true }),
  attack('create-replication-controller', 'certain', podMaker, 'create pods through replication controllers', 'core replicationcontrollers create,update,patch', { podSecurity: true }),
  attack('create-workload', 'certain', podMaker, 'create or change workloads', 'apps deployments,daemonsets,statefulsets,replicasets create,update,patch', { podSecurity: true }),
  attack('create-job', 'certain', podMaker, 'create jobs', 'batch jobs,cronjobs create', { podSecurity: true }),
  attack('change-cron-job', 'certain', podMaker, 'change cron jobs', 'batch cronjobs update,patch', { podSecurity: true }),
  attack('change-pod-template', 'slight', podMaker, 'change pod templates', 'core podtemplates update,patch', { podSecurity: true }),
  attack('lift-pod-security', 'certain', ['node'], 'lift the Pod Security level and create privileged pods', 'core namespaces update,patch + core pods create', { clusterOnly: true }),
  attack('host-path-volume', 'certain', ['node'], 'mount the disk of a node as a persistent volume', 'core persistentvolumes create + core pods create', { clusterOnly: true }),
  attack('deploy-by-argo', 'likely', cluster, 'have Argo CD deploy anything', 'argoproj.io applications create,update,patch'),
  attack('workflow-by-argo', 'likely', podMaker, 'have Argo Workflows run any pod', 'argoproj.io workflows,cronworkflows create', { podSecurity: true }),
  attack('deploy-by-flux', 'likely', cluster, 'have Flux deploy anything', 'kustomize.toolkit.fluxcd.io kustomizations create,update,patch'),
  attack('release-by-flux', 'likely', cluster, 'have Flux deploy anything', 'helm.toolkit.fluxcd.io helmreleases create,update,patch'),
];
