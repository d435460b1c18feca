import type { KyvernoMatch, KyvernoResourceDescription, KyvernoResourceFilter } from '@breakwater/model/foreign';
import { recordOf, textsOf } from '../../loose-values.ts';
import type { JudgedRequest, Requester } from '../judged-request.ts';
import { allLabels, selects } from '../labels.ts';
import { type Answer, allOf, anyOf, not } from '../three-valued.ts';
import { hasWildcard, matchesWildcard } from '../wildcard.ts';
import { kindMatches } from './kinds.ts';

/** Whether a rule has anything to say about a request; unknown where a label of the namespace decides and is not known. */
export function ruleMatches(
  match: KyvernoMatch,
  exclude: KyvernoMatch | null | undefined,
  request: JudgedRequest,
): Answer {
  const included = blockMatches(match, (filter) => isIncluded(filter, request));
  if (included === false || !exclude) return included;
  return allOf([included, not(blockMatches(exclude, (filter) => isExcluded(filter, request)))], (answer) => answer);
}

/** Whether what an exception is about is this request: it says so in the same words as a rule. */
export const exceptionMatches = (match: KyvernoMatch, request: JudgedRequest): Answer =>
  blockMatches(match, (filter) => isExcluded(filter, request));

function blockMatches({ any, all, ...filter }: KyvernoMatch, test: (filter: KyvernoResourceFilter) => Answer): Answer {
  if (any && any.length > 0) return anyOf(any, test);
  if (all && all.length > 0) return allOf(all, test);
  return test(filter);
}

const isEmpty = (value: object | null | undefined): boolean =>
  !value ||
  Object.values(value).every(
    (field) => field === null || field === undefined || (Array.isArray(field) && field.length === 0),
  );

/** Who asks is known of admission requests only: elsewhere a match does not look at it, as in Kyverno's own scans. */
function isIncluded({ resources, ...who }: KyvernoResourceFilter, request: JudgedRequest): Answer {
  const asker = request.requester === undefined || isEmpty(who) ? undefined : request.requester;
  if (isEmpty(resources) && asker === undefined) return false;
  if (asker !== undefined && !isAsked(who, asker)) return false;
  return describes(resources ?? {}, request);
}

function isExcluded({ resources, ...who }: KyvernoResourceFilter, request: JudgedRequest): Answer {
  if (isEmpty(resources) && isEmpty(who)) return false;
  if (!isEmpty(who) && (request.requester === undefined || !isAsked(who, request.requester))) return false;
  return describes(resources ?? {}, request);
}

function isAsked(
  { roles, clusterRoles, subjects }: Omit<KyvernoResourceFilter, 'resources'>,
  asker: Requester,
): boolean {
  const holds = (wanted: readonly string[] | null | undefined, held: readonly string[]): boolean =>
    !wanted || wanted.length === 0 || wanted.some((role) => held.some((one) => matchesWildcard(role, one)));
  if (!holds(roles, asker.roles) || !holds(clusterRoles, asker.clusterRoles)) return false;
  return !subjects || subjects.length === 0 || subjects.some((subject) => isSubject(subject, asker));
}

type Subject = NonNullable<KyvernoResourceFilter['subjects']>[number];

function isSubject({ kind, name, namespace }: Subject, { username, groups }: Requester): boolean {
  if (kind === 'Group') return groups.some((group) => matchesWildcard(name, group));
  const user = kind === 'ServiceAccount' ? `system:serviceaccount:${namespace ?? ''}:${name}` : name;
  return matchesWildcard(user, username);
}

function describes(description: KyvernoResourceDescription, request: JudgedRequest): Answer {
  const { kinds, name, names, namespaces, operations, annotations, selector, namespaceSelector } = description;
  const { target, namespace } = request;
  if (kinds && kinds.length > 0 && !kinds.some((kind) => kindMatches(kind, request))) return false;
  if (name && !matchesWildcard(name, request.name)) return false;
  if (names && names.length > 0 && !names.some((one) => matchesWildcard(one, request.name))) return false;
  if (namespaces && namespaces.length > 0 && !namespaces.some((one) => matchesWildcard(one, namespace))) return false;
  if (operations && operations.length > 0 && !operations.some((one) => one === '*' || one === request.operation)) {
    return false;
  }
  const metadata = recordOf(target['metadata']);
  if (annotations && !hasAnnotations(annotations, textsOf(metadata['annotations']))) return false;
  if (selector && selects(selector, allLabels(textsOf(metadata['labels'])), true) !== true) return false;
  if (!namespaceSelector || request.kind === 'Namespace') return true;
  return selects(namespaceSelector, request.namespaceLabels, true);
}

const hasAnnotations = (wanted: Readonly<Record<string, string>>, there: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([key, value]) => {
    if (!hasWildcard(key)) return Object.hasOwn(there, key) && matchesWildcard(value, there[key] as string);
    return Object.entries(there).some(([name, text]) => matchesWildcard(key, name) && matchesWildcard(value, text));
  });
