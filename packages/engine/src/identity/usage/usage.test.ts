import type { AuditEvent, JsonObject, ManifestObject } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectOf } from '../../network/estate.fixture.ts';
import { authorizerOf, identityOf, userOf } from '../index.ts';
import { coverageOf, keyOfIdentity, loggedBy, UsageCollector, usesOf } from './index.ts';

const robot = 'system:serviceaccount:shop:robot';
const toRobot: JsonObject = { kind: 'ServiceAccount', name: 'robot', namespace: 'shop' };

function role(namespace: string, name: string, ...rules: JsonObject[]): ManifestObject {
  return objectOf(namespace === '' ? 'ClusterRole' : 'Role', name, { rules }, namespace);
}

function bound(namespace: string, kind: string, name: string, subject = toRobot): ManifestObject {
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name };
  return objectOf(
    namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding',
    `b-${name}`,
    { subjects: [subject], roleRef },
    namespace,
  );
}

const rule = (resources: string, verbs: string, resourceNames?: string[], apiGroups = ['']): JsonObject => ({
  apiGroups,
  resources: resources.split(','),
  verbs: verbs.split(','),
  ...(resourceNames === undefined ? {} : { resourceNames }),
});

/** `get pods/log shop web` by the robot. */
function event(text: string, part: Partial<AuditEvent> = {}): AuditEvent {
  const [verb = '', what = '', namespace = '', name = ''] = text.split(' ');
  const asked = what.startsWith('/') ? { path: what } : { resource: { group: '', resource: what, namespace, name } };
  return { time: '2026-11-20T10:00:00.000Z', user: robot, groups: [], verb, allowed: true, ...asked, ...part };
}

function uses(objects: ManifestObject[], events: AuditEvent[], policies?: JsonObject[]) {
  const facts = identityOf(objects, []);
  const usage = new UsageCollector(new Set(facts.identities.map(keyOfIdentity)));
  for (const each of events) usage.add(each);
  return { uses: usesOf(facts, usage, policies === undefined ? undefined : loggedBy(policies)), usage };
}

const spelt = (objects: ManifestObject[], events: AuditEvent[], policies?: JsonObject[]): string[] =>
  uses(objects, events, policies).uses.flatMap(({ grants }) =>
    grants.flatMap(({ permissions }) =>
      permissions.map(({ verb, resource, path, used, logged }) => `${verb} ${resource || path} ${used} ${logged}`),
    ),
  );

const reader = [role('shop', 'reader', rule('pods,secrets', 'get,list')), bound('shop', 'Role', 'reader')];

describe('what was used', () => {
  it('is told verb by verb and resource by resource, of each binding', () => {
    expect(spelt(reader, [event('get pods shop web'), event('get pods shop db'), event('list secrets shop')])).toEqual([
      'get pods 2 yes',
      'get secrets 0 unknown',
      'list pods 0 unknown',
      'list secrets 1 yes',
    ]);
  });

  it.each<[string, AuditEvent]>([
    ['in another namespace', event('get pods bank web')],
    ['refused', event('get pods shop web', { allowed: false })],
    ['by somebody else', event('get pods shop web', { user: 'alice' })],
    ['on a subresource', event('get pods/log shop web')],
  ])('is not what was asked %s', (_, asked) => {
    expect(spelt(reader, [asked]).every((line) => line.includes(' 0 '))).toBe(true);
  });

  it('of a wildcard is named', () => {
    const objects = [role('', 'all', rule('*', '*', undefined, ['*'])), bound('', 'ClusterRole', 'all')];
    const [use] = uses(objects, [event('get pods shop web'), event('create pods/exec shop web')]).uses;
    expect(use?.grants[0]?.permissions).toMatchObject([{ used: 2, of: ['create pods/exec', 'get pods'] }]);
  });

  it('counts for groups by whoever is in them, and for whoever acts as somebody else', () => {
    const dev = { kind: 'Group', name: 'dev' };
    const objects = [
      role('shop', 'reader', rule('pods', 'get')),
      bound('shop', 'Role', 'reader', dev),
      role('', 'acting', rule('users', 'impersonate', ['bob'])),
      bound('', 'ClusterRole', 'acting'),
    ];
    const events = [
      event('get pods shop web', { user: 'alice', groups: ['dev'] }),
      event('list pods shop', { user: 'bob', impersonator: { user: robot, groups: [] } }),
    ];
    expect(spelt(objects, events).toSorted()).toEqual(['get pods 1 yes', 'impersonate users 1 yes']);
  });

  it('of paths', () => {
    const objects = [
      role('', 'watcher', { nonResourceURLs: ['/metrics', '/logs/*'], verbs: ['get'] }),
      bound('', 'ClusterRole', 'watcher'),
    ];
    expect(spelt(objects, [event('get /metrics')])).toEqual(['get /metrics 1 yes', 'get /logs/* 0 unknown']);
  });
});

describe('what the log would hold', () => {
  const policy = (...rules: JsonObject[]): JsonObject[] => [{ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules }];
  const secrets = [role('shop', 'reader', rule('secrets', 'get,update')), bound('shop', 'Role', 'reader')];

  it.each<[string, JsonObject[], string, string]>([
    ['everything', policy({ level: 'Metadata' }), 'yes', 'yes'],
    ['nothing', policy(), 'no', 'no'],
    ['no reading', policy({ level: 'None', verbs: ['get', 'list'] }, { level: 'Metadata' }), 'no', 'yes'],
    ['not this account', policy({ level: 'None', users: [robot] }, { level: 'Metadata' }), 'no', 'no'],
    [
      'not accounts',
      policy({ level: 'None', userGroups: ['system:serviceaccounts'] }, { level: 'Metadata' }),
      'no',
      'no',
    ],
    ['people only', policy({ level: 'Metadata', userGroups: ['people'] }), 'no', 'no'],
    ['secrets only', policy({ level: 'Metadata', resources: [{ group: '', resources: ['secrets'] }] }), 'yes', 'yes'],
    ['another group', policy({ level: 'Metadata', resources: [{ group: 'apps' }] }), 'no', 'no'],
    [
      'one secret',
      policy({ level: 'Metadata', resources: [{ group: '', resources: ['secrets'], resourceNames: ['a'] }] }),
      'unknown',
      'unknown',
    ],
    ['another namespace', policy({ level: 'Metadata', namespaces: ['bank'] }), 'no', 'no'],
    ['paths', policy({ level: 'Metadata', nonResourceURLs: ['*'] }), 'no', 'no'],
    ['two servers that differ', [...policy({ level: 'Metadata' }), ...policy()], 'unknown', 'unknown'],
  ])('%s', (_, policies, get, update) => {
    expect(spelt(secrets, [], policies)).toEqual([`get secrets 0 ${get}`, `update secrets 0 ${update}`]);
  });

  it('is no reading where nothing but changes is in it', () => {
    expect(spelt(secrets, [event('delete pods shop web')])).toEqual(['get secrets 0 no', 'update secrets 0 unknown']);
    expect(uses(secrets, [event('delete pods shop web')]).uses[0]?.unused).toBe(1);
  });

  it('is nothing of groups where the log names none, but of those that Kubernetes gives by itself', () => {
    const group = (name: string) => [
      role('shop', 'r', rule('secrets', 'get')),
      bound('shop', 'Role', 'r', { kind: 'Group', name }),
    ];
    const asked = [event('get pods shop a', { groups: ['system:authenticated'], groupsUnknown: true })];
    expect(spelt(group('dev'), asked)).toEqual(['get secrets 0 no']);
    expect(spelt(group('system:authenticated'), asked)).toEqual(['get secrets 0 unknown']);
    expect(coverageOf(uses(group('dev'), asked).usage, false).groups).toBe(false);
  });

  it('has gaps, whatever the order of the files', () => {
    const { usage } = uses(reader, [
      event('get pods shop a', { time: '2026-11-20T20:59:00.000Z' }),
      event('get pods shop a', { time: '2026-11-20T01:00:00.000Z' }),
      event('get pods shop a', { time: '2026-11-20T02:00:00.000Z' }),
    ]);
    expect(coverageOf(usage, false)).toMatchObject({
      from: '2026-11-20T01:00:00.000Z',
      to: '2026-11-20T20:59:00.000Z',
      requests: 3,
      days: 1,
      longestGap: 17,
      reads: true,
      groups: true,
    });
  });
});

describe('what would be enough', () => {
  const [pods, verbs, names] = [
    ['pods', 'pods/exec', 'secrets'],
    ['get', 'list', 'create', 'delete'],
    ['', 'a', 'b'],
  ];
  const places = ['', 'shop', 'bank'];
  const some = (values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
  const anyRule = fc.record(
    {
      apiGroups: fc.constant<string[]>(['']),
      resources: some([...pods, '*']),
      verbs: some([...verbs, '*']),
      resourceNames: some(['a', 'b']),
    },
    { requiredKeys: ['apiGroups', 'resources', 'verbs'] },
  );
  const anyGrant = fc.record({
    place: fc.constantFrom(...places),
    rules: fc.array(anyRule, { minLength: 1, maxLength: 2 }),
  });
  const anyRequest = fc.record({
    verb: fc.constantFrom(...verbs),
    resource: fc.constantFrom(...pods),
    namespace: fc.constantFrom(...places),
    name: fc.constantFrom(...names),
  });

  it('allows every request that its bindings allowed, and nothing that they did not', () => {
    fc.assert(
      fc.property(fc.array(anyGrant, { maxLength: 3 }), fc.array(anyRequest, { maxLength: 12 }), (grants, asked) => {
        const objects = grants.flatMap(({ place, rules }, index) => [
          role(place, `r${index}`, ...(rules as JsonObject[])),
          bound(place, place === '' ? 'ClusterRole' : 'Role', `r${index}`),
        ]);
        if (objects.length === 0) return;
        const before = authorizerOf(objects);
        const who = userOf({ kind: 'ServiceAccount', namespace: 'shop', name: 'robot' });
        const requests = asked
          .map((each) => (each.verb === 'create' && !each.resource.includes('/') ? { ...each, name: '' } : each))
          .map((each) => ({ ...each, group: '' }));
        const allowed = requests.filter((request) => before(who, request).allowed);
        const events = requests.map(({ verb, resource, namespace, name }) =>
          event(verb, {
            resource: { group: '', resource, namespace, name },
            allowed: before(who, { verb, resource, namespace, name, group: '' }).allowed,
          }),
        );
        const [use] = uses(objects, events).uses;
        const after = authorizerOf((use?.sufficient ?? []).map(manifestOf));
        for (const request of allowed) expect([request, after(who, request).allowed]).toEqual([request, true]);
        for (const verb of verbs)
          for (const resource of pods)
            for (const namespace of places)
              for (const name of names) {
                const request = { verb, resource, namespace, name, group: '' };
                if (after(who, request).allowed)
                  expect([request, before(who, request).allowed]).toEqual([request, true]);
              }
      }),
      { numRuns: 300 },
    );
  });
});

function manifestOf(object: JsonObject): ManifestObject {
  const { name, namespace = '' } = object['metadata'] as { name: string; namespace?: string };
  const { apiVersion, kind } = object as { apiVersion: string; kind: string };
  return { apiVersion, kind, name, namespace, cluster: 'default', object, place: { source: 'enough.yaml' } };
}
