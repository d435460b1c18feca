import { type Answers, admit, askedKey, DEFAULT_SETTINGS, openBasis, readReview } from '@breakwater/app/admission';
import { VALIDATING_ADMISSION_POLICY } from '@breakwater/engine/compile';
import { loadPolicies } from '@breakwater/engine/policy';
import { Exception, type JsonObject, Policy } from '@breakwater/model';
import { load, loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_CLUSTER, onCluster } from './control-plane.ts';
import { retryUntil } from './retry-until.ts';
import { type ApiAnswer, type Cluster, startCluster } from './start-cluster.ts';

const NOW = '2026-11-22T12:00:00Z';

const policyOn = (name: string, match: string, rule: string): Policy =>
  Policy.parse(
    load(`
apiVersion: breakwater/v1
kind: Policy
metadata: { name: ${name} }
spec:
  title: ${name}
  why: w
  fix: f
  severity: high
  phases: [deploy]
  match: ${match}
  forbid: [${rule}]
  enforcement: { deploy: block }
`),
  );

/** Each refuses what nobody but it looks at. */
const POLICIES = [
  policyOn(
    'kept',
    '{ kinds: [ConfigMap], operations: [DELETE] }',
    `{ expr: "oldObject.metadata.?labels.?keep.orValue('') == 'yes' && object == null", message: "oldObject.metadata.name + ' is kept'" }`,
  ),
  policyOn(
    'labelled',
    '{ kinds: [ConfigMap], operations: [DELETE], labels: { held: "yes" } }',
    `{ expr: "true", message: "'it is held'" }`,
  ),
  policyOn(
    'written',
    '{ kinds: [Secret], operations: [CREATE, DELETE] }',
    `{ expr: "(request.operation == 'DELETE' ? oldObject : object).metadata.name.startsWith('root-')", message: "request.operation + ' of a root'" }`,
  ),
  policyOn(
    'live',
    '{ kinds: [Service], operations: [DELETE] }',
    `{ expr: "namespaceObject.metadata.?labels.?stage.orValue('') == 'live'", message: "'it is live, ' + request.userInfo.username" }`,
  ),
  policyOn(
    'live-selected',
    '{ kinds: [LimitRange], operations: [DELETE], namespaceSelector: { matchLabels: { stage: live } } }',
    `{ expr: "true", message: "'it is live'" }`,
  ),
  policyOn(
    'no-namespace',
    '{ kinds: [Namespace], operations: [DELETE] }',
    `{ expr: "oldObject.metadata.name == 'live'", message: "'the namespace is live'" }`,
  ),
  policyOn(
    'no-privileged-end',
    '{ kinds: [Pod], operations: [DELETE] }',
    `{ expr: "oldObject.spec.containers.exists(c, c.name == 'guard')", message: "'the guard stays'" }`,
  ),
  policyOn(
    'no-guard-end',
    '{ kinds: [Pod, Job], operations: [CREATE, DELETE] }',
    `{ each: containers, expr: "request.operation == 'DELETE' && c.image.startsWith('guard') && workload.namespace == 'live'", message: "c.name + ' guards ' + workload.name" }`,
  ),
  policyOn(
    'no-shell',
    '{ kinds: [PodExecOptions], operations: [CONNECT] }',
    `{ expr: "'sh' in object.command", message: "request.name + ': no shell for ' + request.userInfo.username" }`,
  ),
  policyOn(
    'no-attach',
    '{ kinds: [PodAttachOptions], operations: [CONNECT], namespaces: { include: [live] } }',
    `{ expr: "object.?stdin.orValue(false)", message: "'nobody types here'" }`,
  ),
  policyOn(
    'no-forward',
    '{ kinds: [PodPortForwardOptions], operations: [CONNECT], namespaces: { include: ["li*"] } }',
    `{ expr: "!authorizer.group('').resource('pods').namespace(request.namespace).check('delete').allowed()", message: "'only who may delete pods'" }`,
  ),
  policyOn(
    'no-proxy',
    '{ kinds: [ServiceProxyOptions], operations: [CONNECT] }',
    `{ expr: "object.?path.orValue('').contains('admin')", message: "'not by ' + object.path" }`,
  ),
];

const EXCEPTIONS = loadAll(`
apiVersion: breakwater/v1
kind: Exception
metadata: { name: cleaned }
spec: { policies: [kept], scope: { namespaces: [test] }, owner: o, reason: r, compensating: c, expires: "2099-01-01" }
---
apiVersion: breakwater/v1
kind: Exception
metadata: { name: debugged }
spec: { policies: [no-shell], scope: { actors: [oncall] }, owner: o, reason: r, compensating: c, expires: "2099-01-01" }
`).map((document) => Exception.parse(document));

const at = (kind: string, name: string, namespace: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace, ...((more['metadata'] ?? {}) as JsonObject) },
  ...Object.fromEntries(Object.entries(more).filter(([field]) => field !== 'metadata')),
});
const podOf = (container: string) => (name: string, namespace: string) =>
  at('Pod', name, namespace, { spec: { containers: [{ name: container, image: 'nginx:1' }] } });

interface Case {
  operation: 'CREATE' | 'DELETE' | 'CONNECT';
  kind: string;
  resource: string;
  name: string;
  namespace: string;
  user?: string;
  object?: JsonObject;
  oldObject?: JsonObject;
  subresource?: string;
  query?: string;
  /** Policy that refuses it, and what it says. */
  refused?: string;
}

const deletion = (object: JsonObject, resource: string, refused?: string): Case => {
  const { name, namespace = '' } = object['metadata'] as { name: string; namespace?: string };
  const kind = String(object['kind']);
  return { operation: 'DELETE', kind, resource, name, namespace, oldObject: object, ...(refused && { refused }) };
};

const connection = (
  subresource: string,
  kind: string,
  options: JsonObject,
  query: string,
  more: Partial<Case>,
): Case => ({
  operation: 'CONNECT',
  kind,
  resource: 'pods',
  name: 'web',
  namespace: 'live',
  object: { apiVersion: 'v1', kind, ...options },
  subresource,
  query,
  ...more,
});

const map = (name: string, namespace: string, labels: JsonObject) =>
  at('ConfigMap', name, namespace, { metadata: { labels } });
const service = (namespace: string) => at('Service', 'web', namespace, { spec: { ports: [{ port: 80 }] } });
const guard = (namespace: string) =>
  at('Pod', 'guarding', namespace, { spec: { containers: [{ name: 'web', image: 'guard:1' }] } });
const range = (namespace: string) => at('LimitRange', 'range', namespace, { spec: { limits: [] } });

const CASES: Case[] = [
  deletion(map('kept', 'live', { keep: 'yes' }), 'configmaps', 'kept is kept'),
  deletion(map('excepted', 'test', { keep: 'yes' }), 'configmaps'),
  deletion(map('free', 'live', {}), 'configmaps'),
  deletion(map('held', 'live', { held: 'yes' }), 'configmaps', 'it is held'),
  deletion(at('Secret', 'root-key', 'live'), 'secrets', 'DELETE of a root'),
  deletion(at('Secret', 'key', 'live'), 'secrets'),
  {
    operation: 'CREATE',
    kind: 'Secret',
    resource: 'secrets',
    name: 'root-new',
    namespace: 'live',
    object: at('Secret', 'root-new', 'live'),
    refused: 'CREATE of a root',
  },
  deletion(service('live'), 'services', 'it is live, admin'),
  deletion(service('test'), 'services'),
  deletion(range('live'), 'limitranges', 'it is live'),
  deletion(range('test'), 'limitranges'),
  deletion({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'live' } }, 'namespaces', 'the namespace is live'),
  deletion({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'spare' } }, 'namespaces'),
  deletion(podOf('guard')('guarded', 'live'), 'pods', 'the guard stays'),
  deletion(podOf('web')('plain', 'live'), 'pods'),
  deletion(guard('live'), 'pods', 'web guards guarding'),
  deletion(guard('test'), 'pods'),
  connection('exec', 'PodExecOptions', { command: ['sh'], stdout: true }, 'command=sh&stdout=true', {
    refused: 'web: no shell for admin',
  }),
  connection('exec', 'PodExecOptions', { command: ['sh'], stdout: true }, 'command=sh&stdout=true', { user: 'oncall' }),
  connection('exec', 'PodExecOptions', { command: ['ls'], stdout: true }, 'command=ls&stdout=true', {}),
  connection('attach', 'PodAttachOptions', { stdin: true, stdout: true }, 'stdin=true&stdout=true', {
    refused: 'nobody types here',
  }),
  connection('attach', 'PodAttachOptions', { stdin: true, stdout: true }, 'stdin=true&stdout=true', {
    namespace: 'test',
  }),
  connection('portforward', 'PodPortForwardOptions', { ports: [80] }, 'ports=80', {
    user: 'developer',
    refused: 'only who may delete pods',
  }),
  connection('portforward', 'PodPortForwardOptions', { ports: [80] }, 'ports=80', {}),
  connection('proxy', 'ServiceProxyOptions', { path: '/admin' }, '', {
    resource: 'services',
    refused: 'not by /admin',
  }),
];

/** Deletions and connections, as an API server judges them by compiled policies and as we do. */
describe.skipIf(NO_CLUSTER !== '')(onCluster('compiled policies on deletions and connections'), () => {
  let cluster: Cluster;
  const { policies, unknowns } = loadPolicies(POLICIES.map((policy) => ({ policy, place: { source: 'test.yaml' } })));
  const namespaces = new Map<string, JsonObject>();

  beforeAll(async () => {
    cluster = await startCluster();
    for (const [name, stage] of Object.entries({ live: 'live', test: 'test', spare: 'test' })) {
      const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { stage } } };
      await cluster.request('POST', '/api/v1/namespaces', object);
      namespaces.set(name, object);
    }
    const grant = (user: string, verbs: string) =>
      cluster
        .kubectl([
          'create',
          'clusterrole',
          user,
          `--verb=${verbs}`,
          '--resource=pods/exec,pods/portforward,pods/attach',
        ])
        .then(() => cluster.kubectl(['create', 'clusterrolebinding', user, `--clusterrole=${user}`, `--user=${user}`]));
    await grant('oncall', 'create,get');
    await grant('developer', 'create,get');
    for (const namespace of ['live', 'test'])
      await cluster.request('POST', `/api/v1/namespaces/${namespace}/pods`, podOf('web')('web', namespace));
    for (const { operation, oldObject, resource, namespace } of CASES) {
      if (operation !== 'DELETE' || resource === 'namespaces') continue;
      const { status, body } = await cluster.request('POST', `/api/v1/namespaces/${namespace}/${resource}`, oldObject);
      expect([201, 409], JSON.stringify(body)).toContain(status);
    }
    for (const policy of policies) {
      const options = { exceptions: EXCEPTIONS, today: NOW.slice(0, 10), until: '2099-01-01' };
      const { objects, gaps } = VALIDATING_ADMISSION_POLICY.compile(policy, options);
      expect([policy.policy.metadata.name, gaps]).toEqual([policy.policy.metadata.name, []]);
      await cluster.kubectl(['apply', '-f', '-'], { apiVersion: 'v1', kind: 'List', items: objects });
    }
    // The last that was made: once it refuses, those before it are in force too.
    await retryUntil('the last policy', async () => isRefused(await send(CASES.at(-1)!)));
  });
  afterAll(async () => await cluster?.stop());

  const send = ({ operation, resource, namespace, name, object, subresource, query, user = 'admin' }: Case) => {
    const base = namespace === '' ? `/api/v1/${resource}` : `/api/v1/namespaces/${namespace}/${resource}`;
    const groups = user === 'admin' ? ['system:masters'] : [];
    const as = { user, groups };
    if (operation === 'CREATE') return cluster.request('POST', `${base}?dryRun=All`, object, as);
    if (operation === 'DELETE') return cluster.request('DELETE', `${base}/${name}?dryRun=All`, undefined, as);
    const path = String(object?.['path'] ?? '');
    return cluster.request('POST', `${base}/${name}/${subresource}${path}?${query}`, undefined, as);
  };
  const isRefused = ({ body }: ApiAnswer): boolean => /ValidatingAdmissionPolicy/.test(JSON.stringify(body ?? ''));

  it('are all that was written here, and leave to the webhook what needs the pod that is entered', () => {
    expect(unknowns).toEqual([]);
    const entering = policyOn(
      'entering',
      '{ kinds: [PodExecOptions], operations: [CONNECT] }',
      `{ each: containers, expr: "c.privileged", message: "''" }`,
    );
    const loaded = loadPolicies([{ policy: entering, place: { source: 'test.yaml' } }]);
    expect(VALIDATING_ADMISSION_POLICY.compile(loaded.policies[0]!, { today: '2026-11-22' }).gaps).toHaveLength(1);
  });

  it.each(
    CASES.map(
      (each) =>
        [`${each.operation} of ${each.kind} ${each.namespace}/${each.name} by ${each.user ?? 'admin'}`, each] as const,
    ),
  )('agree on %s', async (_, each) => {
    const answer = await send(each);
    const said = JSON.stringify(answer.body);
    expect([isRefused(answer), said]).toEqual([
      each.refused !== undefined,
      expect.stringContaining(each.refused ?? ''),
    ]);
    const { response } = judged(each, policies, [...namespaces.values()]);
    expect([response.allowed, response.status?.message ?? '']).toEqual([
      each.refused === undefined,
      expect.stringContaining(each.refused ?? ''),
    ]);
  });
});

/** What we say of the same request. */
function judged(each: Case, policies: ReturnType<typeof loadPolicies>['policies'], objects: JsonObject[]) {
  const {
    kind,
    resource,
    name,
    namespace,
    operation,
    subresource = '',
    object = null,
    oldObject = null,
    user = 'admin',
  } = each;
  const request = readReview(
    JSON.stringify({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      request: {
        uid: 'u',
        kind: { group: '', version: 'v1', kind },
        resource: { group: '', version: 'v1', resource },
        ...{ subResource: subresource, name, operation, object, oldObject },
        // A request for a Namespace carries its name as the namespace too.
        namespace: kind === 'Namespace' ? name : namespace,
        userInfo: { username: user, groups: user === 'admin' ? ['system:masters'] : [] },
      },
    }),
  );
  if ('fault' in request) throw new Error(request.fault);
  const snapshot = {
    format: 1 as const,
    time: NOW,
    cluster: 'default',
    ...{ policies: [], foreign: [], exceptions: [], settings: [], faults: [], packs: [] },
    kubernetesVersion: 'latest',
    ...{ objects, complete: false, unread: [], images: [], exposures: {} },
  };
  const basis = openBasis(snapshot, 'test', { policies, exceptions: EXCEPTIONS, unknowns: [] });
  const { asked } = admit(request, basis, DEFAULT_SETTINGS, NOW);
  const answers: Answers = { permissions: new Map(), objects: new Map() };
  for (const question of asked)
    if (question.what === 'permission') answers.permissions.set(askedKey(question), { allowed: user === 'admin' });
  return admit(request, basis, DEFAULT_SETTINGS, NOW, answers);
}
