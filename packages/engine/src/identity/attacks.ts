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

const need = (group: string, resources: string, verbs: string): Need => ({
  group,
  resources: resources.split(' '),
  verbs: verbs.split(' '),
});

const rbac = 'rbac.authorization.k8s.io';
const core = '';
const write = 'create update patch';
const change = 'update patch';
const podMaker: readonly PermissionTarget[] = ['node', 'service-accounts', 'secrets', 'volumes'];
const everything: readonly PermissionTarget[] = ['workloads', ...podMaker];

/** The attacks, one a line. To add one, add a line, and a row to the table of its test. */
export const attacks: readonly Attack[] = [
  // the whole cluster
  {
    name: 'cluster-admin',
    needs: [need('*', '*', '*')],
    targets: ['control-plane'],
    certainty: 'certain',
    phrase: 'do everything',
    clusterOnly: true,
  },
  {
    name: 'bind-cluster-role',
    needs: [need(rbac, 'clusterroles', 'bind'), need(rbac, 'clusterrolebindings', write)],
    targets: ['control-plane'],
    certainty: 'certain',
    phrase: 'give itself any role',
    clusterOnly: true,
  },
  {
    name: 'escalate-cluster-role',
    needs: [need(rbac, 'clusterroles', 'escalate'), need(rbac, 'clusterroles', change)],
    targets: ['control-plane'],
    certainty: 'certain',
    phrase: 'write any permission into a role',
    clusterOnly: true,
  },
  {
    name: 'approve-certificates',
    needs: [
      need('certificates.k8s.io', 'certificatesigningrequests', 'create'),
      need('certificates.k8s.io', 'certificatesigningrequests/approval', change),
      need('certificates.k8s.io', 'signers', 'approve'),
    ],
    targets: ['control-plane'],
    certainty: 'certain',
    phrase: 'sign itself a certificate of an administrator',
    clusterOnly: true,
  },
  {
    name: 'mutating-webhook',
    needs: [need('admissionregistration.k8s.io', 'mutatingwebhookconfigurations', write)],
    targets: ['control-plane'],
    certainty: 'likely',
    phrase: 'rewrite every object that is created',
    clusterOnly: true,
  },
  {
    name: 'validating-webhook',
    needs: [need('admissionregistration.k8s.io', 'validatingwebhookconfigurations', write)],
    targets: ['secrets'],
    certainty: 'likely',
    phrase: 'read every secret that is written',
    clusterOnly: true,
  },
  {
    name: 'mutating-policy',
    needs: [
      need('admissionregistration.k8s.io', 'mutatingadmissionpolicies', write),
      need('admissionregistration.k8s.io', 'mutatingadmissionpolicybindings', write),
    ],
    targets: ['control-plane'],
    certainty: 'likely',
    phrase: 'rewrite every object that is created',
    clusterOnly: true,
  },
  {
    name: 'intercept-api',
    needs: [need('apiregistration.k8s.io', 'apiservices', write)],
    targets: ['control-plane'],
    certainty: 'possible',
    phrase: 'take the place of an API',
    clusterOnly: true,
  },
  {
    name: 'impersonate-group',
    needs: [need(core, 'groups', 'impersonate'), need(core, 'users serviceaccounts', 'impersonate')],
    targets: ['groups'],
    certainty: 'certain',
    phrase: 'act as any group',
    clusterOnly: true,
    namesLimit: true,
  },
  {
    name: 'impersonate-user',
    needs: [need(core, 'users', 'impersonate')],
    targets: ['users'],
    certainty: 'certain',
    phrase: 'act as any user',
    clusterOnly: true,
    namesLimit: true,
  },
  {
    name: 'cloud-auth-map',
    needs: [need(core, 'configmaps', change)],
    targets: ['control-plane'],
    certainty: 'possible',
    phrase: 'map any cloud user to an administrator (aws-auth)',
    onlyIn: 'kube-system',
    onlyNamed: 'aws-auth',
  },

  // roles inside a namespace
  {
    name: 'bind-role',
    needs: [need(rbac, 'roles clusterroles', 'bind'), need(rbac, 'rolebindings', write)],
    targets: everything,
    certainty: 'certain',
    phrase: 'give itself any role',
  },
  {
    name: 'escalate-role',
    needs: [need(rbac, 'roles', 'escalate'), need(rbac, 'roles', change)],
    targets: everything,
    certainty: 'certain',
    phrase: 'write any permission into a role',
  },

  // secrets
  {
    name: 'read-secrets',
    needs: [need(core, 'secrets', 'get list watch')],
    targets: ['secrets'],
    certainty: 'certain',
    phrase: 'read every secret',
    namesLimit: true,
  },

  // identities
  {
    name: 'impersonate-service-account',
    needs: [need(core, 'serviceaccounts', 'impersonate')],
    targets: ['service-accounts'],
    certainty: 'certain',
    phrase: 'act as any service account',
    namesLimit: true,
  },
  {
    name: 'request-token',
    needs: [need(core, 'serviceaccounts/token', 'create')],
    targets: ['service-accounts'],
    certainty: 'certain',
    phrase: 'get a token of any service account',
    namesLimit: true,
  },
  {
    name: 'token-secret',
    needs: [need(core, 'secrets', 'create'), need(core, 'secrets', 'get list watch')],
    targets: ['service-accounts'],
    certainty: 'certain',
    phrase: 'have a token of any service account written into a secret',
  },

  // pods that exist
  {
    name: 'exec',
    needs: [need(core, 'pods/exec', 'create get')],
    targets: ['workloads'],
    certainty: 'certain',
    phrase: 'run commands in every pod',
    namesLimit: true,
  },
  {
    name: 'attach',
    needs: [need(core, 'pods/attach', 'create get')],
    targets: ['workloads'],
    certainty: 'possible',
    phrase: 'attach to every pod',
    namesLimit: true,
  },
  {
    name: 'ephemeral-container',
    needs: [need(core, 'pods/ephemeralcontainers', change)],
    targets: ['workloads'],
    certainty: 'certain',
    phrase: 'add a container to every running pod',
    namesLimit: true,
  },
  {
    name: 'patch-pod',
    needs: [need(core, 'pods', change)],
    targets: ['workloads'],
    certainty: 'likely',
    phrase: 'change the image of every pod',
    namesLimit: true,
  },
  {
    name: 'port-forward',
    needs: [need(core, 'pods/portforward', 'create get')],
    targets: ['workloads'],
    certainty: 'slight',
    phrase: 'reach every port of every pod',
    namesLimit: true,
  },
  {
    name: 'pod-proxy',
    needs: [need(core, 'pods/proxy services/proxy', 'create get')],
    targets: ['workloads'],
    certainty: 'slight',
    phrase: 'send requests to every pod',
  },
  {
    name: 'kubelet',
    needs: [need(core, 'nodes/proxy', 'create get')],
    targets: ['workloads'],
    certainty: 'certain',
    phrase: 'run commands in every pod through the kubelet',
    clusterOnly: true,
  },
  {
    name: 'steal-pods',
    needs: [need(core, 'nodes/status', change), need(core, 'pods', 'delete deletecollection')],
    targets: ['service-accounts'],
    certainty: 'possible',
    phrase: 'pull pods onto a node of its own',
    clusterOnly: true,
  },
  {
    name: 'external-ip',
    needs: [need(core, 'services/status', change)],
    targets: ['workloads'],
    certainty: 'slight',
    phrase: 'divert traffic to itself (CVE-2020-8554)',
  },

  // pods that it makes
  {
    name: 'create-pod',
    needs: [need(core, 'pods', 'create')],
    targets: podMaker,
    certainty: 'certain',
    phrase: 'create pods',
    podSecurity: true,
  },
  {
    name: 'create-replication-controller',
    needs: [need(core, 'replicationcontrollers', write)],
    targets: podMaker,
    certainty: 'certain',
    phrase: 'create pods through replication controllers',
    podSecurity: true,
  },
  {
    name: 'create-workload',
    needs: [need('apps', 'deployments daemonsets statefulsets replicasets', write)],
    targets: podMaker,
    certainty: 'certain',
    phrase: 'create or change workloads',
    podSecurity: true,
  },
  {
    name: 'create-job',
    needs: [need('batch', 'jobs cronjobs', 'create')],
    targets: podMaker,
    certainty: 'certain',
    phrase: 'create jobs',
    podSecurity: true,
  },
  {
    name: 'change-cron-job',
    needs: [need('batch', 'cronjobs', change)],
    targets: podMaker,
    certainty: 'certain',
    phrase: 'change cron jobs',
    podSecurity: true,
  },
  {
    name: 'change-pod-template',
    needs: [need(core, 'podtemplates', change)],
    targets: podMaker,
    certainty: 'slight',
    phrase: 'change pod templates',
    podSecurity: true,
  },
  {
    name: 'lift-pod-security',
    needs: [need(core, 'namespaces', change), need(core, 'pods', 'create')],
    targets: ['node'],
    certainty: 'certain',
    phrase: 'lift the Pod Security level and create privileged pods',
    clusterOnly: true,
  },
  {
    name: 'host-path-volume',
    needs: [need(core, 'persistentvolumes', 'create'), need(core, 'pods', 'create')],
    targets: ['node'],
    certainty: 'certain',
    phrase: 'mount the disk of a node as a persistent volume',
    clusterOnly: true,
  },
  {
    name: 'deploy-by-argo',
    needs: [need('argoproj.io', 'applications', write)],
    targets: ['control-plane'],
    certainty: 'likely',
    phrase: 'have Argo CD deploy anything',
  },
  {
    name: 'workflow-by-argo',
    needs: [need('argoproj.io', 'workflows cronworkflows', 'create')],
    targets: podMaker,
    certainty: 'likely',
    phrase: 'have Argo Workflows run any pod',
    podSecurity: true,
  },
  {
    name: 'deploy-by-flux',
    needs: [need('kustomize.toolkit.fluxcd.io', 'kustomizations', write)],
    targets: ['control-plane'],
    certainty: 'likely',
    phrase: 'have Flux deploy anything',
  },
  {
    name: 'release-by-flux',
    needs: [need('helm.toolkit.fluxcd.io', 'helmreleases', write)],
    targets: ['control-plane'],
    certainty: 'likely',
    phrase: 'have Flux deploy anything',
  },
];
