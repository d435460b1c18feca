import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { workloadsOf } from '../../../inventory/index.ts';
import { reachabilityOf } from '../../../network/index.ts';
import { CelUnknown, compileExpression } from '../../cel/index.ts';
import { at, pods, read } from '../estate/estate.fixture.ts';
import { type Estate, type EstateOptions, estateOfLists, estatesOf } from '../estate/index.ts';
import { Facts } from '../facts.ts';

const NAMES = ['exposure', 'network', 'permissions', 'tenancy'];

const ask = (estate: Estate, object: JsonObject, source: string): unknown => {
  const facts = new Facts({ id: 'x', object, facts: { estate } }, '2026-01-01T00:00:00Z');
  return compileExpression(source, { variables: NAMES }).evaluate(facts);
};

const workload = (namespace: string, name: string, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  ...at(namespace, name),
  ...pods({ app: name }, { containers: [{ name: 'c', image: 'c:1', ports: [{ containerPort: 8080 }] }], ...spec }),
});
const policy = (namespace: string, name: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  ...at(namespace, name, { spec }),
});
const deny = policy('shop', 'deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
const web = workload('shop', 'web');
const db = workload('pay', 'db', { containers: [{ name: 'c', image: 'postgres:16' }] });

const estate = (objects: JsonObject[], options: EstateOptions = {}): Estate =>
  estatesOf(
    objects.map((object) => ({ ...read(String(object['kind']), object), apiVersion: String(object['apiVersion']) })),
    { together: true, ...options },
  ).get('default')!;

describe('network', () => {
  it('tells who calls a workload and what it calls, where no policy says anything', () => {
    const all = estate([web, db]);
    expect(ask(all, web, 'network.callers.anyone && network.callers.otherTenants && !network.isolated.ingress')).toBe(
      true,
    );
    expect(ask(all, web, 'network.callers.namespaces')).toEqual(['pay']);
    expect(
      ask(all, web, 'network.reaches.everywhere && network.reaches.metadata && network.reaches.otherTenants'),
    ).toBe(true);
    expect(ask(all, web, 'network.reaches.internetPorts')).toBe('every port');
  });

  it('is decided by policies, by port, and by both directions', () => {
    const fromPay: JsonObject = {
      podSelector: {},
      ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 9090 }] }],
    };
    const all = estate([web, db, deny, policy('shop', 'metrics', fromPay)]);
    expect(ask(all, web, 'network.isolated.ingress && network.isolated.egress')).toBe(true);
    expect(ask(all, web, 'network.callers.otherNamespaces')).toBe(true);
    expect(ask(all, web, 'network.ports.map(p, p.port)')).toEqual([8080]);
    expect(ask(all, web, 'network.ports[0].from.otherNamespaces')).toBe(false);
    expect(ask(all, web, 'network.reaches.internet || network.reaches.otherNamespaces')).toBe(false);
    expect(ask(all, db, 'network.callers.namespaces.size()')).toBe(0);
  });

  it('knows what listens by the image where nothing is declared, and what that speaks', () => {
    expect(ask(estate([db]), db, 'network.ports.map(p, string(p.port) + p.speaks)')).toEqual(['5432postgres']);
    expect(ask(estate([web]), web, 'network.ports[0].encrypted')).toBe(false);
    const odd = workload('shop', 'odd', { containers: [{ name: 'c', ports: [{ containerPort: 12345 }] }] });
    expect(ask(estate([odd]), odd, 'network.ports[0].encrypted')).toBeInstanceOf(CelUnknown);
  });

  it('of a Namespace names the workloads that are open, by connectivity and not by presence of a policy', () => {
    const namespace: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    const open = 'network.open.ingress + network.open.egress';
    expect(ask(estate([web, namespace]), namespace, open)).toEqual(['web', 'web']);
    expect(ask(estate([web, namespace, deny]), namespace, open)).toEqual([]);
    const allowing = policy('shop', 'all', { podSelector: {}, ingress: [{}], egress: [{}] });
    expect(ask(estate([web, namespace, deny, allowing]), namespace, open)).toEqual(['web', 'web']);
  });

  it.each<[string, EstateOptions, JsonObject[]]>([
    ['policies could not be read', { complete: true, unread: ['NetworkPolicy'] }, []],
    ['templates were not rendered', { partial: true }, []],
    [
      'a kind of policy is not evaluated',
      {},
      [{ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', ...at('shop', 'c', { spec: {} }) }],
    ],
  ])('is unknown where %s', (_, options, more) => {
    expect(ask(estate([web, ...more], options), web, 'network.callers.anyone')).toBeInstanceOf(CelUnknown);
  });
});

describe('network, on several networks', () => {
  const allowed: JsonObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop', labels: { 'k8s.ovn.org/primary-user-defined-network': '' } },
  };
  const own: JsonObject = {
    apiVersion: 'k8s.ovn.org/v1',
    kind: 'UserDefinedNetwork',
    ...at('shop', 'own', {
      spec: { topology: 'Layer2', layer2: { role: 'Primary', subnets: ['10.100.0.0/16'] } },
    }),
  };
  const lan: JsonObject = {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    ...at('shop', 'lan', { spec: { config: '{"name":"lan","type":"macvlan"}' } }),
  };
  const attached = (namespace: string, name: string): JsonObject => {
    const plain = workload(namespace, name) as { spec: { template: { metadata: JsonObject } } } & JsonObject;
    plain.spec.template.metadata['annotations'] = { 'k8s.v1.cni.cncf.io/networks': 'shop/lan' };
    return plain;
  };

  it('knows that pods of a network of their own are apart from all others', () => {
    const all = estate([web, db, allowed, own]);
    expect(ask(all, web, 'network.callers.anyone || network.callers.otherTenants')).toBe(false);
    expect(ask(all, web, 'network.reaches.otherNamespaces')).toBe(false);
    expect(ask(all, web, 'network.reaches.everywhere')).toBe(true);
    expect(ask(all, db, 'network.callers.namespaces.size()')).toBe(0);
  });

  it('is isolated only where it is so in every network, and is called over each of them', () => {
    const [one, other] = [attached('shop', 'web'), attached('pay', 'db')];
    const all = estate([one, other, lan, deny]);
    expect(ask(all, one, 'network.isolated.ingress')).toBe(false);
    expect(ask(all, one, 'network.callers.namespaces')).toEqual(['pay']);
    expect(ask(all, one, "exposure.exists(e, e.through == 'attached-network' && e.from == 'network')")).toBe(true);
    expect(ask(estate([web, other, lan, deny]), web, 'network.isolated.ingress')).toBe(true);
  });
});

describe('network, where a policy is not evaluated', () => {
  const cilium: JsonObject = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    ...at('shop', 'c', { spec: {} }),
  };
  const balancer: JsonObject = {
    apiVersion: 'v1',
    kind: 'Service',
    ...at('shop', 'web', { spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 8080 }] } }),
  };

  it('tells what holds whatever the policy says', () => {
    const all = estate([web, db, cilium]);
    expect(ask(all, db, 'network.callers.anyone && !network.isolated.ingress')).toBe(true);
    expect(ask(all, db, 'network.reaches.everywhere')).toBe(true);
    expect(ask(all, web, 'network.callers.anyone')).toBeInstanceOf(CelUnknown);
    expect(ask(all, web, 'network.mesh')).toBe('');
    expect(ask(estate([web, cilium, deny]), web, 'network.isolated.ingress')).toBe(true);
    expect(ask(estate([web, cilium, deny]), web, 'network.callers.anyone')).toBeInstanceOf(CelUnknown);
  });

  it('proves that something is exposed where it is so at least, and that it is not where it is not at most', () => {
    const exposed = "exposure.exists(e, e.from == 'internet')";
    expect(ask(estate([web, balancer, cilium]), web, exposed)).toBeInstanceOf(CelUnknown);
    const elsewhere: JsonObject = { ...cilium, ...at('pay', 'c', { spec: {} }) };
    expect(ask(estate([web, balancer, elsewhere], { complete: true }), web, exposed)).toBe(true);
    expect(ask(estate([web, cilium], { complete: true }), web, exposed)).toBe(false);
    const firewall: JsonObject = {
      apiVersion: 'k8s.ovn.org/v1',
      kind: 'EgressFirewall',
      ...at('shop', 'default', { spec: {} }),
    };
    expect(ask(estate([web, balancer, firewall], { complete: true }), web, exposed)).toBe(true);
    expect(ask(estate([web, balancer, firewall]), web, 'network.reaches.internet')).toBeInstanceOf(CelUnknown);
    expect(ask(estate([web, balancer, firewall]), web, 'network.reaches.otherNamespaces')).toBe(false);
  });
});

describe('facts of the whole cluster', () => {
  it('are unknown of an object seen alone, and where nobody allows them', () => {
    const alone = estatesOf([read('Deployment', web)]).get('default')!;
    for (const name of NAMES) expect(ask(alone, web, `${name} == 1`)).toBeInstanceOf(CelUnknown);
  });

  it('are what the caller supplies, where it does', () => {
    const facts = new Facts(
      { id: 'x', object: web, exposure: [], facts: { estate: estate([web]), network: { given: true } } },
      '2026-01-01T00:00:00Z',
    );
    const evaluate = (source: string): unknown => compileExpression(source, { variables: NAMES }).evaluate(facts);
    expect(evaluate('network.given && exposure.size() == 0')).toBe(true);
  });

  it('of an object that is not among the others count as if it were', () => {
    const estate = estateOfLists({ NetworkPolicy: [deny] });
    expect(ask(estate, web, 'network.isolated.ingress')).toBe(true);
    expect(ask(estate, workload('other', 'web'), 'network.isolated.ingress')).toBe(false);
  });

  it('are worked out once for all policies that judge an object, and what they rest on once for all objects', () => {
    const service = at('shop', 'web', {
      spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    const all = estate([web, db, { apiVersion: 'v1', kind: 'Service', ...service }]);
    const facts = new Facts({ id: 'x', object: web, facts: { estate: all } }, '2026-01-01T00:00:00Z');
    expect(facts.network).toBe(facts.network);
    expect(ask(all, web, 'exposure')).toHaveLength(1);
    expect(ask(all, web, 'exposure')).toBe(ask(all, web, 'exposure'));
  });

  it('take names as they are: none of them is one of a prototype', () => {
    const odd = workload('constructor', '__proto__');
    const all = estate([odd, workload('toString', 'constructor')]);
    expect(ask(all, odd, 'network.callers.namespaces')).toEqual(['toString']);
    expect(ask(all, odd, 'tenancy.neighbours')).toEqual(['toString']);
  });
});

describe('exposure', () => {
  const service: JsonObject = {
    apiVersion: 'v1',
    kind: 'Service',
    ...at('shop', 'web', {
      spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    }),
  };

  it('keeps a way in that was found, and leaves open whether there is one where not all is in view', () => {
    const internet = "exposure.exists(e, e.from == 'internet')";
    expect(ask(estate([web, service], { partial: true }), web, internet)).toBe(true);
    expect(ask(estate([web], { partial: true }), web, internet)).toBeInstanceOf(CelUnknown);
    expect(ask(estate([web]), web, internet)).toBe(false);
  });

  it('is what reachability tells of the same objects', () => {
    const ingress: JsonObject = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      ...at('shop', 'front', { spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } } }),
    };
    const some = policy('shop', 'some', { podSelector: {}, ingress: [{ ports: [{ port: 8080 }] }] });
    for (const policies of [[], [deny], [deny, some]]) {
      const objects = [web, db, service, ingress, ...policies];
      const entries = objects.map((object) => ({
        ...read(String(object['kind']), object),
        apiVersion: String(object['apiVersion']),
      }));
      const { exposures } = reachabilityOf(entries, workloadsOf(entries).workloads);
      const own = exposures.filter((each) => each.workload.endsWith('/web')).map(({ phrase }) => phrase);
      expect(ask(estate(objects), web, 'exposure.map(e, e.phrase)')).toEqual(own);
    }
  });

  it('is told by port too', () => {
    expect(ask(estate([web, service]), web, 'network.ports[0].exposure.map(e, e.phrase)')).toEqual([
      'through load balancer web',
    ]);
  });
});

describe('permissions', () => {
  const role = (kind: string, name: string, rules: JsonObject[]): JsonObject => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name, ...(kind === 'Role' ? { namespace: 'shop' } : {}) },
    rules,
  });
  const binding = (kind: string, role: JsonObject, subject: JsonObject): JsonObject => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name: 'b', ...(kind === 'RoleBinding' ? { namespace: 'shop' } : {}) },
    roleRef: role,
    subjects: [subject],
  });
  const account: JsonObject = { kind: 'ServiceAccount', name: 'default', namespace: 'shop' };
  const secrets = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
  const reads = [role('Role', 'r', [secrets]), binding('RoleBinding', { kind: 'Role', name: 'r' }, account)];

  it('tell what the account may do, in its namespace or everywhere', () => {
    const all = estate([web, ...reads]);
    expect(ask(all, web, 'permissions.readsSecrets && permissions.token && !permissions.makesPods')).toBe(true);
    expect(ask(all, web, 'permissions.everywhere.readsSecrets || permissions.controlPlane')).toBe(false);
    expect(ask(all, web, "'read-secrets' in permissions.attacks && permissions.account == 'shop/default'")).toBe(true);
  });

  it('come by way of groups, and whoever may do everything may do each thing', () => {
    const group: JsonObject = { kind: 'Group', name: 'system:serviceaccounts' };
    const all = estate([web, binding('ClusterRoleBinding', { kind: 'ClusterRole', name: 'cluster-admin' }, group)]);
    expect(
      ask(all, web, 'permissions.controlPlane && permissions.readsSecrets && permissions.everywhere.makesPods'),
    ).toBe(true);
  });

  it('stay unknown where bindings or roles may be elsewhere, except for what is known already', () => {
    expect(ask(estate([web]), web, 'permissions.readsSecrets')).toBeInstanceOf(CelUnknown);
    expect(ask(estate([web], { complete: true }), web, 'permissions.readsSecrets')).toBe(false);
    const unknown = binding('ClusterRoleBinding', { kind: 'ClusterRole', name: 'gone' }, account);
    const all = estate([web, ...reads, unknown]);
    expect(ask(all, web, 'permissions.readsSecrets')).toBe(true);
    expect(ask(all, web, 'permissions.makesPods')).toBeInstanceOf(CelUnknown);
  });
});
