import type { JsonObject, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { objectOf } from '../network/estate.fixture.ts';
import { authorizerOf, type PathRequest, type ResourceRequest, type UserInfo, userOf } from './index.ts';

const robot = userOf({ kind: 'ServiceAccount', namespace: 'shop', name: 'robot' });
const alice = userOf({ kind: 'User', namespace: '', name: 'alice' });
const anonymous = userOf({ kind: 'User', namespace: '', name: 'system:anonymous' });

function clusterRole(
  name: string,
  rules: JsonObject[],
  part: JsonObject = {},
  labels: JsonObject = {},
): ManifestObject {
  return objectOf('ClusterRole', name, { metadata: { name, labels }, rules, ...part }, '');
}

function bound(namespace: string, role: string, ...subjects: JsonObject[]): ManifestObject {
  const [kind = '', name = ''] = role.split(' ');
  const body = { subjects, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name } };
  return objectOf(namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding', `gives-${name}`, body, namespace);
}

const toRobot: JsonObject = { kind: 'ServiceAccount', name: 'robot', namespace: 'shop' };
const toAlice: JsonObject = { kind: 'User', name: 'alice' };

/** `get pods/log shop web`, with `GROUP:` before the resource where it is not the core group; a path is no resource. */
function request(text: string): ResourceRequest | PathRequest {
  const [verb = '', what = '', namespace = '', name = ''] = text.split(' ');
  if (what.startsWith('/')) return { verb, path: what };
  const [resource = '', group = ''] = what.split(':').reverse();
  return { verb, group, resource, namespace, name };
}

function may(objects: ManifestObject[], subject: UserInfo, text: string): boolean {
  return authorizerOf(objects)(subject, request(text)).allowed;
}

/** Whether a rule, bound to alice for the whole cluster, allows a request. */
function ruleAllows(rule: JsonObject, text: string): boolean {
  return may([clusterRole('tried', [rule]), bound('', 'ClusterRole tried', toAlice)], alice, text);
}

const rule = (apiGroups: string, resources: string, verbs: string, resourceNames?: string): JsonObject => ({
  apiGroups: apiGroups.split(','),
  resources: resources.split(','),
  verbs: verbs.split(','),
  ...(resourceNames === undefined ? {} : { resourceNames: resourceNames.split(',') }),
});

describe('a rule', () => {
  it.each<[JsonObject, string, boolean]>([
    [rule('', 'pods', 'get'), 'get pods shop', true],
    [rule('', 'pods', 'get'), 'get pods', true],
    [rule('', 'pods', 'get'), 'list pods shop', false],
    [rule('', 'pods', '*'), 'use pods shop', true],
    [rule('', 'deployments', 'get'), 'get apps:deployments shop', false],
    [rule('*', 'deployments', 'get'), 'get apps:deployments shop', true],
    [rule('', 'pods', 'get'), 'get pods/log shop web', false],
    [rule('', '*', 'get'), 'get pods/log shop web', true],
    [rule('', '*/log', 'get'), 'get pods/log shop web', true],
    [rule('', '*/log', 'get'), 'get log shop', false],
    [rule('*', '*/scale', 'get'), 'get apps:deployments/scale shop web', true],
    [rule('', 'pods/*', 'get'), 'get pods/log shop web', false],
    [rule('', '*/*', 'get'), 'get pods/log shop web', false],
    [rule('', 'secrets', 'get', 'db'), 'get secrets shop db', true],
    [rule('', 'secrets', 'get', 'db'), 'get secrets shop other', false],
    [rule('', 'secrets', 'list', 'db'), 'list secrets shop', false],
    [rule('', 'secrets', 'list', 'db'), 'list secrets shop db', true],
    [rule('', 'secrets', 'create,deletecollection', 'db'), 'create secrets shop', false],
    [rule('', 'secrets', 'create,deletecollection', 'db'), 'deletecollection secrets shop', false],
    [rule('', 'secrets', 'get', '*'), 'get secrets shop db', false],
  ])('%j and %s: %s', (given, text, allowed) => {
    expect(ruleAllows(given, text)).toBe(allowed);
  });

  it.each<[string, string, boolean]>([
    ['/metrics', 'get /metrics', true],
    ['/metrics', 'get /metrics/', false],
    ['/metrics/*', 'get /metrics/slis', true],
    ['/metrics/*', 'get /metrics', false],
    ['/metrics*', 'get /metrics', true],
    ['/debug/**', 'get /debug/pprof', true],
    ['/*/slis', 'get /metrics/slis', false],
    ['*', 'get /', true],
    ['*', 'post /metrics', false],
    ['*', 'get pods shop', false],
  ])('for the path %s and %s: %s', (url, text, allowed) => {
    expect(ruleAllows({ nonResourceURLs: [url], verbs: ['get'] }, text)).toBe(allowed);
  });

  it('without verbs, groups or resources allows nothing', () => {
    expect(ruleAllows({ apiGroups: [''], resources: ['pods'] }, 'get pods')).toBe(false);
    expect(ruleAllows({ resources: ['pods'], verbs: ['*'] }, 'get pods')).toBe(false);
    expect(ruleAllows({ apiGroups: ['*'], verbs: ['*'] }, 'get pods')).toBe(false);
  });
});

describe('a binding', () => {
  const pods = clusterRole('pods', [rule('', 'pods', 'get'), { nonResourceURLs: ['*'], verbs: ['get'] }]);
  const own = objectOf('Role', 'pods', { rules: [rule('', 'pods', 'list')] }, 'shop');

  it('of a namespace holds there only, and for no path', () => {
    const objects = [pods, bound('shop', 'ClusterRole pods', toAlice)];
    const asked = ['get pods shop', 'get pods bank', 'get pods', 'get /metrics'];
    expect(asked.map((text) => may(objects, alice, text))).toEqual([true, false, false, false]);
  });

  it('gives the role of its own namespace, whatever a cluster role is called', () => {
    const objects = [pods, own, bound('shop', 'Role pods', toAlice), bound('bank', 'Role pods', toAlice)];
    const asked = ['list pods shop', 'get pods shop', 'list pods bank'];
    expect(asked.map((text) => may(objects, alice, text))).toEqual([true, false, false]);
  });

  it('to a role that is not there gives nothing', () => {
    expect(may([bound('', 'ClusterRole gone', toAlice)], alice, 'get pods')).toBe(false);
  });

  it('is named with the rules that allow', () => {
    const permission = authorizerOf([pods, bound('shop', 'ClusterRole pods', toAlice)])(
      alice,
      request('get pods shop'),
    );
    expect(permission).toMatchObject({
      allowed: true,
      grant: { binding: 'RoleBinding shop/gives-pods', role: 'ClusterRole pods' },
    });
  });

  it.each<[string, JsonObject, boolean, boolean]>([
    ['itself', toRobot, true, false],
    ['itself by its name as a user', { kind: 'User', name: 'system:serviceaccount:shop:robot' }, true, false],
    ['itself without a namespace', { kind: 'ServiceAccount', name: 'robot' }, true, false],
    ['one of another namespace', { ...toRobot, namespace: 'bank' }, false, false],
    ['a user of its name', { kind: 'User', name: 'robot' }, false, false],
    ['all service accounts', { kind: 'Group', name: 'system:serviceaccounts' }, true, false],
    ['those of its namespace', { kind: 'Group', name: 'system:serviceaccounts:shop' }, true, false],
    ['those of another one', { kind: 'Group', name: 'system:serviceaccounts:bank' }, false, false],
    ['everybody who signed in', { kind: 'Group', name: 'system:authenticated' }, true, false],
    ['everybody else', { kind: 'Group', name: 'system:unauthenticated' }, false, true],
  ])('to %s', (_, subject, robots, strangers) => {
    const objects = [pods, bound('shop', 'ClusterRole pods', subject)];
    expect(may(objects, robot, 'get pods shop')).toBe(robots);
    expect(may(objects, anonymous, 'get pods shop')).toBe(strangers);
  });
});

describe('an aggregating role', () => {
  const offers = (label: string): JsonObject => ({ [`offers-${label}`]: 'true' });
  const selecting = (...labels: string[]): JsonObject => ({
    aggregationRule: { clusterRoleSelectors: labels.map((label) => ({ matchLabels: offers(label) })) },
  });
  const pods = clusterRole('pods', [rule('', 'pods', 'get')], {}, offers('a'));

  it('holds what others offer and not what its manifest says', () => {
    const first = clusterRole('first', [rule('', 'secrets', 'get')], selecting('a'), offers('b'));
    const second = clusterRole('second', [], selecting('b'));
    for (const name of ['first', 'second']) {
      const objects = [pods, first, second, bound('', `ClusterRole ${name}`, toAlice)];
      expect(['get pods', 'get secrets'].map((text) => may(objects, alice, text))).toEqual([true, false]);
    }
  });

  it('in a circle may have its own rules given back to it', () => {
    const first = clusterRole('first', [rule('', 'secrets', 'get')], selecting('a', 'c'), offers('b'));
    const second = clusterRole('second', [], selecting('b'), offers('c'));
    for (const name of ['first', 'second']) {
      const objects = [pods, first, second, bound('', `ClusterRole ${name}`, toAlice)];
      expect(['get pods', 'get secrets'].map((text) => may(objects, alice, text))).toEqual([true, true]);
    }
  });

  it('holds what the cluster says that it holds', () => {
    const role = clusterRole('first', [rule('', 'secrets', 'get')], {
      ...selecting('a'),
      metadata: { name: 'first', uid: '7c7b' },
    });
    expect(may([role, bound('', 'ClusterRole first', toAlice)], alice, 'get secrets')).toBe(true);
  });

  it('that selects everything selects cluster-admin', () => {
    const role = clusterRole('all', [], { aggregationRule: { clusterRoleSelectors: [{}] } });
    expect(may([role, bound('', 'ClusterRole all', toAlice)], alice, 'delete nodes')).toBe(true);
  });

  it('holds nothing of a role, which has no aggregation', () => {
    const role = objectOf('Role', 'own', { rules: [rule('', 'secrets', 'get')], ...selecting('a') }, 'shop');
    const asked = ['get secrets shop', 'get pods shop'];
    const objects = [pods, role, bound('shop', 'Role own', toAlice)];
    expect(asked.map((text) => may(objects, alice, text))).toEqual([true, false]);
  });
});

describe('what every API server gives', () => {
  it.each<[string, UserInfo, string, boolean]>([
    ['administrators', userOf({ kind: 'Group', namespace: '', name: 'system:masters' }), 'delete nodes', true],
    ['whoever signed in', alice, 'get /apis/apps', true],
    ['whoever signed in', alice, 'get /metrics', false],
    ['strangers', anonymous, 'get /healthz', true],
    ['strangers', anonymous, 'get /apis', false],
    ['service accounts', robot, 'get /openid/v1/jwks', true],
  ])('%s: %o %s: %s', (_, subject, text, allowed) => {
    expect(may([], subject, text)).toBe(allowed);
  });

  it('is gone where the objects say so', () => {
    expect(may([bound('', 'ClusterRole none')], alice, 'get /healthz')).toBe(true);
    const closed = { ...bound('', 'ClusterRole system:public-info-viewer'), name: 'system:public-info-viewer' };
    expect(may([closed], anonymous, 'get /healthz')).toBe(false);
  });
});
