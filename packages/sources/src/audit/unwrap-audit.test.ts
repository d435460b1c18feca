import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type AuditReading, detectAudit, readAudit } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-wrapped-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(content: unknown): Promise<AuditReading[]> {
  const path = join(folder, 'log.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  const readings: AuditReading[] = [];
  for await (const batch of readAudit(path, { source: 'log.json' })) readings.push(...batch);
  return readings;
}
const codes = (readings: readonly AuditReading[]) => readings.map(({ unknown }) => unknown?.message ?? 'event');

const event = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Metadata',
  auditID: 'f2b1',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/secrets/db',
  verb: 'get',
  user: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
  objectRef: { resource: 'secrets', namespace: 'shop', name: 'db', apiVersion: 'v1' },
  responseStatus: { metadata: {}, code: 200 },
  requestReceivedTimestamp: '2026-11-20T10:00:00.123456Z',
  annotations: { 'authorization.k8s.io/decision': 'allow' },
};
const text = JSON.stringify(event);
const asked = {
  time: '2026-11-20T10:00:00.123Z',
  user: 'kubernetes-admin',
  groups: ['system:masters', 'system:authenticated'],
  verb: 'get',
  resource: { group: '', resource: 'secrets', namespace: 'shop', name: 'db' },
  allowed: true,
};
const cloudWatch = { logStreamName: 'kube-apiserver-audit-4f1', timestamp: 1_795_168_800_123, ingestionTime: 1 };
const azure = {
  operationName: 'Microsoft.ContainerService/managedClusters/diagnosticLogs/Read',
  category: 'kube-audit',
  ccpNamespace: '5e',
  resourceId: '/SUBSCRIPTIONS/A/RESOURCEGROUPS/B/PROVIDERS/MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/C',
  properties: { log: `${text}\n`, stream: 'stdout', pod: 'kube-apiserver-1' },
  time: '2026-11-20T10:00:01Z',
};
const row = {
  TimeGenerated: '2026-11-20T10:00:01Z',
  AuditId: 'f2b1',
  Verb: 'get',
  Stage: 'ResponseComplete',
  RequestUri: event.requestURI,
  RequestReceivedTime: event.requestReceivedTimestamp,
  User: JSON.stringify(event.user),
  ObjectRef: event.objectRef,
  ResponseStatus: event.responseStatus,
  Annotations: JSON.stringify(event.annotations),
};

describe('audit events in what a cloud wraps around them', () => {
  it.each<[string, unknown]>([
    [
      'CloudWatch: filter-log-events',
      { events: [{ ...cloudWatch, message: text, eventId: '3' }], searchedLogStreams: [] },
    ],
    [
      'CloudWatch: a subscription',
      {
        messageType: 'DATA_MESSAGE',
        logGroup: '/aws/eks/shop/cluster',
        logEvents: [{ id: '3', timestamp: 1, message: text }],
      },
    ],
    ['CloudWatch: one event a line', { ...cloudWatch, message: text }],
    ['CloudWatch: an export of Insights', [{ '@timestamp': '2026-11-20 10:00:00.123', '@message': text }]],
    ['CloudWatch: an export of Insights, taken apart', [{ '@message': event }]],
    [
      'CloudWatch: get-query-results',
      {
        results: [
          [
            { field: '@timestamp', value: 'x' },
            { field: '@message', value: text },
          ],
        ],
        status: 'Complete',
      },
    ],
    ['Azure: an event hub', { records: [azure] }],
    ['Azure: a line of a storage account', azure],
    ['Azure: properties as text', { ...azure, properties: JSON.stringify(azure.properties) }],
    ['Azure: the table AzureDiagnostics', [{ Category: 'kube-audit', log_s: text }]],
    ['Azure: the table AKSAudit', [row]],
  ])('%s', async (_, wrapped) => {
    expect(await read(wrapped)).toEqual([{ event: asked }]);
    expect(await read(JSON.stringify(wrapped, null, 2))).toEqual([{ event: asked }]);
    const lines = (Array.isArray(wrapped) ? wrapped : [wrapped]).map((each) => JSON.stringify(each)).join('\n');
    expect(detectAudit(Buffer.from(lines))).toBe(true);
  });

  it('pass over what other components write into the same log', async () => {
    const other = (message: string) => ({ ...cloudWatch, message });
    const events = [other('I1120 10:00:00 1 trace.go:205] Trace'), other('time="x" level=info msg="{}"'), other(text)];
    expect(await read({ events })).toEqual([{ event: asked }]);
    expect(codes(await read({ events: [other(text), other(text.slice(0, -5))] }))).toEqual([
      'event',
      'An event of an audit log is left out: its message is cut or broken.',
    ]);
  });

  it('are found where the first of them is longer than what is looked at', () => {
    const long = { events: [{ message: text }, { message: 'x'.repeat(70_000) }] };
    expect(detectAudit(Buffer.from(JSON.stringify(long)).subarray(0, 65_536))).toBe(true);
    expect(detectAudit(Buffer.from('{"items":[{"note":"an auditID is none"'))).toBe(false);
    expect(detectAudit(Buffer.from('{"events":[{"message":"nothing of auditID"}]}'))).toBe(false);
  });
});

describe('entries of Google’s Cloud Logging', () => {
  const entry = (payload: object, part: object = {}) => ({
    insertId: '9c',
    logName: 'projects/p/logs/cloudaudit.googleapis.com%2Factivity',
    resource: { type: 'k8s_cluster', labels: { cluster_name: 'shop' } },
    timestamp: '2026-11-20T10:00:00.123456Z',
    labels: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
    operation: { id: '9c', producer: 'k8s.io', first: true, last: true },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'k8s.io',
      authenticationInfo: { principalEmail: 'jane@example.org' },
      authorizationInfo: [{ granted: true }],
      ...payload,
    },
    ...part,
  });
  const one = async (payload: object, part: object = {}) => (await read([entry(payload, part)]))[0]?.event;
  const get = { methodName: 'io.k8s.core.v1.secrets.get', resourceName: 'core/v1/namespaces/shop/secrets/db' };

  it.each<[string, string, string, object]>([
    ['an object', get.methodName, get.resourceName, { resource: 'secrets', namespace: 'shop', name: 'db', group: '' }],
    [
      'all of a namespace',
      'io.k8s.core.v1.pods.list',
      'core/v1/namespaces/shop/pods',
      { resource: 'pods', namespace: 'shop', name: '', group: '' },
    ],
    [
      'all of the cluster',
      'io.k8s.apps.v1.deployments.list',
      'apps/v1/deployments',
      { resource: 'deployments', namespace: '', name: '', group: 'apps' },
    ],
    [
      'a subresource',
      'io.k8s.core.v1.pods.exec.create',
      'core/v1/namespaces/shop/pods/web/exec',
      { resource: 'pods/exec', namespace: 'shop', name: 'web', group: '' },
    ],
    [
      'what is in no namespace',
      'io.k8s.authorization.rbac.v1.clusterroles.update',
      'rbac.authorization.k8s.io/v1/clusterroles/reader',
      { resource: 'clusterroles', namespace: '', name: 'reader', group: 'rbac.authorization.k8s.io' },
    ],
    [
      'a namespace itself',
      'io.k8s.core.v1.namespaces.finalize.update',
      'core/v1/namespaces/shop/finalize',
      { resource: 'namespaces/finalize', namespace: '', name: 'shop', group: '' },
    ],
    [
      'what somebody else defined',
      'com.example.stable.v1beta1.crontabs.patch',
      'stable.example.com/v1beta1/namespaces/shop/crontabs/a',
      { resource: 'crontabs', namespace: 'shop', name: 'a', group: 'stable.example.com' },
    ],
  ])('ask for %s', async (_, methodName, resourceName, resource) => {
    const found = await one({ methodName, resourceName });
    expect(found).toMatchObject({
      verb: methodName.split('.').at(-1),
      resource,
      user: 'jane@example.org',
      allowed: true,
    });
  });

  it('name no groups: those that everybody is in are known, of the others nothing', async () => {
    expect(await one(get)).toMatchObject({ groups: ['system:authenticated'], groupsUnknown: true });
    const account = { authenticationInfo: { principalEmail: 'system:serviceaccount:shop:robot' } };
    expect(await one({ ...get, ...account })).toMatchObject({
      groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
    });
  });

  it('say who acted as somebody else', async () => {
    const authenticationInfo = { principalEmail: 'jane@example.org', authoritySelector: 'bob' };
    expect(await one({ ...get, authenticationInfo })).toMatchObject({
      user: 'bob',
      impersonator: { user: 'jane@example.org' },
    });
  });

  it.each<[object, object, boolean]>([
    [{}, { labels: { 'authorization.k8s.io/decision': 'forbid' } }, false],
    [{ status: { code: 7, message: 'Forbidden' } }, { labels: {} }, false],
    [{ authorizationInfo: [{ permission: 'io.k8s.core.v1.secrets.get' }, { granted: false }] }, { labels: {} }, false],
    [{ status: { code: 5 } }, { labels: {} }, true],
  ])('may have been refused: %j %j', async (payload, part, allowed) => {
    expect((await one({ ...get, ...payload }, part))?.allowed).toBe(allowed);
  });

  it('of a watch are counted once, and those of other services not at all', async () => {
    const end = entry(get, { operation: { id: 'w', producer: 'k8s.io', last: true } });
    const other = entry({ serviceName: 'container.googleapis.com', methodName: 'google.container.v1.GetCluster' });
    expect(await read([entry(get), end, other])).toHaveLength(1);
    expect(codes(await read([entry({ ...get, authenticationInfo: {} })]))).toEqual([
      'An event of an audit log is left out: it says not who asked for what.',
    ]);
    expect(detectAudit(Buffer.from(JSON.stringify([entry(get)])))).toBe(true);
  });
});
