import { describe, expect, it } from 'vitest';
import type { WatchedKind } from './basis.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { webhookConfiguration } from './webhook-configuration.ts';
import { webhookRules } from './webhook-rules.ts';

const kind = (name: string, operations: WatchedKind['operations'] = ['CREATE', 'UPDATE'], groups: string[] = []) => ({
  kind: name,
  operations,
  groups,
});

describe('webhookRules', () => {
  it('ask about nothing but what policies look at, each once', () => {
    expect(webhookRules([kind('Pod'), kind('Deployment'), kind('DaemonSet'), kind('Service')])).toEqual([
      {
        operations: ['CREATE', 'UPDATE'],
        apiGroups: [''],
        apiVersions: ['v1'],
        resources: ['pods', 'pods/ephemeralcontainers', 'pods/resize', 'services'],
        scope: '*',
      },
      {
        operations: ['CREATE', 'UPDATE'],
        apiGroups: ['apps'],
        apiVersions: ['v1'],
        resources: ['daemonsets', 'deployments'],
        scope: '*',
      },
    ]);
    expect(webhookRules([])).toEqual([]);
  });

  it('keep operations apart, and connections at their subresources', () => {
    const rules = webhookRules([kind('PodExecOptions', ['CONNECT']), kind('Namespace', ['DELETE'])]);
    expect(rules.map(({ operations, resources }) => [operations, resources])).toEqual([
      [['CONNECT'], ['pods/exec']],
      [['DELETE'], ['namespaces']],
    ]);
  });

  it('find kinds of others by their plural, in the groups that policies name', () => {
    const rules = webhookRules([
      kind('Gizmo'),
      kind('Policy'),
      kind('Proxy', ['CREATE'], ['example.org']),
      kind('Class'),
    ]);
    expect(rules.map(({ apiGroups, apiVersions, resources }) => [apiGroups, apiVersions, resources])).toEqual([
      [['*'], ['*'], ['classes', 'gizmos', 'policies']],
      [['example.org'], ['*'], ['proxies']],
    ]);
  });

  it('ask about everything where a policy looks at everything, and about what that leaves out', () => {
    const rules = webhookRules([kind('*'), kind('ConfigMap'), kind('Pod'), kind('Role', ['DELETE'])]);
    expect(rules.map(({ operations, resources }) => [operations, resources])).toEqual([
      [['CREATE', 'UPDATE'], ['*']],
      [
        ['CREATE', 'UPDATE'],
        ['pods', 'pods/ephemeralcontainers', 'pods/resize'],
      ],
      [['DELETE'], ['roles']],
    ]);
  });
});

describe('webhookConfiguration', () => {
  it('cannot hold a cluster up: short, outside of system namespaces, open or closed by choice', () => {
    const client = { url: 'https://127.0.0.1:8443/admit', caBundle: 'AA==' };
    const made = (failure: 'ignore' | 'fail') =>
      webhookConfiguration('breakwater', { watched: [kind('Pod')] }, { ...DEFAULT_SETTINGS, failure }, client)
        .webhooks[0];
    expect(made('ignore')).toMatchObject({
      failurePolicy: 'Ignore',
      timeoutSeconds: 3,
      sideEffects: 'None',
      matchPolicy: 'Equivalent',
      clientConfig: client,
      namespaceSelector: {
        matchExpressions: [
          {
            key: 'kubernetes.io/metadata.name',
            operator: 'NotIn',
            values: ['kube-node-lease', 'kube-public', 'kube-system'],
          },
        ],
      },
    });
    expect(made('fail')).toMatchObject({ failurePolicy: 'Fail' });
  });
});
