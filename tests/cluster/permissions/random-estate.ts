import type { JsonObject } from '@breakwater/model';
import fc from 'fast-check';

const RBAC = 'rbac.authorization.k8s.io';
const LABEL = 'tests.breakwater.dev/offers';
const LABELS = ['a', 'b', 'c'];

export const NAMESPACES = ['shop', 'bank', 'a'];
export const ACCOUNTS = ['default', 'robot', 'shop'];
export const USERS = [
  'alice',
  'https://idp.example#bob',
  'robot',
  'system:serviceaccount:shop:robot',
  'system:kube-proxy',
];
export const GROUPS = ['ops', 'robot', 'system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'];
export const API_GROUPS = ['', 'apps', 'example.org', 'authentication.k8s.io'];
export const RESOURCES = [
  'pods',
  'pods/log',
  'pods/exec',
  'deployments',
  'deployments/scale',
  'things/scale',
  'nodes',
  'users',
  'groups',
  'serviceaccounts',
  'userextras/scopes',
];
export const VERBS = ['get', 'list', 'create', 'deletecollection', 'impersonate', 'use'];
export const NAMES = ['', 'web', 'db', '*', 'alice', 'ops'];
const URLS = ['/metrics', '/metrics/*', '/metrics*', '/debug/**', '/*', '/apis', '/healthz/*'];
const BUILT_IN = ['view', 'edit', 'admin', 'cluster-admin', 'system:discovery', 'system:monitoring'];

const some = (values: readonly string[], maxLength = 3) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength });
const wildcard = (values: readonly string[], ...wild: string[]) =>
  fc.oneof({ arbitrary: some(values), weight: 8 }, { arbitrary: some([...values, ...wild]), weight: 2 });
const labels = fc.oneof(
  fc.constant({}),
  fc.record({ [LABEL]: fc.constantFrom(...LABELS) }),
  fc.record({ [`${RBAC}/aggregate-to-view`]: fc.constantFrom('true', 'false') }),
);

const resourceRule = fc.record(
  {
    apiGroups: wildcard(API_GROUPS, '*'),
    resources: wildcard(RESOURCES, '*', '*/scale', '*/log', '*/scopes', 'pods/*', '*/*'),
    verbs: wildcard(VERBS, '*'),
    resourceNames: some(NAMES),
  },
  { requiredKeys: ['apiGroups', 'resources', 'verbs'] },
);
const pathRule = fc.record({ nonResourceURLs: wildcard(URLS, '*'), verbs: wildcard(['get', 'post'], '*') });
const rules = fc.array(resourceRule, { minLength: 1, maxLength: 2 });
const clusterRules = fc.array(fc.oneof({ arbitrary: resourceRule, weight: 3 }, pathRule), {
  minLength: 1,
  maxLength: 2,
});

/** Selects by one label, as charts do; in a circle where two select each other. */
const selector = fc.oneof(
  fc.record({ matchLabels: fc.record({ [LABEL]: fc.constantFrom(...LABELS) }) }),
  fc.record({
    matchExpressions: fc.tuple(
      fc.record({ key: fc.constant(LABEL), operator: fc.constant('In'), values: some(LABELS, 2) }),
    ),
  }),
);
const built = fc
  .constantFrom('view', 'edit')
  .map((level) => ({ matchLabels: { [`${RBAC}/aggregate-to-${level}`]: 'true' } }));
const aggregation = fc.record({
  clusterRoleSelectors: fc.array(fc.oneof({ arbitrary: selector, weight: 4 }, built), { minLength: 1, maxLength: 2 }),
});

const account = fc.record({
  kind: fc.constant('ServiceAccount' as const),
  namespace: fc.constantFrom(...NAMESPACES),
  name: fc.constantFrom(...ACCOUNTS),
});
const user = fc.record({ kind: fc.constant('User' as const), name: fc.constantFrom(...USERS) });
const group = (names: readonly string[]) =>
  fc.record({ kind: fc.constant('Group' as const), name: fc.constantFrom(...names) });

const subjectOf = (namespaced: boolean): fc.Arbitrary<JsonObject> =>
  fc.oneof(
    { arbitrary: account, weight: 5 },
    // Of a role binding's own namespace.
    { arbitrary: namespaced ? account.map(({ kind, name }) => ({ kind, name })) : account, weight: 2 },
    { arbitrary: user, weight: 4 },
    { arbitrary: group(GROUPS.slice(0, 4)), weight: 3 },
    { arbitrary: group(GROUPS), weight: 1 },
  );

function named(kind: string, index: number, namespace: string, body: object): JsonObject {
  const { labels: own = {}, ...rest } = body as { labels?: object };
  const metadata = { name: `${kind.toLowerCase()}-${index}`, labels: own, ...(namespace === '' ? {} : { namespace }) };
  return { apiVersion: `${RBAC}/v1`, kind, metadata, ...rest } as JsonObject;
}
const CLUSTER_ROLES = 24;
const ROLES = 5;
/** Roles that exist, and one that does not. */
const clusterRoleName = fc.oneof(
  { arbitrary: fc.nat(CLUSTER_ROLES).map((index) => `clusterrole-${index}`), weight: 8 },
  { arbitrary: fc.constantFrom(...BUILT_IN.slice(0, 2), ...BUILT_IN.slice(4)), weight: 2 },
);
const roleName = fc.nat(ROLES).map((index) => `role-${index}`);
const bindingOf = (namespaced: boolean) =>
  fc.record({
    roleRef: fc
      .oneof(
        fc.record({
          kind: fc.constant(namespaced ? 'Role' : 'ClusterRole'),
          name: namespaced ? roleName : clusterRoleName,
        }),
        fc.record({ kind: fc.constant('ClusterRole'), name: clusterRoleName }),
      )
      .map((reference) => ({ apiGroup: RBAC, ...reference })),
    subjects: fc.array(subjectOf(namespaced), { maxLength: 3 }),
  });

/**
 * Roles, cluster roles and bindings of all shapes: aggregated, in circles too, to roles that are not there, to built-in
 * ones, with wildcards in every place that takes one and in some that do not.
 */
export const randomEstate: fc.Arbitrary<JsonObject[]> = fc
  .record({
    offering: list(fc.record({ labels, rules: clusterRules }), CLUSTER_ROLES - 11),
    aggregating: list(fc.record({ labels, rules: fc.constant([]), aggregationRule: aggregation }), 8),
    overwritten: list(fc.record({ rules, aggregationRule: aggregation }), 3),
    roles: fc.tuple(...NAMESPACES.map(() => list(fc.record({ rules }), ROLES))),
    bindings: fc.tuple(...NAMESPACES.map(() => list(bindingOf(true), 10))),
    clusterBindings: list(bindingOf(false), 14),
  })
  .map(({ offering, aggregating, overwritten, roles, bindings, clusterBindings }) => [
    ...[...offering, ...aggregating, ...overwritten].map((body, index) => named('ClusterRole', index, '', body)),
    ...inNamespaces('Role', roles),
    ...inNamespaces('RoleBinding', bindings),
    ...clusterBindings.map((body, index) => named('ClusterRoleBinding', index, '', body)),
  ]);

function list<T>(arbitrary: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> {
  return fc.array(arbitrary, { minLength: length, maxLength: length });
}

const inNamespaces = (kind: string, bodies: readonly object[][]): JsonObject[] =>
  bodies.flatMap((own, place) => own.map((body, index) => named(kind, index, NAMESPACES[place]!, body)));
