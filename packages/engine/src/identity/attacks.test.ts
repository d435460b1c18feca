import { readFileSync } from 'node:fs';
import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { objectOf } from '../network/estate.fixture.ts';
import { iceKube, kubeHound, rbacPolice } from './catalogues.fixture.ts';
import { attacks, identityOf } from './index.ts';

const robot: JsonObject = { kind: 'ServiceAccount', name: 'robot', namespace: 'shop' };
const short: Readonly<Record<string, string>> = {
  core: '',
  rbac: 'rbac.authorization.k8s.io',
  admission: 'admissionregistration.k8s.io',
  certificates: 'certificates.k8s.io',
};

/** `core secrets get,list db`: one rule, as the table of attacks writes needs, with the names that it is limited to. */
function rulesOf(text: string): JsonObject[] {
  return text.split(' + ').map((rule) => {
    const [group = '', resources = '', verbs = '', names] = rule.split(' ');
    return {
      apiGroups: [short[group] ?? group],
      resources: resources.split(','),
      verbs: verbs.split(','),
      ...(names === undefined ? {} : { resourceNames: names.split(',') }),
    };
  });
}

function bound(namespace: string, role: string, subjects: JsonObject[] = [robot]): ManifestObject {
  const [kind = '', name = ''] = role.split(' ');
  const body = { subjects, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name } };
  return objectOf(namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding', `bind-${name}`, body, namespace);
}

const clusterRole = (name: string, rules: string): ManifestObject =>
  objectOf('ClusterRole', name, { rules: rulesOf(rules) }, '');

const spell = (objects: ManifestObject[], who = 'identity:default/shop/robot'): string[] =>
  identityOf(objects, [])
    .steps.filter(({ identity }) => identity === who)
    .map(({ attack, target, namespace, names }) => `${attack} ${target} ${namespace || '*'} ${names}`.trim());

/** What rules open when they are bound to a service account in the whole cluster, or in a namespace. */
const opened = (rules: string, namespace = ''): string[] =>
  spell([clusterRole('tried', rules), bound(namespace, 'ClusterRole tried')]);

/** A line for each attack: the least that makes it, what it opens, and what is nearly that and opens nothing of the kind. */
const table: readonly [attack: string, rules: string, step: string, not: string][] = [
  ['cluster-admin', '* * *', 'control-plane *', '* * get'],
  [
    'bind-cluster-role',
    'rbac clusterroles bind + rbac clusterrolebindings create',
    'control-plane *',
    'rbac clusterroles bind',
  ],
  [
    'escalate-cluster-role',
    'rbac clusterroles escalate,patch',
    'control-plane *',
    'rbac clusterroles escalate + rbac roles patch',
  ],
  [
    'approve-certificates',
    'certificates certificatesigningrequests create + certificates certificatesigningrequests/approval update + certificates signers approve kubernetes.io/*',
    'control-plane *',
    'certificates certificatesigningrequests create + certificates certificatesigningrequests/approval update + certificates signers approve kubernetes.io/kubelet-serving',
  ],
  [
    'node-certificate',
    'certificates certificatesigningrequests create + certificates certificatesigningrequests/approval update + certificates signers approve kubernetes.io/kube-apiserver-client-kubelet',
    'secrets *',
    'certificates certificatesigningrequests create + certificates certificatesigningrequests/approval update + certificates signers approve example.org/one',
  ],
  [
    'mutating-webhook',
    'admission mutatingwebhookconfigurations patch',
    'control-plane *',
    'admission mutatingwebhookconfigurations delete',
  ],
  [
    'validating-webhook',
    'admission validatingwebhookconfigurations create',
    'secrets *',
    'admission validatingwebhookconfigurations get',
  ],
  [
    'mutating-policy',
    'admission mutatingadmissionpolicies,mutatingadmissionpolicybindings create',
    'control-plane *',
    'admission mutatingadmissionpolicies create',
  ],
  ['intercept-api', 'apiregistration.k8s.io apiservices update', 'control-plane *', 'core apiservices update'],
  [
    'conversion-webhook',
    'apiextensions.k8s.io customresourcedefinitions patch',
    'control-plane *',
    'apiextensions.k8s.io customresourcedefinitions list',
  ],
  [
    'impersonate-group',
    'core groups impersonate ops + core users impersonate',
    'groups * ops',
    'core groups impersonate',
  ],
  ['impersonate-user', 'core users impersonate alice', 'users * alice', 'core users get'],
  ['cloud-auth-map', 'core configmaps update aws-auth', 'control-plane *', 'core configmaps update other'],
  ['rewrite-dns', 'core configmaps patch coredns', 'workloads *', 'core configmaps patch aws-auth'],
  [
    'bind-role',
    'rbac roles bind + rbac rolebindings patch',
    'secrets *',
    'rbac roles bind + rbac clusterrolebindings patch',
  ],
  ['escalate-role', 'rbac roles escalate,update', 'workloads *', 'rbac roles escalate'],
  ['read-secrets', 'core secrets get db', 'secrets * db', 'apps secrets get'],
  ['patch-secrets', 'core secrets patch', 'secrets *', 'core secrets update'],
  ['delete-secrets', 'core secrets deletecollection', 'secrets *', 'core secrets deletecollection db'],
  [
    'impersonate-service-account',
    'core serviceaccounts impersonate',
    'service-accounts *',
    'core serviceaccounts create',
  ],
  [
    'request-token',
    'core serviceaccounts/token create deployer',
    'service-accounts * deployer',
    'core serviceaccounts create',
  ],
  [
    'token-secret',
    'core secrets create + core secrets get',
    'service-accounts *',
    'core secrets create + core secrets get db',
  ],
  ['exec', 'core */exec create', 'workloads *', 'core pods create'],
  ['exec-by-get', 'core pods/exec get', 'workloads *', 'core pods/exec create'],
  ['attach', 'core pods/attach get', 'workloads *', 'core pods get'],
  ['ephemeral-container', 'core pods/ephemeralcontainers patch', 'workloads *', 'core pods get'],
  ['ephemeral-escape', 'core pods/ephemeralcontainers update', 'node *', 'core pods/ephemeralcontainers get'],
  ['patch-pod', 'core pods patch', 'workloads *', 'core pods get'],
  ['port-forward', 'core pods/portforward create', 'workloads *', 'core pods/log get'],
  ['pod-proxy', 'core services/proxy get', 'workloads *', 'core services get'],
  ['kubelet', 'core nodes/proxy get', 'workloads *', 'core nodes get'],
  [
    'steal-pods',
    'core nodes/status patch + core pods/eviction create',
    'service-accounts *',
    'core nodes/status patch',
  ],
  ['lure-pods', 'core nodes update', 'service-accounts *', 'core nodes list'],
  ['external-ip', 'core services patch', 'workloads *', 'core services delete'],
  ['pod-labels', 'core pods/status update', 'workloads *', 'core pods/status get'],
  ['endpoints', 'discovery.k8s.io endpointslices patch', 'workloads *', 'discovery.k8s.io endpoints patch'],
  ['create-pod', 'core pods create', 'node *', 'core pods create web'],
  [
    'create-replication-controller',
    'core replicationcontrollers create',
    'volumes *',
    'core replicationcontrollers get',
  ],
  [
    'change-replication-controller',
    'core replicationcontrollers update',
    'volumes *',
    'core replicationcontrollers create',
  ],
  ['create-workload', 'apps daemonsets patch', 'service-accounts *', 'apps daemonsets/scale patch'],
  ['create-job', 'batch cronjobs create', 'secrets *', 'batch jobs patch'],
  ['change-cron-job', 'batch cronjobs patch nightly', 'service-accounts *', 'batch cronjobs delete'],
  ['change-pod-template', 'core podtemplates patch', 'secrets *', 'core podtemplates get'],
  ['lift-pod-security', 'core namespaces patch + batch jobs create', 'node *', 'core namespaces patch'],
  [
    'lift-policies',
    'admission validatingadmissionpolicybindings delete + core pods create',
    'node *',
    'admission validatingadmissionpolicybindings create + core pods create',
  ],
  [
    'except-from-policies',
    'kyverno.io policyexceptions create + core pods create',
    'node *',
    'kyverno.io policyexceptions create',
  ],
  [
    'host-path-volume',
    'core persistentvolumes,persistentvolumeclaims create + core pods create',
    'node *',
    'core persistentvolumeclaims create + core pods create',
  ],
  ['deploy-by-argo', 'argoproj.io applications create', 'control-plane *', 'argoproj.io applications get'],
  ['workflow-by-argo', 'argoproj.io workflows create', 'node *', 'argoproj.io workflows delete'],
  [
    'deploy-by-flux',
    'kustomize.toolkit.fluxcd.io kustomizations patch',
    'control-plane *',
    'argoproj.io kustomizations patch',
  ],
  [
    'release-by-flux',
    'helm.toolkit.fluxcd.io helmreleases update',
    'control-plane *',
    'helm.toolkit.fluxcd.io helmreleases list',
  ],
  ['chart-by-k3s', 'helm.cattle.io helmcharts create', 'control-plane *', 'helm.cattle.io helmcharts get'],
  ['run-by-tekton', 'tekton.dev taskruns create', 'service-accounts *', 'tekton.dev tasks create'],
  ['rules-by-kyverno', 'kyverno.io clusterpolicies create', 'control-plane *', 'kyverno.io clusterpolicies get'],
  ['objects-by-crossplane', 'kubernetes.crossplane.io objects create', 'control-plane *', 'core objects create'],
  [
    'azure-pod-identity',
    'aadpodidentity.k8s.io azurepodidentityexceptions create + core pods create',
    'control-plane *',
    'aadpodidentity.k8s.io azurepodidentityexceptions create',
  ],
];

describe('attacks', () => {
  it.each(table)('%s: %s', (attack, rules, step, not) => {
    expect(opened(rules)).toContain(`${attack} ${step}`);
    expect(opened(not).filter((each) => each.startsWith(`${attack} `))).toEqual([]);
  });

  it('have each a name of its own and a line in this table', () => {
    expect(table.map(([name]) => name)).toEqual(attacks.map(({ name }) => name));
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
  });

  it('that are not certain say what else they take', () => {
    for (const { name, certainty, takes } of attacks)
      expect([name, takes === undefined]).toEqual([name, certainty === 'certain']);
  });

  it('are the union of three catalogues', () => {
    const names = new Set(attacks.map(({ name }) => name));
    for (const catalogue of [kubeHound, rbacPolice, iceKube]) {
      expect(new Set(catalogue.map(({ theirs }) => theirs)).size).toBe(catalogue.length);
      for (const { theirs, ours, elsewhere } of catalogue) {
        expect([theirs, ours.filter((name) => !names.has(name))]).toEqual([theirs, []]);
        expect([theirs, ours.length > 0 || elsewhere !== undefined]).toEqual([theirs, true]);
      }
    }
    expect([kubeHound.length, rbacPolice.length, iceKube.length]).toEqual([26, 22, 30]);
  });
});

describe('a namespace', () => {
  it('keeps what a binding in it opens, and leaves out what only a cluster has', () => {
    const rules = 'core secrets get + core nodes/proxy get + admission mutatingwebhookconfigurations patch';
    expect(opened(rules, 'shop')).toEqual(['read-secrets secrets shop']);
    expect(opened('* * *', 'shop')).toContain('create-pod node shop');
    expect(opened('* * *', 'shop').filter((step) => step.includes('control-plane'))).toEqual(
      attacks
        .filter(({ targets, clusterOnly, onlyIn }) => targets.includes('control-plane') && !clusterOnly && !onlyIn)
        .map(({ name }) => `${name} control-plane shop`),
    );
  });

  it('may be changed by whoever a binding in it lets: its request is in itself', () => {
    expect(opened('core namespaces patch + core pods create', 'shop')).toContain('lift-pod-security node shop');
  });

  it('in which DNS or the map of EKS lie is the only one for them', () => {
    expect(opened('core configmaps update', 'shop')).toEqual([]);
    expect(opened('core configmaps update', 'kube-system')).toEqual([
      'cloud-auth-map control-plane kube-system',
      'rewrite-dns workloads kube-system',
    ]);
  });
});

describe('roles that may be bound by name', () => {
  const binder = (names: string) =>
    clusterRole('binder', `rbac clusterroles bind ${names} + rbac clusterrolebindings,rolebindings create`);

  it('give what they hold, and no more', () => {
    const reader = clusterRole('reader', 'core secrets get');
    const objects = [binder('reader'), reader, bound('', 'ClusterRole binder')];
    expect(spell(objects)).toEqual(['read-secrets secrets *']);
    expect(spell([binder('reader'), reader, bound('shop', 'ClusterRole binder')])).toEqual([
      'read-secrets secrets shop',
    ]);
    const [step] = identityOf(objects, []).steps;
    expect(step?.reason).toBe(
      'ClusterRoleBinding bind-binder gives ClusterRole binder, by which it may give itself ClusterRole reader',
    );
  });

  it('may let bind others in turn, in a circle too', () => {
    const again = clusterRole('again', 'rbac clusterroles bind binder,cluster-admin');
    expect(spell([binder('again'), again, bound('', 'ClusterRole binder')])).toEqual(['cluster-admin control-plane *']);
  });

  it('give nothing where nobody defines them', () => {
    expect(spell([binder('gone'), bound('', 'ClusterRole binder')])).toEqual([]);
  });
});

describe('roles that may be written into by name', () => {
  const writer = (names: string) => clusterRole('writer', `rbac clusterroles escalate,update ${names}`);

  it('open everything where the writer is bound to one of them', () => {
    expect(spell([writer('writer'), bound('', 'ClusterRole writer')])).toEqual([
      'escalate-cluster-role control-plane *',
    ]);
    expect(spell([writer('other'), bound('', 'ClusterRole writer')])).toEqual([]);
  });
});

describe('groups', () => {
  const ops: JsonObject = { kind: 'Group', name: 'system:authenticated' };
  const alice: JsonObject = { kind: 'User', name: 'alice' };

  it('add to what their members hold where several permissions make an attack', () => {
    const [bind, make] = [
      clusterRole('bind', 'rbac clusterroles bind'),
      clusterRole('make', 'rbac clusterrolebindings create'),
    ];
    const who = 'identity:default/user:alice';
    const expected = ['bind-cluster-role control-plane *'];
    expect(
      spell([bind, make, bound('', 'ClusterRole bind', [alice]), bound('', 'ClusterRole make', [ops])], who),
    ).toEqual(expected);
    expect(
      spell([bind, make, bound('', 'ClusterRole bind', [ops]), bound('', 'ClusterRole make', [alice])], who),
    ).toEqual(expected);
  });

  it('of people are in the group of all who signed in', () => {
    const objects = [bound('', 'ClusterRole view', [{ kind: 'Group', name: 'ops' }, ops])];
    const group = identityOf(objects, []).identities.find(({ name }) => name === 'ops');
    expect(group?.groups).toEqual(['identity:default/group:system:authenticated']);
  });
});

describe('the guide', () => {
  it('has a line for each attack, with what others call it', () => {
    const text = readFileSync('docs/guide/identity.md', 'utf8');
    const others = (name: string, catalogue: typeof kubeHound) =>
      catalogue.flatMap(({ ours, theirs }) => (ours.includes(name) ? [theirs] : [])).join(', ');
    for (const { name, phrase, takes } of attacks) {
      const says = `\`${name}\`: ${phrase}${takes === undefined ? '' : ` (takes ${takes})`}`;
      const cells = [says, ...[kubeHound, rbacPolice, iceKube].map((catalogue) => others(name, catalogue))];
      expect(text).toContain(`| ${cells.join(' | ')} |`);
    }
  });
});
