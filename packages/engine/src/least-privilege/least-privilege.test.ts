import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { fieldAt } from '../json/index.ts';
import { objectOf, policyOf } from '../network/estate.fixture.ts';
import { calls, compiled, deployment, service, spelled } from './least-privilege.fixture.ts';

const cart = [deployment('cart'), service('cart')];

/** The compiled policy of a workload of namespace `shop`. */
function policyFor(objects: readonly ManifestObject[], name: string): JsonObject | undefined {
  const { policies } = compiled(objects);
  return policies.find((policy) => fieldAt(policy, 'metadata', 'name') === `breakwater-${name}`);
}

describe('connections that configuration declares', () => {
  it.each<[string, ManifestObject, string[]]>([
    ['host and port', deployment('web', calls('cart:80')), ['web -> cart TCP 8080']],
    ['a URL', deployment('web', calls('http://cart/api')), ['web -> cart TCP 8080']],
    ['a URL with a user', deployment('web', calls('redis://me:secret@cart:80/0')), ['web -> cart TCP 8080']],
    ['a bare name', deployment('web', calls('cart')), ['web -> cart TCP 8080']],
    ['a full name', deployment('web', calls('cart.shop.svc.cluster.local:80')), ['web -> cart TCP 8080']],
    ['an injected variable', deployment('web', calls('http://$(CART_SERVICE_HOST)')), ['web -> cart TCP 8080']],
    ['an argument', deployment('web', { args: ['--upstream', 'cart:80'] }), ['web -> cart TCP 8080']],
    [
      'a command of an init container',
      deployment('web', {}, { initContainers: [{ name: 'wait', image: 'b', command: ['sh', '-c', 'nc -z cart 80'] }] }),
      ['web -> cart TCP 8080'],
    ],
    ['another namespace without saying so', deployment('web', calls('cart:80'), {}, 'elsewhere'), []],
    ['another namespace by name', deployment('web', calls('cart.shop:80'), {}, 'elsewhere'), ['web -> cart TCP 8080']],
    ['its own name', deployment('cart', calls('cart')), []],
  ])('by %s', (_, caller, expected) => {
    const estate = caller.name === 'cart' ? [caller, service('cart')] : [...cart, caller];
    expect(spelled(compiled(estate))).toEqual(expected);
  });

  it('by files of ConfigMaps and Secrets, where something is written as a host', () => {
    const settings = (text: string) => objectOf('ConfigMap', 'settings', { data: { 'app.yaml': text } }, 'shop');
    const volumes = [{ name: 'settings', configMap: { name: 'settings' } }];
    const web = deployment('web', {}, { volumes });
    expect(spelled(compiled([...cart, web, settings('a: b\nupstream: http://cart:80/\n')]))).toEqual([
      'web -> cart TCP 8080',
    ]);
    expect(spelled(compiled([...cart, web, settings('# puts things into the cart\nmode: fast\n')]))).toEqual([]);
    const secret = objectOf('Secret', 'dsn', { data: { url: btoa('http://cart:80') } }, 'shop');
    const reader = deployment('web', { envFrom: [{ secretRef: { name: 'dsn' } }] });
    expect(spelled(compiled([...cart, reader, secret]))).toEqual(['web -> cart TCP 8080']);
  });

  it('to the port of the pods that the port of the Service stands for', () => {
    const ports = [
      { name: 'web', port: 80, targetPort: 8080 },
      { name: 'admin', port: 81, targetPort: 9090 },
    ];
    const two = [deployment('cart'), service('cart', { ports })];
    expect(spelled(compiled([...two, deployment('web', calls('cart:81'))]))).toEqual(['web -> cart TCP 9090']);
    expect(spelled(compiled([...two, deployment('web', calls('cart'))]))).toEqual([
      'web -> cart TCP 8080',
      'web -> cart TCP 9090',
    ]);
  });

  it('by NetworkPolicies that are there already, where they name who calls', () => {
    const allow = (from: JsonObject) =>
      policyOf(
        'allow',
        { podSelector: { matchLabels: { app: 'cart' } }, ingress: [{ from: [from], ports: [{ port: 8080 }] }] },
        'shop',
      );
    const estate = [...cart, deployment('web')];
    expect(spelled(compiled([...estate, allow({ podSelector: { matchLabels: { app: 'web' } } })]))).toEqual([
      'web -> cart TCP 8080',
    ]);
    expect(spelled(compiled([...estate, allow({ podSelector: {} })]))).toEqual([]);
  });

  it('outside by name may go to any address on its port, and says so', () => {
    const { policies, gaps } = compiled([deployment('web', calls('https://api.example.com/v1'))]);
    const [policy] = policies.filter((one) => fieldAt(one, 'metadata', 'name') === 'breakwater-web');
    expect(fieldAt(policy, 'spec', 'egress')).toContainEqual({
      to: [
        { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } },
        { ipBlock: { cidr: '::/0', except: ['fd00:ec2::254/128'] } },
      ],
      ports: [{ protocol: 'TCP', port: 443 }],
    });
    expect(gaps.map(({ message }) => message)).toContain(
      'shop/web calls api.example.com:443: a NetworkPolicy knows no names, so it may go to any address on port 443.',
    );
  });

  it('to a Service whose pods are elsewhere goes to the pods with its labels', () => {
    const policy = policyFor([deployment('web', calls('cart:80')), service('cart')], 'web');
    expect(fieldAt(policy, 'spec', 'egress')).toContainEqual({
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
          podSelector: { matchLabels: { app: 'cart' } },
        },
      ],
      ports: [{ protocol: 'TCP', port: 8080 }],
    });
  });
});

describe('connections that are never cut', () => {
  const ingressOf = (objects: readonly ManifestObject[]) => fieldAt(policyFor(objects, 'cart'), 'spec', 'ingress');
  const everybody = [{ ports: [{ protocol: 'TCP', port: 8080 }] }];

  it('lookups of names by every workload', () => {
    expect(JSON.stringify(fieldAt(policyFor(cart, 'cart'), 'spec', 'egress'))).toContain('kube-system');
    const own = deployment('cart', {}, { dnsPolicy: 'None', dnsConfig: { nameservers: ['10.1.2.3'] } });
    expect(fieldAt(policyFor([own], 'cart'), 'spec', 'egress')).toEqual([
      {
        to: [{ ipBlock: { cidr: '10.1.2.3/32' } }],
        ports: [
          { protocol: 'TCP', port: 53 },
          { protocol: 'UDP', port: 53 },
        ],
      },
    ]);
  });

  it('load balancers, whose callers come by any address', () => {
    expect(ingressOf([deployment('cart'), service('cart', { type: 'LoadBalancer' })])).toEqual(everybody);
  });

  it('the controller behind an Ingress: the known one, the one that is named, else whoever', () => {
    const ingress = objectOf(
      'Ingress',
      'front',
      { spec: { defaultBackend: { service: { name: 'cart', port: { number: 80 } } } } },
      'shop',
    );
    const controller = deployment(
      'controller',
      { image: 'registry.k8s.io/ingress-nginx/controller:v1', ports: [{ containerPort: 80 }] },
      {},
      'ingress-nginx',
    );
    expect(ingressOf([...cart, ingress])).toEqual(everybody);
    expect(spelled(compiled([...cart, ingress, controller]))).toEqual(['controller -> cart TCP 8080']);
    const { policies, gaps } = compiled([...cart, ingress], { ingressNamespaces: ['edge'] });
    expect(JSON.stringify(policies)).toContain('"kubernetes.io/metadata.name":"edge"');
    expect(gaps.map(({ code }) => code)).not.toContain('controller-unknown');
  });

  it('the API server, for whose token may do anything', () => {
    const subject = { kind: 'ServiceAccount', name: 'robot', namespace: 'shop' };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
    const binding = objectOf('ClusterRoleBinding', 'robots', { subjects: [subject], roleRef }, '');
    const robot = (more: JsonObject = {}) => deployment('cart', {}, { serviceAccountName: 'robot', ...more });
    const reaches = (objects: readonly ManifestObject[]) =>
      JSON.stringify(fieldAt(policyFor(objects, 'cart'), 'spec', 'egress')).includes('"port":6443');
    expect(reaches([robot(), binding])).toBe(true);
    expect(reaches([robot({ automountServiceAccountToken: false }), binding])).toBe(false);
    expect(reaches([robot()])).toBe(false);
    expect(reaches([deployment('cart', calls('https://kubernetes.default.svc'))])).toBe(true);
  });

  it('webhooks, which the API server calls', () => {
    const clientConfig = { service: { name: 'cart', namespace: 'shop', port: 80 } };
    const hook = objectOf(
      'ValidatingWebhookConfiguration',
      'hook',
      { webhooks: [{ clientConfig }] },
      '',
      'admissionregistration.k8s.io/v1',
    );
    expect(ingressOf([...cart, hook])).toEqual(everybody);
  });

  it('collectors of metrics: the known ones, else every pod', () => {
    const annotations = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9102' };
    const scraped = deployment('cart');
    (fieldAt(scraped.object, 'spec', 'template', 'metadata') as JsonObject)['annotations'] = annotations;
    const prometheus = deployment('prometheus', { image: 'prom/prometheus:v3' }, {}, 'monitoring');
    expect(spelled(compiled([scraped, prometheus]))).toEqual(['prometheus -> cart TCP 9102']);
    expect(ingressOf([scraped])).toEqual([
      { from: [{ namespaceSelector: {} }], ports: [{ protocol: 'TCP', port: 9102 }] },
    ]);
    const monitor = objectOf(
      'ServiceMonitor',
      'cart',
      { spec: { selector: { matchLabels: { app: 'cart' } }, endpoints: [{ port: 'web' }] } },
      'shop',
      'monitoring.coreos.com/v1',
    );
    const named = { ...service('cart', { ports: [{ name: 'web', port: 80, targetPort: 8080 }] }) };
    named.object = { ...named.object, metadata: { labels: { app: 'cart' } } };
    expect(spelled(compiled([deployment('cart'), named, monitor, prometheus]))).toEqual([
      'prometheus -> cart TCP 8080',
    ]);
  });

  it('members of a StatefulSet, among themselves', () => {
    const set = { ...deployment('cart'), kind: 'StatefulSet' };
    set.object = { ...set.object, kind: 'StatefulSet' };
    expect(spelled(compiled([set]))).toEqual(['cart -> cart']);
  });

  it('pods on the network of their node, which call by its address', () => {
    const agent = deployment('agent', calls('cart:80'), { hostNetwork: true });
    const { policies, gaps } = compiled([...cart, agent]);
    expect(policies.map((policy) => fieldAt(policy, 'metadata', 'name'))).toEqual([
      'breakwater-cart',
      'breakwater-default-deny',
    ]);
    expect(JSON.stringify(fieldAt(policies[0]!, 'spec', 'ingress'))).toContain('10.0.0.0/8');
    expect(gaps.map(({ code }) => code)).toContain('not-isolated');
  });

  it('pods that operators make: their namespace gets no default of nothing', () => {
    const operated = objectOf('Kafka', 'events', { spec: {} }, 'shop', 'kafka.strimzi.io/v1beta2');
    expect(compiled([...cart, operated]).policies).toHaveLength(1);
    expect(compiled(cart).policies).toHaveLength(2);
  });
});

describe('what is proven', () => {
  it('counts what stays open and what is closed', () => {
    const { flows, pairs } = compiled([...cart, deployment('web', calls('cart:80')), deployment('batch')]);
    expect(flows.every(({ before, after }) => before && after)).toBe(true);
    expect(pairs).toEqual({ all: 6, before: 6, after: 1 });
  });

  it('says what another policy closes and no NetworkPolicy can open', () => {
    const deny = objectOf(
      'AdminNetworkPolicy',
      'quarantine',
      {
        spec: {
          priority: 1,
          subject: { namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } },
          ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }],
        },
      },
      '',
      'policy.networking.k8s.io/v1alpha1',
    );
    const { flows, gaps } = compiled([...cart, deployment('web', calls('cart:80')), deny]);
    const shut = flows.filter(({ after }) => !after);
    expect(shut.map(({ before, closedBy }) => [before, closedBy])).toEqual([
      [false, ['AdminNetworkPolicy quarantine']],
    ]);
    expect(gaps.map(({ code }) => code)).toContain('closed-before');
  });

  it('replaces what was compiled before', () => {
    const estate = [...cart, deployment('web', calls('cart:80'))];
    const { policies } = compiled(estate);
    const written = policies.map((object) =>
      objectOf('NetworkPolicy', String(fieldAt(object, 'metadata', 'name')), object, 'shop'),
    );
    const again = compiled([...cart, deployment('web'), ...written]);
    expect(again.pairs).toEqual({ all: 2, before: 1, after: 0 });
    expect(compiled([...estate, ...written]).policies).toEqual(policies);
  });

  it('leaves namespaces of Kubernetes alone', () => {
    const { policies, gaps } = compiled([deployment('coredns', {}, {}, 'kube-system')]);
    expect(policies).toEqual([]);
    expect(gaps.map(({ code }) => code)).toContain('system-namespace');
  });
});
