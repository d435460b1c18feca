import type { JsonObject } from '@breakwater/model';
import fc from 'fast-check';
import { ACCOUNTS, API_GROUPS, GROUPS, NAMES, NAMESPACES, RESOURCES, USERS, VERBS } from './random-estate.ts';

/** Whoever may ask: what `userOf` takes. */
export interface Subject {
  kind: 'User' | 'Group' | 'ServiceAccount';
  namespace: string;
  name: string;
  /** Groups that whoever signed him in put him into, beside those of Kubernetes itself. */
  groups?: string[];
}

type Request =
  | { verb: string; group: string; resource: string; namespace: string; name: string }
  | { verb: string; path: string };

/** A question: who, what, which. */
export type Question = { subject: Subject } & Request;

const PATHS = ['/metrics', '/metrics/', '/metrics/slis', '/healthz', '/apis', '/apis/apps', '/debug/pprof', '/', '*'];
const namespace = fc.constantFrom('', ...NAMESPACES);

const anySubject: fc.Arbitrary<Subject> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('ServiceAccount' as const),
      namespace: fc.constantFrom(...NAMESPACES),
      name: fc.constantFrom(...ACCOUNTS),
    }),
    weight: 5,
  },
  { arbitrary: plain('User', USERS), weight: 4 },
  { arbitrary: plain('Group', ['ops', 'robot', 'system:unauthenticated']), weight: 2 },
  { arbitrary: plain('User', ['system:anonymous']), weight: 1 },
);

const anyRequest: fc.Arbitrary<Request> = fc.oneof(
  {
    arbitrary: fc.record({
      verb: fc.constantFrom(...VERBS),
      group: fc.constantFrom(...API_GROUPS),
      resource: fc.constantFrom(...RESOURCES, 'secrets', 'things', 'pods/*'),
      namespace,
      name: fc.constantFrom(...NAMES),
    }),
    weight: 6,
  },
  { arbitrary: fc.record({ verb: fc.constantFrom('get', 'post'), path: fc.constantFrom(...PATHS) }), weight: 1 },
);

/** Questions of anybody about anything, and as many of those that a binding names about what a rule speaks of. */
export function randomQuestion(objects: readonly JsonObject[]): fc.Arbitrary<Question> {
  const subjects = objects.flatMap(subjectsOf);
  const rules = objects.flatMap((object) => (object['rules'] ?? []) as Record<string, string[]>[]);
  const groups = fc.uniqueArray(fc.constantFrom(...GROUPS, 'system:masters', 'nobody'), { maxLength: 2 });
  const member = fc.record({ subject: anySubject, groups }).map((one) => ({ ...one.subject, groups: one.groups }));
  const subject = fc.oneof(anySubject, fc.constantFrom(...subjects), member);
  const request = fc.oneof(anyRequest, fc.constantFrom(...rules).chain(requestOf));
  return fc.record({ subject, request }).map((question) => ({ subject: question.subject, ...question.request }));
}

function subjectsOf(binding: JsonObject): Subject[] {
  const { namespace = '' } = binding['metadata'] as { namespace?: string };
  return ((binding['subjects'] ?? []) as unknown as Subject[]).map((subject) => ({
    ...subject,
    namespace: subject.kind === 'ServiceAccount' ? subject.namespace || namespace : '',
  }));
}

/** A request that a rule may allow, with any of ours where it has a wildcard. */
function requestOf(rule: Record<string, string[]>): fc.Arbitrary<Request> {
  const verb = oneOf(rule['verbs'], VERBS);
  const urls = rule['nonResourceURLs'];
  if (urls !== undefined) return fc.record({ verb, path: fc.constantFrom(...urls, ...PATHS) });
  return fc.record({
    verb,
    group: oneOf(rule['apiGroups'], API_GROUPS),
    resource: oneOf(rule['resources'], RESOURCES),
    namespace,
    name: fc.constantFrom(...(rule['resourceNames'] ?? NAMES)),
  });
}

const oneOf = (values: readonly string[] = [], others: readonly string[]): fc.Arbitrary<string> =>
  values.includes('*') ? fc.constantFrom(...others) : fc.constantFrom(...values);

function plain(kind: 'User' | 'Group', names: readonly string[]): fc.Arbitrary<Subject> {
  return fc.constantFrom(...names).map((name) => ({ kind, namespace: '', name }));
}
