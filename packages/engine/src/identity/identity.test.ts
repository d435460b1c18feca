import type { JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { objectOf, workloadOf } from '../network/estate.fixture.ts';
import { attacks, identityOf } from './index.ts';

const rbac = 'rbac.authorization.k8s.io';

function rule(apiGroup: string, resources: string, verbs: string, resourceNames: string[] = []): JsonObject {
  return {
    apiGroups: [apiGroup],
    resources: resources.split(','),
    verbs: verbs.split(','),
    ...(resourceNames.length === 0 ? {} : { resourceNames }),
  };
}

const robot: JsonObject = { kind: 'ServiceAccount', name: 'robot', namespace: 'shop' };

function clusterRole(name: string, rules: JsonObject[], labels: JsonObject = {}): ManifestObject {
  return objectOf('ClusterRole', name, { metadata: { name, labels }, rules }, '');
}

function binding(
  kind: 'RoleBinding' | 'ClusterRoleBinding',
  role: string,
  subjects: JsonObject[] = [robot],
): ManifestObject {
  const [roleKind, roleName] = role.split(' ');
  const body = { subjects, roleRef: { apiGroup: rbac, kind: roleKind!, name: roleName! } };
  return objectOf(kind, `bind-${roleName}`, body, kind === 'RoleBinding' ? 'shop' : '');
}

/** `attack -> target in namespace` of everything that rules open when they are bound to a service account. */
function opened(rules: JsonObject[], kind: 'RoleBinding' | 'ClusterRoleBinding' = 'ClusterRoleBinding'): string[] {
  const facts = identityOf([clusterRole('tried', rules), binding(kind, 'ClusterRole tried')], []);
  return facts.steps.map(({ attack, target, namespace, names }) =>
    `${attack} -> ${target} ${namespace || '*'} ${names.join(',')}`.trim(),
  );
}

describe('attack steps', () => {
  it.each<[string, JsonObject[], string]>([
    ['everything', [rule('*', '*', '*')], 'cluster-admin -> control-plane *'],
    [
      'bind',
      [rule(rbac, 'clusterroles', 'bind'), rule(rbac, 'clusterrolebindings', 'create')],
      'bind-cluster-role -> control-plane *',
    ],
    ['escalate', [rule(rbac, 'clusterroles', 'escalate,patch')], 'escalate-cluster-role -> control-plane *'],
    [
      'approve',
      [
        rule('certificates.k8s.io', 'certificatesigningrequests,certificatesigningrequests/approval', 'create,update'),
        rule('certificates.k8s.io', 'signers', 'approve', ['kubernetes.io/kube-apiserver-client']),
      ],
      'approve-certificates -> control-plane *',
    ],
    [
      'webhooks',
      [rule('admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'patch')],
      'mutating-webhook -> control-plane *',
    ],
    ['groups', [rule('', 'groups,users', 'impersonate')], 'impersonate-group -> groups *'],
    ['users', [rule('', 'users', 'impersonate', ['alice'])], 'impersonate-user -> users * alice'],
    ['secrets', [rule('', 'secrets', 'get')], 'read-secrets -> secrets *'],
    ['secrets by name', [rule('', 'secrets', 'get', ['db'])], 'read-secrets -> secrets * db'],
    [
      'tokens',
      [rule('', 'serviceaccounts/token', 'create', ['deployer'])],
      'request-token -> service-accounts * deployer',
    ],
    ['accounts', [rule('', 'serviceaccounts', 'impersonate')], 'impersonate-service-account -> service-accounts *'],
    ['exec', [rule('', 'pods/exec', 'create')], 'exec -> workloads *'],
    ['exec by any subresource', [rule('', '*/exec', 'create')], 'exec -> workloads *'],
    ['ephemeral containers', [rule('', 'pods/ephemeralcontainers', 'patch')], 'ephemeral-container -> workloads *'],
    ['kubelet', [rule('', 'nodes/proxy', 'get')], 'kubelet -> workloads *'],
    ['pods', [rule('', 'pods', 'create')], 'create-pod -> node *'],
    ['controllers', [rule('apps', 'daemonsets', 'patch')], 'create-workload -> service-accounts *'],
    ['jobs', [rule('batch', 'cronjobs', 'create')], 'create-job -> secrets *'],
    ['Argo CD', [rule('argoproj.io', 'applications', 'create')], 'deploy-by-argo -> control-plane *'],
  ])('%s', (_, rules, expected) => {
    expect(opened(rules)).toContain(expected);
  });

  it.each<[string, JsonObject[]]>([
    ['reading pods', [rule('', 'pods', 'get,list,watch')]],
    ['binding without making bindings', [rule(rbac, 'clusterroles', 'bind')]],
    ['listing pods does not hold pods/exec', [rule('', 'pods', 'get')]],
    ['the wrong group', [rule('apps', 'secrets', 'get')]],
    ['creating pods by name', [rule('', 'pods', 'create', ['web'])]],
    ['no verbs', [{ apiGroups: ['*'], resources: ['*'] }]],
  ])('nothing is opened by %s', (_, rules) => {
    expect(opened(rules)).toEqual([]);
  });

  it('keep to the namespace of a role binding, and leave out what only a cluster has', () => {
    expect(opened([rule('', 'secrets', 'get'), rule('', 'nodes/proxy', 'get')], 'RoleBinding')).toEqual([
      'read-secrets -> secrets shop',
    ]);
    expect(opened([rule('*', '*', '*')], 'RoleBinding')).toContain('create-pod -> node shop');
    expect(opened([rule('*', '*', '*')], 'RoleBinding').filter((step) => step.includes('control-plane'))).toEqual([
      'deploy-by-argo -> control-plane shop',
      'deploy-by-flux -> control-plane shop',
      'release-by-flux -> control-plane shop',
    ]);
  });

  it('say what they open and who gave it', () => {
    const { steps } = identityOf(
      [clusterRole('reader', [rule('', 'secrets', 'list')]), binding('RoleBinding', 'ClusterRole reader')],
      [],
    );
    expect(steps.map(({ phrase, reason }) => [phrase, reason])).toEqual([
      ['can read every secret in shop', 'RoleBinding shop/bind-reader gives ClusterRole reader'],
    ]);
  });

  it('have each a name of its own', () => {
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
  });
});

describe('roles', () => {
  const steps = (objects: ManifestObject[]) => identityOf(objects, []).steps.map(({ attack }) => attack);

  it('that Kubernetes brings are known without a manifest', () => {
    expect(steps([binding('ClusterRoleBinding', 'ClusterRole cluster-admin')])).toEqual(['cluster-admin']);
    expect(steps([binding('ClusterRoleBinding', 'ClusterRole view')])).toEqual([]);
    expect(steps([binding('RoleBinding', 'ClusterRole edit')])).toContain('exec');
    expect(steps([binding('RoleBinding', 'ClusterRole edit')])).not.toContain('bind-role');
  });

  it('aggregate what labels offer, through others and in a circle', () => {
    const selecting = (name: string, label: string, own: string): ManifestObject => {
      const role = clusterRole(name, [], { [own]: 'true' });
      return {
        ...role,
        object: { ...role.object, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [label]: 'true' } }] } },
      };
    };
    const offered = clusterRole('offered', [rule('', 'secrets', 'get')], { b: 'true' });
    const objects = [selecting('top', 'a', 'c'), selecting('middle', 'b', 'a'), selecting('bottom', 'c', 'b'), offered];
    expect(steps([...objects, binding('ClusterRoleBinding', 'ClusterRole top')])).toContain('read-secrets');
  });

  it('offered to view are held by edit and admin too', () => {
    const offered = clusterRole('offered', [rule('', 'secrets', 'get')], {
      'rbac.authorization.k8s.io/aggregate-to-view': 'true',
    });
    for (const role of ['view', 'edit', 'admin'])
      expect(steps([offered, binding('ClusterRoleBinding', `ClusterRole ${role}`)])).toContain('read-secrets');
  });

  it('that nobody defines are unknowns with the place of the binding', () => {
    const bound = binding('ClusterRoleBinding', 'ClusterRole gone');
    const { unknowns, grants } = identityOf([bound], []);
    expect(unknowns.map(({ code, place }) => [code, place])).toEqual([['role-missing', bound.place]]);
    expect(grants).toEqual([]);
  });

  it('of a namespace are found there only', () => {
    const role = objectOf('Role', 'reader', { rules: [rule('', 'secrets', 'get')] }, 'shop');
    expect(steps([role, binding('RoleBinding', 'Role reader')])).toEqual(['read-secrets']);
    const elsewhere = { ...role, namespace: 'other' };
    expect(identityOf([elsewhere, binding('RoleBinding', 'Role reader')], []).unknowns).toHaveLength(1);
  });
});

describe('subjects', () => {
  it('of a role binding are of its namespace where they name none', () => {
    const { identities } = identityOf(
      [binding('RoleBinding', 'ClusterRole view', [{ kind: 'ServiceAccount', name: 'robot' }])],
      [],
    );
    expect(identities.map(({ id }) => id)).toEqual(['identity:default/shop/robot']);
  });

  it('are people, robots and groups, told apart', () => {
    const subjects = [
      { kind: 'User', name: 'alice' },
      { kind: 'Group', name: 'ops' },
      { kind: 'User', name: 'system:kube-scheduler' },
      { kind: 'User', name: 'system:serviceaccount:shop:robot' },
      { kind: 'Group', name: 'system:serviceaccounts:shop' },
    ];
    const { identities } = identityOf([binding('ClusterRoleBinding', 'ClusterRole view', subjects)], []);
    expect(identities.map(({ id, human, groups }) => [id, human, groups])).toEqual([
      ['identity:default/user:alice', true, []],
      ['identity:default/group:ops', true, []],
      ['identity:default/user:system:kube-scheduler', false, []],
      ['identity:default/shop/robot', false, ['identity:default/group:system:serviceaccounts:shop']],
      ['identity:default/group:system:serviceaccounts:shop', false, []],
    ]);
  });

  it('that are none are unknowns', () => {
    const { unknowns } = identityOf(
      [binding('ClusterRoleBinding', 'ClusterRole view', [{ kind: 'Team', name: 'ops' }])],
      [],
    );
    expect(unknowns.map(({ code }) => code)).toEqual(['subject-invalid']);
  });
});

describe('tokens', () => {
  const account = (automount?: boolean) =>
    objectOf(
      'ServiceAccount',
      'robot',
      automount === undefined ? {} : { automountServiceAccountToken: automount },
      'shop',
    );
  const pod = (part: Partial<Workload> = {}) =>
    workloadOf('web', { namespace: 'shop', serviceAccount: 'robot', ...part });

  it.each<[string, ManifestObject[], Workload, boolean]>([
    ['neither says anything', [account()], pod(), true],
    ['no manifest defines the account', [], pod(), true],
    ['the account says no', [account(false)], pod(), false],
    ['the account says no and the pod yes', [account(false)], pod({ automountToken: true }), true],
    ['the pod says no', [account(true)], pod({ automountToken: false }), false],
    ['one of two definitions says yes', [account(false), account(true)], pod(), true],
  ])('when %s', (_, objects, workload, mounted) => {
    const { tokens, runsAs } = identityOf(objects, [workload]);
    expect(tokens.get(workload.id)).toBe(mounted ? 'identity:default/shop/robot' : undefined);
    expect(runsAs.get(workload.id)).toBe('identity:default/shop/robot');
  });

  it('are held where a volume projects one, whatever automounting says', () => {
    const spec = { volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }] };
    const object = objectOf('Deployment', 'web', { spec: { template: { spec } } }, 'shop', 'apps/v1');
    const workload = pod({ automountToken: false });
    expect(identityOf([object], [workload]).tokens.has(workload.id)).toBe(true);
  });
});
