import type { JsonObject, ManifestObject, Workload } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { objectOf, workloadOf } from '../network/estate.fixture.ts';
import { identityOf } from './index.ts';

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

describe('attack steps', () => {
  it('say what they open and who gave it', () => {
    const { steps } = identityOf(
      [clusterRole('reader', [rule('', 'secrets', 'list')]), binding('RoleBinding', 'ClusterRole reader')],
      [],
    );
    expect(steps.map(({ phrase, reason }) => [phrase, reason])).toEqual([
      ['can read every secret in shop', 'RoleBinding shop/bind-reader gives ClusterRole reader'],
    ]);
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

  it.each<[string, JsonObject, boolean]>([
    ['for whoever asks', {}, true],
    ['for the API server by its name', { audience: 'https://kubernetes.default.svc.cluster.local' }, true],
    ['for an issuer of EKS', { audience: 'https://oidc.eks.eu-west-1.amazonaws.com/id/ABC' }, true],
    ['for a vault', { audience: 'vault' }, false],
    ['for a vault that speaks of Kubernetes', { audience: 'vault-kubernetes' }, false],
    ['for the token service of a cloud', { audience: 'sts.amazonaws.com', expirationSeconds: 86_400 }, false],
  ])('that are projected %s open the API server: %o %s', (_, token, opens) => {
    const sources = [{ serviceAccountToken: { path: 'token', ...token } }];
    const spec = { volumes: [{ name: 't', projected: { sources } }] };
    const object = objectOf('Deployment', 'web', { spec: { template: { spec } } }, 'shop', 'apps/v1');
    const workload = pod({ automountToken: false });
    expect(identityOf([object], [workload]).tokens.has(workload.id)).toBe(opens);
  });

  it('are held where an API server says that it takes their audience', () => {
    const sources = [{ serviceAccountToken: { path: 'token', audience: 'inside' } }];
    const spec = { volumes: [{ name: 't', projected: { sources } }] };
    const web = objectOf('Deployment', 'web', { spec: { template: { spec } } }, 'shop', 'apps/v1');
    const containers = [{ name: 'api', command: ['kube-apiserver', '--api-audiences=inside,other'] }];
    const api = objectOf('Pod', 'kube-apiserver', { spec: { containers } }, 'kube-system', 'v1');
    const workloads = [
      pod({ automountToken: false }),
      workloadOf('kube-apiserver', { namespace: 'kube-system', kind: 'Pod', podSpecPointer: ['spec'] }),
    ];
    expect(identityOf([web, api], workloads).tokens.has(workloads[0]!.id)).toBe(true);
  });
});

describe('many', () => {
  const label = (index: number): JsonObject => ({ [`tests/${index}`]: 'true' });
  const count = 4_000;

  it('roles that aggregate each other in a circle, all bound, share one list of rules', () => {
    const objects = Array.from({ length: count }, (_, index) => {
      const role = clusterRole(`role-${index}`, [rule('example.org', `things-${index}`, 'get')], label(index));
      const clusterRoleSelectors = [{ matchLabels: label((index + 1) % count) }];
      return [
        { ...role, object: { ...role.object, aggregationRule: { clusterRoleSelectors } } },
        { ...binding('ClusterRoleBinding', `ClusterRole role-${index}`), name: `bind-${index}` },
      ];
    }).flat();
    const { grants } = identityOf(objects, []);
    expect(grants).toHaveLength(count);
    expect(new Set(grants.map(({ rules }) => rules)).size).toBe(1);
    expect(grants[0]?.rules).toHaveLength(count);
  });

  it('namespaces with a binding each', () => {
    const objects = Array.from({ length: 10_000 }, (_, index) => {
      const bound = binding('RoleBinding', 'ClusterRole edit');
      return { ...bound, namespace: `team-${index}` };
    });
    const { steps } = identityOf(objects, []);
    expect(new Set(steps.map(({ namespace }) => namespace)).size).toBe(10_000);
  });
});
