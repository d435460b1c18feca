import type { ForeignMatchResources, ForeignResourceRule } from '@breakwater/model/foreign';
import { isRecord, textsOf } from '../../loose-values.ts';
import type { JudgedRequest } from '../judged-request.ts';
import { allLabels, selects } from '../labels.ts';
import { type Answer, allOf, anyOf } from '../three-valued.ts';

/** Groups in which one and the same resource is served, beside its own. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  deployments: ['apps', 'extensions'],
  daemonsets: ['apps', 'extensions'],
  replicasets: ['apps', 'extensions'],
  ingresses: ['networking.k8s.io', 'extensions'],
  networkpolicies: ['networking.k8s.io', 'extensions'],
  podsecuritypolicies: ['policy', 'extensions'],
  events: ['', 'events.k8s.io'],
};

const has = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value);

/** Whether a rule is about the request. `equivalent` lets other versions of the same resource count. */
export function ruleMatches(rule: ForeignResourceRule, request: JudgedRequest, equivalent: boolean): boolean {
  const { group, version, operation, name, namespace, kind } = request;
  if (!has(rule.operations, operation) || !namesResource(rule.resources, request)) return false;
  if (rule.resourceNames && rule.resourceNames.length > 0 && !rule.resourceNames.includes(name)) return false;
  const isInside = namespace !== '' && kind !== 'Namespace';
  if (rule.scope && rule.scope !== '*' && (rule.scope === 'Namespaced') !== isInside) return false;
  if (has(rule.apiGroups, group) && (equivalent || has(rule.apiVersions, version))) return true;
  const others = Object.hasOwn(SAME, request.resource) ? (SAME[request.resource] ?? []) : [];
  return equivalent && others.includes(group) && others.some((other) => rule.apiGroups.includes(other));
}

/** `pods`, `pods/exec`, `pods/` with an asterisk or `*`: without a slash, subresources are not meant. */
function namesResource(resources: readonly string[], { resource, subresource }: JudgedRequest): boolean {
  return resources.some((written) => {
    const slash = written.indexOf('/');
    const main = slash < 0 ? written : written.slice(0, slash);
    const sub = slash < 0 ? '' : written.slice(slash + 1);
    if (main !== '*' && main !== resource) return false;
    return sub === '*' || sub === subresource;
  });
}

/** Whether match criteria let a policy or a binding apply; unknown where labels of the namespace decide and are not known. */
export function matchesResources(
  match: ForeignMatchResources | null | undefined,
  request: JudgedRequest,
  defaultPolicy: 'Exact' | 'Equivalent' = 'Equivalent',
): Answer {
  if (!match) return true;
  const equivalent = (match.matchPolicy ?? defaultPolicy) === 'Equivalent';
  const matches = (rule: ForeignResourceRule): boolean => ruleMatches(rule, request, equivalent);
  if (match.excludeResourceRules?.some(matches)) return false;
  if (match.resourceRules && match.resourceRules.length > 0 && !match.resourceRules.some(matches)) return false;
  return allOf([objectSelected, namespaceSelected], (test) => test(match, request));
}

function objectSelected({ objectSelector }: ForeignMatchResources, { object, oldObject }: JudgedRequest): Answer {
  if (!objectSelector) return true;
  return anyOf([object, oldObject], (candidate) => {
    if (candidate === null) return false;
    if (!isRecord(candidate) || '$missing' in candidate) return undefined;
    const metadata = isRecord(candidate['metadata']) ? candidate['metadata'] : {};
    return selects(objectSelector, allLabels(textsOf(metadata['labels'])));
  });
}

/** Objects outside of namespaces are never left out by a selector of namespaces. */
function namespaceSelected({ namespaceSelector }: ForeignMatchResources, request: JudgedRequest): Answer {
  if (!namespaceSelector || request.namespace === '') return true;
  return selects(namespaceSelector, request.namespaceLabels);
}
