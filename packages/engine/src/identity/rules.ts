import type { PermissionRule } from './types.ts';

/** What somebody asks of the API server. */
export interface ApiRequest {
  verb: string;
  /** Empty for the core group. */
  group: string;
  /** With its subresource: `pods/exec`. */
  resource: string;
  /** Empty for requests that name nothing: list, create. */
  name: string;
}

/** A rule for resources, every field filled in. */
export function permissionRule(
  apiGroups: string[],
  resources: string[],
  verbs: string[],
  resourceNames: string[] = [],
): PermissionRule {
  return { apiGroups, resources, verbs, resourceNames, nonResourceUrls: [] };
}

/** Whether a rule allows a request, as Kubernetes' RBAC authorizer decides it (`RuleAllows`). */
export function ruleAllows(rule: PermissionRule, request: ApiRequest): boolean {
  return (
    holds(rule.verbs, request.verb) &&
    holds(rule.apiGroups, request.group) &&
    resourceMatches(rule.resources, request.resource) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(request.name))
  );
}

function holds(list: readonly string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}

// `*` is every resource and subresource; `*` before a slash is that subresource of every resource; `pods` is not `pods/exec`.
function resourceMatches(resources: readonly string[], resource: string): boolean {
  if (holds(resources, resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && resources.includes(`*${resource.slice(slash)}`);
}

/**
 * The names for which a rule allows a verb on a resource: empty list for all, undefined for none. Creating and listing
 * name nothing, so a rule with `resourceNames` allows them for nobody: `create` always, `list`, `watch` and
 * `deletecollection` unless the request selects that one name.
 */
export function namesAllowed(
  rule: PermissionRule,
  verb: string,
  group: string,
  resource: string,
): readonly string[] | undefined {
  const { resourceNames } = rule;
  if (resourceNames.length > 0 && verb === 'create' && !resource.includes('/')) return undefined;
  const allowed = ruleAllows(rule, { verb, group, resource, name: resourceNames[0] ?? '' });
  return allowed ? resourceNames : undefined;
}
