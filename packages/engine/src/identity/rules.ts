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

/** Whether a rule allows a request for something that is no resource, such as `/metrics` (`NonResourceURLMatches`). */
export function ruleAllowsPath(rule: PermissionRule, verb: string, path: string): boolean {
  return holds(rule.verbs, verb) && rule.nonResourceUrls.some((url) => pathMatches(url, path));
}

// Only a star at the end stands for anything, several stars for the same.
function pathMatches(url: string, path: string): boolean {
  if (url === '*' || url === path) return true;
  return url.endsWith('*') && path.startsWith(url.replace(/(?<!\*)\*+$/, ''));
}

/** Verbs whose requests carry no name, so that a rule with `resourceNames` allows them for nobody. */
const nameless: ReadonlySet<string> = new Set(['create', 'deletecollection']);

/**
 * The names for which a rule allows a verb on a resource: empty list for all, undefined for none. Creating and deleting
 * together name nothing, so a rule with `resourceNames` allows neither; it allows `list` and `watch` to a request that
 * selects one of its names. What is created below something, as `pods/exec`, has that one's name.
 */
export function namesAllowed(
  rule: PermissionRule,
  verb: string,
  group: string,
  resource: string,
): readonly string[] | undefined {
  const { resourceNames } = rule;
  if (resourceNames.length > 0 && nameless.has(verb) && !resource.includes('/')) return undefined;
  const allowed = ruleAllows(rule, { verb, group, resource, name: resourceNames[0] ?? '' });
  return allowed ? resourceNames : undefined;
}

/** Whether rules allow a request, or one for a path, for objects of every name. */
export function mayForAll(rules: readonly PermissionRule[], request: ApiRequest & { path: string }): boolean {
  return rules.some((rule) =>
    request.path === ''
      ? rule.resourceNames.length === 0 && ruleAllows(rule, { ...request, name: '' })
      : ruleAllowsPath(rule, request.verb, request.path),
  );
}
