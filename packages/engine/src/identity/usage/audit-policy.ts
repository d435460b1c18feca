import type { JsonObject } from '@breakwater/model';
import { fieldOf, listOf, objectsOf, textOf, textsOf } from '../../json/index.ts';
import { impliedGroups } from '../subjects.ts';
import type { Identity } from '../types.ts';

/** A permission in words of a request: empty fields stand for any. */
export interface LoggedQuestion {
  verb: string;
  group: string;
  resource: string;
  namespace: string;
  path: string;
}

/** Who asks. */
type Asking = Pick<Identity, 'kind' | 'namespace' | 'name'>;

/** Whether requests would be in the log. */
export type Logged = 'yes' | 'no' | 'unknown';

/** Tells whether requests that a permission allows would be in the log. */
export type IsLogged = (asking: Asking, question: LoggedQuestion) => Logged;

/**
 * Reads what audit policies log, by the rules of Kubernetes' policy checker: the first rule that matches a request decides,
 * and without one nothing is logged. A rule that matches only some of the requests that a permission allows (by a name, a
 * namespace, a group that is not known) leaves it unknown. Without a policy everything is unknown.
 */
export function loggedBy(policies: readonly JsonObject[]): IsLogged {
  const rules = policies.map((policy) => objectsOf(fieldOf(policy, 'rules')));
  return (asking, question) => {
    const answers = new Set(rules.map((own) => decide(own, asking, question)));
    return answers.size === 1 ? [...answers][0]! : 'unknown';
  };
}

function decide(rules: readonly JsonObject[], asking: Asking, question: LoggedQuestion): Logged {
  for (const rule of rules) {
    const found = matches(rule, asking, question);
    if (found === 'maybe') return 'unknown';
    if (found) return textOf(fieldOf(rule, 'level')) === 'None' ? 'no' : 'yes';
  }
  return 'no';
}

/** Whether a rule matches every request of a permission, none of them, or some. */
function matches(rule: JsonObject, asking: Asking, question: LoggedQuestion): boolean | 'maybe' {
  const parts = [
    byUser(textsOf(fieldOf(rule, 'users')), asking),
    byGroup(textsOf(fieldOf(rule, 'userGroups')), asking),
    some(textsOf(fieldOf(rule, 'verbs')), question.verb),
    question.path === '' ? byResource(rule, question) : byPath(rule, question.path),
  ];
  if (parts.includes(false)) return false;
  return parts.includes('maybe') ? 'maybe' : true;
}

function byUser(users: readonly string[], { kind, namespace, name }: Asking): boolean | 'maybe' {
  if (users.length === 0) return true;
  if (kind === 'Group') return 'maybe';
  return users.includes(kind === 'ServiceAccount' ? `system:serviceaccount:${namespace}:${name}` : name);
}

/** Of service accounts all groups are known; people may be in any. */
function byGroup(groups: readonly string[], asking: Asking): boolean | 'maybe' {
  if (groups.length === 0) return true;
  const own = [...impliedGroups(asking), ...(asking.kind === 'Group' ? [asking.name] : [])];
  if (groups.some((group) => own.includes(group))) return true;
  return asking.kind === 'ServiceAccount' ? false : 'maybe';
}

/** No list means all; a wildcard that is asked for is more than a list. */
function some(list: readonly string[], wanted: string): boolean | 'maybe' {
  if (list.length === 0) return true;
  return wanted === '*' || wanted === '' ? 'maybe' : list.includes(wanted);
}

function byPath(rule: JsonObject, path: string): boolean | 'maybe' {
  const urls = textsOf(fieldOf(rule, 'nonResourceURLs'));
  if (urls.length === 0)
    return listOf(fieldOf(rule, 'resources')).length === 0 && textsOf(fieldOf(rule, 'namespaces')).length === 0;
  if (urls.some((url) => url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)))))
    return true;
  return path.endsWith('*') ? 'maybe' : false;
}

function byResource(rule: JsonObject, { group, resource, namespace }: LoggedQuestion): boolean | 'maybe' {
  const resources = objectsOf(fieldOf(rule, 'resources'));
  if (resources.length === 0 && textsOf(fieldOf(rule, 'nonResourceURLs')).length > 0) return false;
  const place = some(textsOf(fieldOf(rule, 'namespaces')), namespace);
  if (place === false || resources.length === 0) return place;
  const found = resources.map((each) => byGroupResource(each, group, resource));
  if (found.includes(true)) return place;
  return found.includes('maybe') ? 'maybe' : false;
}

function byGroupResource(wanted: JsonObject, group: string, resource: string): boolean | 'maybe' {
  const own = textOf(fieldOf(wanted, 'group')) ?? '';
  if (group === '*' || resource === '*') return 'maybe';
  if (own !== group) return false;
  const resources = textsOf(fieldOf(wanted, 'resources'));
  const [parent = '', sub] = resource.split('/');
  const named = resources.some(
    (each) => each === '*' || each === resource || each === `${parent}/*` || (sub !== undefined && each === `*/${sub}`),
  );
  if (resources.length > 0 && !named) return false;
  return textsOf(fieldOf(wanted, 'resourceNames')).length === 0 ? true : 'maybe';
}
