import type { JsonObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { deployment, judge, pod } from '../testing/judge-foreign.ts';
import { applies, named, policy, rule, TEAM } from '../testing/kyverno-rules.ts';

describe('a rule of Kyverno', () => {
  it.each<[string, JsonObject, JsonObject, boolean]>([
    ['a kind', { resources: { kinds: ['Pod'] } }, pod(), true],
    ['a kind with its version', { resources: { kinds: ['v1/Pod'] } }, pod(), true],
    ['a kind with group and version', { resources: { kinds: ['apps/v1/Deployment'] } }, deployment(), true],
    ['a kind of any version', { resources: { kinds: ['apps/*/Deployment'] } }, deployment(), true],
    ['a kind of another version', { resources: { kinds: ['apps/v1beta1/Deployment'] } }, deployment(), false],
    ['kinds with wildcards', { resources: { kinds: ['*'] } }, deployment(), true],
    ['parts of kinds', { resources: { kinds: ['Deploy*'] } }, deployment(), true],
    ['a subresource', { resources: { kinds: ['Pod/exec'] } }, pod(), false],
    ['names', { resources: { kinds: ['Pod'], names: ['b', 'a*'] } }, pod(), true],
    ['other names', { resources: { kinds: ['Pod'], name: 'b' } }, pod(), false],
    ['namespaces', { resources: { kinds: ['Pod'], namespaces: ['def*'] } }, pod(), true],
    ['other namespaces', { resources: { kinds: ['Pod'], namespaces: ['kube-*'] } }, pod(), false],
    ['operations', { resources: { kinds: ['Pod'], operations: ['UPDATE'] } }, pod(), false],
    [
      'labels',
      { resources: { kinds: ['Pod'], selector: { matchLabels: { app: 'w*' } } } },
      pod({}, { labels: { app: 'web' } }),
      true,
    ],
    [
      'other labels',
      { resources: { kinds: ['Pod'], selector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } } },
      pod(),
      false,
    ],
    [
      'annotations',
      { resources: { kinds: ['Pod'], annotations: { 'a/*': 'x?' } } },
      pod({}, { annotations: { 'a/b': 'xy' } }),
      true,
    ],
    ['other annotations', { resources: { kinds: ['Pod'], annotations: { a: 'x' } } }, pod(), false],
    ['all of several', { all: [{ resources: { kinds: ['Pod'] } }, { resources: { names: ['b'] } }] }, pod(), false],
    [
      'any of several',
      { any: [{ resources: { kinds: ['Service'] } }, { resources: { kinds: ['Pod'] } }] },
      pod(),
      true,
    ],
    ['nothing', {}, pod(), false],
    [
      'namespaces as objects',
      { resources: { kinds: ['Namespace'], namespaces: ['a'] } },
      named('Namespace', 'a'),
      true,
    ],
  ])('matches by %s', (_, match, object, expected) => {
    expect(applies(match, object)).toBe(expected);
  });

  it.each<[string, JsonObject, boolean]>([
    ['names', { any: [{ resources: { names: ['a'] } }] }, false],
    ['other names', { any: [{ resources: { names: ['b'] } }] }, true],
    ['all of several', { all: [{ resources: { names: ['a'] } }, { resources: { namespaces: ['x'] } }] }, true],
    ['who asks, where nobody is known', { any: [{ clusterRoles: ['cluster-admin'] }] }, true],
    ['nothing', {}, true],
  ])('excludes by %s', (_, exclude, expected) => {
    expect(applies({ resources: { kinds: ['Pod'] } }, pod(), {}, exclude)).toBe(expected);
  });

  it.each<[string, JsonObject, boolean]>([
    ['user', { subjects: [{ kind: 'User', name: 'an*' }] }, true],
    ['group', { subjects: [{ kind: 'Group', name: 'dev' }] }, true],
    ['service account', { subjects: [{ kind: 'ServiceAccount', name: 'a', namespace: 'b' }] }, false],
    ['role', { roles: ['shop:editor'] }, true],
    ['cluster role', { clusterRoles: ['cluster-admin'] }, false],
  ])('matches who asks by %s', (_, who, expected) => {
    const userInfo = { username: 'ann', groups: ['dev'], roles: ['shop:editor'], clusterRoles: ['view'] };
    const facts = { request: { operation: 'CREATE', userInfo } };
    expect(applies({ any: [{ ...who, resources: { kinds: ['Pod'] } }] }, pod(), facts)).toBe(expected);
    expect(applies({ any: [{ ...who, resources: { kinds: ['Pod'] } }] }, pod())).toBe(true);
  });

  it('leaves unknown what labels of a namespace decide', () => {
    const match = { any: [{ resources: { kinds: ['Pod'], namespaceSelector: { matchLabels: { env: 'prod' } } } }] };
    expect(judge([policy([{ ...rule(TEAM), match }])], pod())).toMatchObject([
      { verdict: 'unknown', missing: ['namespaceObject.metadata.labels'] },
    ]);
  });
});
