import type { RuntimeEvent } from '@breakwater/model';
import { cleanName, fieldsOf, type JsonFields, listOf } from '../json-fields.ts';
import { nodeAccess, podIn } from './pod-objects.ts';

/** A request with what it takes to judge it. */
export type ApiRequest = Pick<
  NonNullable<RuntimeEvent['request']>,
  'user' | 'groups' | 'impersonator' | 'verb' | 'resource' | 'path' | 'allowed'
> & {
  group: string;
  /** Empty for what is in none. */
  namespace: string;
  /** Empty where none is known. */
  name: string;
  /** What was sent, where the audit policy has it logged. */
  body: JsonFields | undefined;
};

/** Why a request matters: `what` says it of this one. */
export interface NotableRequest {
  rule: string;
  priority: string;
  tags: string[];
  what: string;
}

/** Says of a request what matters about it, empty where that is all; undefined where the rule does not speak of it. */
type Test = (request: ApiRequest) => string | undefined;

/** Kubernetes' own parts: they carry out what others wanted, and read what they need. */
const SYSTEM = /^system:(?:node:|kube-|apiserver|serviceaccount:kube-system:)/;
const READS: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const CHANGES: ReadonlySet<string> = new Set(['create', 'update', 'patch']);
const ROLES: ReadonlySet<string> = new Set(['roles', 'clusterroles']);
const BINDINGS: ReadonlySet<string> = new Set(['rolebindings', 'clusterrolebindings']);
const WEBHOOKS: ReadonlySet<string> = new Set(['validatingwebhookconfigurations', 'mutatingwebhookconfigurations']);
const PUBLIC_PATHS = /^\/(?:healthz|livez|readyz|version)(?:\/|$)/;
const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);
const WRITES: ReadonlySet<string> = new Set(['*', 'create', 'update', 'patch', 'delete', 'deletecollection']);

const bySystem = ({ user }: ApiRequest): boolean => SYSTEM.test(user);
const when = (holds: boolean, what = ''): string | undefined => (holds ? what : undefined);

/** The first rule that speaks of a request counts: the worst stand first. Techniques are those of MITRE ATT&CK. */
const RULES: readonly (Omit<NotableRequest, 'what'> & { test: Test })[] = [
  rule('Bound to cluster-admin', 'Error', ['T1098.006'], (asked) =>
    when(
      BINDINGS.has(asked.resource) && CHANGES.has(asked.verb) && roleBound(asked) === 'cluster-admin',
      boundTo(asked),
    ),
  ),
  rule('Anonymous request allowed', 'Warning', ['T1190'], (asked) =>
    when(asked.user === 'system:anonymous' && asked.allowed && !PUBLIC_PATHS.test(asked.path ?? '')),
  ),
  rule('Pod with access to its node made', 'Warning', ['T1610', 'T1611'], (asked) => {
    const pod = CHANGES.has(asked.verb) && asked.body ? podIn(asked.resource, asked.body) : undefined;
    const access = pod ? nodeAccess(pod) : [];
    return when(access.length > 0, access.join(', '));
  }),
  rule('Command run in a pod', 'Notice', ['T1609'], ({ resource }) => when(resource === 'pods/exec')),
  rule('Attached to a pod', 'Notice', ['T1609'], ({ resource }) => when(resource === 'pods/attach')),
  rule('Port of a pod forwarded', 'Notice', ['T1572'], ({ resource }) => when(resource === 'pods/portforward')),
  rule('Debug container added to a pod', 'Notice', ['T1609'], ({ resource, verb }) =>
    when(resource === 'pods/ephemeralcontainers' && CHANGES.has(verb)),
  ),
  rule("Node's kubelet reached through the API server", 'Warning', ['T1609'], (asked) =>
    when(asked.resource === 'nodes/proxy' && !bySystem(asked)),
  ),
  rule('Role with wildcards made', 'Warning', ['T1098.006'], (asked) => ofRole(asked, wildcardsIn)),
  rule('Role that runs commands in pods made', 'Warning', ['T1098.006'], (asked) => ofRole(asked, execIn)),
  rule('Role of the system changed', 'Warning', ['T1098.006'], (asked) =>
    when(
      ROLES.has(asked.resource) &&
        /^(?:update|patch|delete)$/.test(asked.verb) &&
        /^system:/.test(asked.name) &&
        !bySystem(asked),
    ),
  ),
  rule('Role that changes objects made', 'Notice', ['T1098.006'], (asked) => ofRole(asked, writesIn)),
  rule('Secret read', 'Warning', ['T1552.007'], (asked) =>
    when(
      asked.resource === 'secrets' && READS.has(asked.verb) && !bySystem(asked) && asked.namespace === '',
      'of all namespaces',
    ),
  ),
  rule('Secret read', 'Notice', ['T1552.007'], (asked) =>
    when(asked.resource === 'secrets' && READS.has(asked.verb) && !bySystem(asked)),
  ),
  rule('Token of a service account made', 'Notice', ['T1528'], (asked) =>
    when(asked.resource === 'serviceaccounts/token' && asked.verb === 'create' && !bySystem(asked)),
  ),
  rule('Service account made in a namespace of the system', 'Warning', ['T1136'], (asked) =>
    when(
      asked.resource === 'serviceaccounts' &&
        asked.verb === 'create' &&
        SYSTEM_NAMESPACES.has(asked.namespace) &&
        !bySystem(asked),
    ),
  ),
  rule('Certificate approved', 'Notice', ['T1078'], (asked) =>
    when(asked.resource === 'certificatesigningrequests/approval' && !bySystem(asked)),
  ),
  rule('Admission webhook deleted', 'Warning', ['T1562.001'], (asked) =>
    when(WEBHOOKS.has(asked.resource) && /^delete/.test(asked.verb) && !bySystem(asked)),
  ),
  rule('Events deleted', 'Warning', ['T1070'], (asked) =>
    when(asked.resource === 'events' && /^delete/.test(asked.verb) && !bySystem(asked)),
  ),
  rule('Acted as somebody else', 'Notice', ['T1078'], ({ impersonator }) => when(impersonator !== undefined)),
];

/** What matters about a request; undefined for one that is everyday business. */
export function notableRequest(request: ApiRequest): NotableRequest | undefined {
  for (const { test, ...about } of RULES) {
    const what = test(request);
    if (what !== undefined) return { ...about, what };
  }
  return undefined;
}

function rule(name: string, priority: string, tags: string[], test: Test) {
  return { rule: name, priority, tags, test };
}

const roleBound = ({ body }: ApiRequest): string | undefined => cleanName(fieldsOf(body?.['roleRef'])?.['name']);

function boundTo({ body }: ApiRequest): string {
  const names = listOf(body?.['subjects'])
    .slice(0, 8)
    .map((subject) => cleanName(fieldsOf(subject)?.['name']));
  return names.filter((name) => name !== undefined).join(', ');
}

/** What one of a role's rules holds, for requests of people that make or change roles. */
function ofRole(asked: ApiRequest, find: (given: RoleRule) => string | undefined): string | undefined {
  if (!ROLES.has(asked.resource) || !CHANGES.has(asked.verb) || bySystem(asked)) return undefined;
  for (const given of listOf(asked.body?.['rules']).slice(0, 1_000)) {
    const found = find(ruleOf(fieldsOf(given)));
    if (found !== undefined) return found;
  }
  return undefined;
}

interface RoleRule {
  verbs: string[];
  resources: string[];
}

const ruleOf = (json: JsonFields | undefined): RoleRule => ({
  verbs: listOf(json?.['verbs']).flatMap((verb) => cleanName(verb) ?? []),
  resources: listOf(json?.['resources']).flatMap((resource) => cleanName(resource) ?? []),
});

const wildcardsIn = ({ verbs, resources }: RoleRule): string | undefined =>
  when(verbs.includes('*') || resources.includes('*'), `${verbs.join(', ')} on ${resources.join(', ') || 'paths'}`);

const execIn = ({ verbs, resources }: RoleRule): string | undefined =>
  when(resources.includes('pods/exec') && verbs.some((verb) => verb === 'create' || verb === 'get'));

const writesIn = ({ verbs, resources }: RoleRule): string | undefined =>
  when(
    verbs.some((verb) => WRITES.has(verb)),
    `${verbs.join(', ')} on ${resources.join(', ') || 'paths'}`,
  );
