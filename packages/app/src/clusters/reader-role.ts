import type { ChosenKind } from '@breakwater/sources/clusters';

/** A rule of RBAC. */
export interface RoleRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const VERBS = ['get', 'list', 'watch'];

/**
 * Rules that permit to read exactly these kinds, a rule a group. Secrets are left out: RBAC cannot permit their names
 * without their values, so that whoever wants them told as unused has to say so (`secretsRule`).
 */
export function readerRules(kinds: readonly Pick<ChosenKind, 'group' | 'resource'>[]): RoleRule[] {
  const wanted = kinds.filter(({ group, resource }) => !(group === '' && resource === 'secrets'));
  return [...Map.groupBy(wanted, ({ group }) => group)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, own]) => ({
      apiGroups: [group],
      resources: [...new Set(own.map(({ resource }) => resource))].sort(),
      verbs: VERBS,
    }));
}

/** The ClusterRole of a reader with these rules, as YAML. */
export function formatReaderRole(name: string, rules: readonly RoleRule[]): string {
  const lines = rules.flatMap(({ apiGroups, resources, verbs }) => [
    `- apiGroups: [${apiGroups.map((group) => JSON.stringify(group)).join(', ')}]`,
    '  resources:',
    ...resources.map((resource) => `  - ${resource}`),
    `  verbs: [${verbs.join(', ')}]`,
  ]);
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRole',
    'metadata:',
    `  name: ${name}`,
    '  labels:',
    '    app.kubernetes.io/name: breakwater',
    'rules:',
    ...lines,
    '',
  ].join('\n');
}
