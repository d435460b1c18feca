import { retryUntil } from '../retry-until.ts';
import type { Cluster } from '../start-cluster.ts';
import type { Question, Subject } from './random-question.ts';

/** What the API server's SubjectAccessReview answers, for a user with groups as they are given. */
export async function reviewAccess(cluster: Cluster, question: Question, groups: readonly string[]): Promise<boolean> {
  const spec = { user: userName(question.subject), groups: [...groups], ...attributesOf(question) };
  return ask(cluster, 'subjectaccessreviews', spec);
}

/** What it answers to somebody who asks for himself: it is the API server then that says in which groups he is. */
export async function reviewOwnAccess(cluster: Cluster, question: Question): Promise<boolean> {
  return ask(cluster, 'selfsubjectaccessreviews', attributesOf(question), { user: userName(question.subject) });
}

async function ask(cluster: Cluster, resource: string, spec: object, options?: { user: string }): Promise<boolean> {
  const path = `/apis/authorization.k8s.io/v1/${resource}`;
  const { status, body } = await cluster.request('POST', path, { spec }, options);
  if (status !== 201) throw new Error(`${resource} answered ${status}: ${JSON.stringify(body)}`);
  return body.status.allowed === true;
}

const userName = ({ kind, namespace, name }: Subject): string =>
  kind === 'Group' ? '' : kind === 'ServiceAccount' ? `system:serviceaccount:${namespace}:${name}` : name;

function attributesOf(question: Question): object {
  if ('path' in question) return { nonResourceAttributes: { path: question.path, verb: question.verb } };
  const { verb, group, namespace, name } = question;
  const [resource, subresource = ''] = question.resource.split('/');
  return { resourceAttributes: { verb, group, resource, subresource, namespace, name } };
}

/** Waits until the controller of aggregation and the authorizer have seen everything that was made before this call. */
export async function waitForRoles(cluster: Cluster): Promise<void> {
  const last = { 'tests.breakwater.dev/last': 'true' };
  const metadata = (name: string, labels: object = {}) => ({ metadata: { name, labels } });
  const rules = [{ apiGroups: ['example.org'], resources: ['last'], verbs: ['get'] }];
  const [roles, bindings] = ['clusterroles', 'clusterrolebindings'].map(
    (kind) => `/apis/rbac.authorization.k8s.io/v1/${kind}`,
  );
  await cluster.request('POST', roles!, { ...metadata('last-offering', last), rules });
  const aggregationRule = { clusterRoleSelectors: [{ matchLabels: last }] };
  await cluster.request('POST', roles!, { ...metadata('last-aggregating'), rules: [], aggregationRule });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'last-aggregating' };
  await cluster.request('POST', bindings!, {
    ...metadata('last'),
    roleRef,
    subjects: [{ kind: 'User', name: 'last' }],
  });
  const subject = { kind: 'User' as const, namespace: '', name: 'last' };
  const question = { subject, verb: 'get', group: 'example.org', resource: 'last', namespace: '', name: '' };
  await retryUntil('the last role', () => reviewAccess(cluster, question, []), { timeout: 90_000 });
  let seen = '';
  let times = 0;
  await retryUntil(
    'roles at rest',
    async () => {
      const { body } = await cluster.request('GET', roles!);
      times = body.metadata.resourceVersion !== '' && seen === versionsOf(body.items) ? times + 1 : 0;
      seen = versionsOf(body.items);
      return times >= 4;
    },
    { timeout: 60_000, interval: 400 },
  );
}

const versionsOf = (items: { metadata: { resourceVersion: string } }[]): string =>
  items.map(({ metadata }) => metadata.resourceVersion).join();
