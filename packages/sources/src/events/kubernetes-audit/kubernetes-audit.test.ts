import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectEvents, parseEventBody } from '../read-events.ts';
import { kubernetesAudit } from './index.ts';

const EXEC = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Request',
  auditID: '2c1c7d9a-0000-4000-8000-000000000001',
  stage: 'ResponseStarted',
  requestURI: '/api/v1/namespaces/shop/pods/cart-0/exec?command=sh&command=-c&command=id&container=web&stdin=true',
  verb: 'create',
  user: { username: 'alice', groups: ['developers', 'system:authenticated'] },
  sourceIPs: ['192.0.2.1'],
  userAgent: 'kubectl/v1.34.0',
  objectRef: { resource: 'pods', namespace: 'shop', name: 'cart-0', apiVersion: 'v1', subresource: 'exec' },
  responseStatus: { code: 101 },
  requestReceivedTimestamp: '2026-01-01T00:00:00.123456Z',
  stageTimestamp: '2026-01-01T00:00:00.200000Z',
  annotations: { 'authorization.k8s.io/decision': 'allow' },
};
const asked = (changes: object) => kubernetesAudit.parse({ ...EXEC, requestURI: '/', ...changes });
const about = (resource: string, more: object = {}) => ({
  objectRef: { resource, namespace: 'shop', name: 'x', ...more },
});
const making = (resource: string, requestObject: object) => ({ ...about(resource), verb: 'create', requestObject });
const podWith = (spec: object) => ({ kind: 'Pod', metadata: { name: 'x', labels: { app: 'x' } }, spec });

describe('requests to an API server', () => {
  it('become events: who ran which command in which container', () => {
    expect(kubernetesAudit.parse(EXEC)).toEqual([
      {
        source: 'kubernetes-audit',
        time: '2026-01-01T00:00:00.123Z',
        type: 'request',
        pod: { namespace: 'shop', name: 'cart-0', labels: {} },
        container: { name: 'web' },
        request: {
          user: 'alice',
          groups: ['developers', 'system:authenticated'],
          verb: 'create',
          resource: 'pods/exec',
          namespace: 'shop',
          name: 'cart-0',
          from: ['192.0.2.1'],
          userAgent: 'kubectl/v1.34.0',
          allowed: true,
        },
        alert: {
          rule: 'Command run in a pod',
          priority: 'Notice',
          tags: ['T1609'],
          message: 'alice: create pods/exec shop/cart-0: sh -c id',
        },
      },
    ]);
  });

  it('tell begin and end of what goes on for long alike', () => {
    const ended = { ...EXEC, stage: 'ResponseComplete', stageTimestamp: '2026-01-01T01:00:00.000000Z' };
    expect(kubernetesAudit.parse(ended)).toEqual(kubernetesAudit.parse(EXEC));
    expect(kubernetesAudit.parse({ ...EXEC, stage: 'RequestReceived' })).toEqual([]);
  });

  it.each<[string, object]>([
    ['Attached to a pod', about('pods', { subresource: 'attach' })],
    ['Port of a pod forwarded', about('pods', { subresource: 'portforward' })],
    ['Debug container added to a pod', { ...about('pods', { subresource: 'ephemeralcontainers' }), verb: 'patch' }],
    ["Node's kubelet reached through the API server", { ...about('nodes', { subresource: 'proxy' }), verb: 'get' }],
    ['Secret read', { ...about('secrets'), verb: 'get' }],
    ['Secret read', { objectRef: { resource: 'secrets' }, verb: 'list' }],
    ['Token of a service account made', { ...about('serviceaccounts', { subresource: 'token' }), verb: 'create' }],
    ['Events deleted', { ...about('events'), verb: 'deletecollection' }],
    ['Admission webhook deleted', { ...about('validatingwebhookconfigurations'), verb: 'delete' }],
    ['Acted as somebody else', { ...about('pods'), verb: 'get', impersonatedUser: { username: 'bob' } }],
    ['Anonymous request allowed', { ...about('pods'), verb: 'get', user: { username: 'system:anonymous' } }],
    [
      'Bound to cluster-admin',
      making('clusterrolebindings', { roleRef: { name: 'cluster-admin' }, subjects: [{ name: 'bob' }] }),
    ],
    ['Role with wildcards made', making('clusterroles', { rules: [{ verbs: ['*'], resources: ['pods'] }] })],
    [
      'Role that runs commands in pods made',
      making('roles', { rules: [{ verbs: ['create'], resources: ['pods/exec'] }] }),
    ],
    [
      'Pod with access to its node made',
      making('pods', podWith({ containers: [{ securityContext: { privileged: true } }] })),
    ],
    ['Pod with access to its node made', making('pods', podWith({ hostPID: true }))],
    [
      'Pod with access to its node made',
      making('pods', podWith({ volumes: [{ hostPath: { path: '/var/run/docker.sock' } }] })),
    ],
    [
      'Pod with access to its node made',
      making('deployments', { kind: 'Deployment', spec: { template: { spec: { hostNetwork: true } } } }),
    ],
    [
      'Pod with access to its node made',
      making('cronjobs', {
        spec: {
          jobTemplate: {
            spec: {
              template: { spec: { containers: [{ securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }] } },
            },
          },
        },
      }),
    ],
  ])('%s: %j', (rule, changes) => {
    expect(asked(changes).map(({ alert }) => alert?.rule)).toEqual([rule]);
  });

  it.each<[string, object]>([
    ['a pod that is read', { ...about('pods'), verb: 'get' }],
    [
      'a pod without access to its node',
      making('pods', podWith({ volumes: [{ hostPath: { path: '/var/log/app' } }, { emptyDir: {} }] })),
    ],
    ['a secret that a kubelet reads', { ...about('secrets'), verb: 'get', user: { username: 'system:node:n1' } }],
    ['a secret that is made', { ...about('secrets'), verb: 'create' }],
    [
      'a health check of nobody',
      { objectRef: undefined, requestURI: '/healthz', verb: 'get', user: { username: 'system:anonymous' } },
    ],
    ['a role that only reads', making('roles', { rules: [{ verbs: ['get', 'list'], resources: ['pods'] }] })],
  ])('are passed over without an unknown: %s', (_, changes) => {
    expect(parseEventBody(JSON.stringify({ ...EXEC, requestURI: '/', ...changes }))).toEqual({
      events: [],
      unknowns: [],
    });
  });

  it('that were refused say so', () => {
    const [event] = asked({
      ...about('secrets'),
      verb: 'get',
      annotations: { 'authorization.k8s.io/decision': 'forbid' },
    });
    expect([event?.failure, event?.request?.allowed, event?.alert?.message]).toEqual([
      'Forbidden',
      false,
      'alice: get secrets shop/x, refused',
    ]);
  });

  it('of a workload are tied to it, and those of an identity to the pod that holds it', () => {
    const [made] = asked(
      making('deployments', {
        kind: 'Deployment',
        metadata: { labels: { a: 'b' } },
        spec: { template: { spec: { hostPID: true } } },
      }),
    );
    expect(made?.pod).toEqual({
      namespace: 'shop',
      name: 'x',
      labels: { a: 'b' },
      workload: 'x',
      workloadKind: 'Deployment',
    });
    const user = {
      username: 'system:serviceaccount:shop:cart',
      extra: { 'authentication.kubernetes.io/pod-name': ['cart-0'] },
    };
    const [read] = asked({ ...about('secrets', { namespace: 'other' }), verb: 'get', user });
    expect(read?.pod).toEqual({ namespace: 'shop', name: 'cart-0', labels: {} });
  });

  it('come in lists, and one that says nothing is an unknown', () => {
    const list = {
      kind: 'EventList',
      apiVersion: 'audit.k8s.io/v1',
      metadata: {},
      items: [EXEC, { ...EXEC, verb: 'get' }],
    };
    expect(detectEvents(JSON.stringify(list))).toBe('kubernetes-audit');
    expect(parseEventBody(JSON.stringify(list)).events).toHaveLength(2);
    const broken = { ...list, items: [{ auditID: 'x', verb: 'get' }, 5] };
    expect(parseEventBody(JSON.stringify(broken)).unknowns.map(({ code }) => code)).toEqual(['event-unusable']);
  });

  it('never throw, whatever they hold', () => {
    const keys = [
      'user',
      'username',
      'objectRef',
      'resource',
      'namespace',
      'requestObject',
      'spec',
      'rules',
      'verbs',
      '__proto__',
    ];
    const { tree } = fc.letrec((tie) => ({
      value: fc.oneof(fc.string(), fc.integer(), fc.constant(null), tie('tree'), fc.array(tie('value'))),
      tree: fc.dictionary(fc.constantFrom(...keys), tie('value')),
    }));
    fc.assert(fc.property(tree, (changes) => void kubernetesAudit.parse({ ...EXEC, ...(changes as object) })));
  });
});

const SHARED = '../shared/runtime/k8s-audit';
/** Ours, and what others call the same. */
const SAME: Readonly<Record<string, string>> = {
  'Anonymous Request Allowed': 'Anonymous request allowed',
  'Attach to cluster-admin Role': 'Bound to cluster-admin',
  'Attach/Exec Pod': 'Command run in a pod|Attached to a pod',
  'ClusterRole With Pod Exec Created': 'Role that runs commands in pods made',
  'ClusterRole With Wildcard Created': 'Role with wildcards made',
  'ClusterRole With Write Privileges Created': 'Role that changes objects made',
  'Create HostNetwork Pod': 'Pod with access to its node made',
  'Create Privileged Pod': 'Pod with access to its node made',
  'Create Sensitive Mount Pod': 'Pod with access to its node made',
  'Service Account Created in Kube Namespace': 'Service account made in a namespace of the system',
  'System ClusterRole Modified/Deleted': 'Role of the system changed',
};

describe.skipIf(!existsSync(SHARED))('recorded requests (needs ../shared/runtime)', () => {
  interface Labelled {
    falco_tests: { detect: boolean; rules: { rule: string }[] }[];
  }
  const { files } = existsSync(SHARED)
    ? (JSON.parse(readFileSync(`${SHARED}/expected.json`, 'utf8')) as { files: Record<string, Labelled> })
    : { files: {} };

  it.each(Object.keys(files).filter((file) => file !== 'fal_01_003.json'))(
    '%s matters as others say it does',
    (file) => {
      const found = parseEventBody(readFileSync(`${SHARED}/${file}`, 'utf8'));
      expect(found.unknowns).toEqual([]);
      const rules = found.events.map(({ alert }) => alert?.rule);
      const tests = files[file]?.falco_tests ?? [];
      for (const name of tests.flatMap((test) => (test.detect ? test.rules.map(({ rule }) => rule) : []))) {
        if (Object.hasOwn(SAME, name)) expect((SAME[name] as string).split('|')).toContain(rules[0]);
      }
      if (tests.length > 0 && tests.every(({ detect }) => !detect)) expect(rules).toEqual([]);
    },
  );

  it('are read from the lists that a webhook gets', () => {
    for (const name of ['event-list-v1', 'event-list-v1beta1'])
      expect(parseEventBody(readFileSync(`${SHARED}/${name}.json`, 'utf8')).unknowns).toEqual([]);
  });
});
