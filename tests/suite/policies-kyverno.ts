import { evaluatePolicies, loadPolicies, type PolicySubject } from '@breakwater/engine/policy';
import { compileForeignPolicies } from '@breakwater/engine/policy/foreign';
import type { JsonObject, PolicyResult } from '@breakwater/model';
import type { ForeignDocument } from '@breakwater/model/foreign';
import { builtInPolicies, readForeign } from '@breakwater/sources/policies';
import type { Suite } from './suite.ts';

const NOW = '2026-01-01T00:00:00Z';

type Result = 'pass' | 'fail' | 'skip' | 'unknown';

/** One line of the answer. */
interface Row {
  policy: string;
  rule?: string;
  kind: string;
  resource: string;
  result: Result;
}

const ours = loadPolicies(builtInPolicies().policies).all;

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What the source's test gives the engine beside policies and objects. */
interface Surroundings {
  /** Objects that policies look up, namespaces among them. */
  objects: JsonObject[];
  images: Record<string, unknown>;
  namespaces: Map<string, JsonObject>;
  userInfo: Record<string, unknown>;
  values: Record<string, unknown>;
}

function surroundingsOf(variables: unknown, context: unknown, userinfo: unknown): Surroundings {
  const spec = record(record(context)['spec']);
  const given = list(record(variables)['namespaces']) as JsonObject[];
  const selected = list(record(variables)['namespaceSelector']).map((item): JsonObject => {
    const { name, labels } = record(item);
    return {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: text(name), labels: record(labels) as JsonObject },
    };
  });
  const images = list(spec['images']).map((image) => [text(record(image)['image']), image] as const);
  const info = record(userinfo);
  return {
    objects: list(spec['resources']) as JsonObject[],
    images: Object.fromEntries(images),
    namespaces: new Map([...given, ...selected].map((object) => [text(record(object['metadata'])['name']), object])),
    userInfo: { ...record(info['userInfo']), roles: list(info['roles']), clusterRoles: list(info['clusterRoles']) },
    values: record(variables),
  };
}

/** `request.operation: UPDATE` as fields inside one another. */
function nested(values: Record<string, unknown>): Record<string, unknown> {
  const whole: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(values)) {
    const steps = path.split('.');
    let current = whole;
    for (const step of steps.slice(0, -1)) {
      current[step] = record(current[step]);
      current = current[step] as Record<string, unknown>;
    }
    current[steps.at(-1) as string] = value;
  }
  return whole;
}

/** Values that the test sets for a policy, for all objects, one of them, or a rule. */
function valuesFor({ values }: Surroundings, policy: string, resource: string): Record<string, unknown> {
  const own = list(values['policies'])
    .map(record)
    .filter(({ name }) => name === policy);
  const named = own.flatMap((item) => list(item['resources']).map(record)).filter(({ name }) => name === resource);
  const rules = own.flatMap((item) => list(item['rules']).map(record));
  return Object.assign(
    {},
    record(values['globalValues']),
    ...rules.map((rule) => record(rule['values'])),
    ...named.map((item) => record(item['values'])),
  );
}

function subjectOf(object: JsonObject, policy: string, around: Surroundings): PolicySubject {
  const metadata = record(object['metadata']);
  const name = text(metadata['name']);
  const [group, version] = splitApiVersion(text(object['apiVersion']));
  const namespace = text(metadata['namespace']) || 'default';
  const values = nested(valuesFor(around, policy, name));
  const request = {
    operation: 'CREATE',
    kind: { group, version, kind: text(object['kind']) },
    name,
    namespace,
    userInfo: around.userInfo,
    ...record(values['request']),
  };
  const known = around.namespaces.get(namespace);
  const namespaceObject = known ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  const oldObject = request.operation === 'CREATE' ? null : object;
  const isDeleted = request.operation === 'DELETE';
  return {
    id: name,
    ...(isDeleted ? {} : { object }),
    namespace,
    facts: { request, oldObject, namespaceObject, imageMetadata: around.images, kyvernoContext: values },
  };
}

const splitApiVersion = (apiVersion: string): [group: string, version: string] => {
  const [group = '', version] = apiVersion.split('/');
  return version === undefined ? ['', group] : [group, version];
};

/** What the worst of several results says; an exception in the policy's language stands for a skip. */
function resultOf(results: readonly PolicyResult[]): Result {
  const counted = results.filter(({ exception }) => exception === undefined);
  if (counted.length === 0) return 'skip';
  return (
    (['fail', 'unknown', 'pass'] as const).find((verdict) => counted.some((one) => one.verdict === verdict)) ?? 'skip'
  );
}

function rowsOf(document: ForeignDocument & { language: string }, object: JsonObject, results: PolicyResult[]): Row[] {
  const metadata = record(object['metadata']);
  const namespace = text(metadata['namespace']) || 'default';
  const { name: policy } = (document.document as { metadata: { name: string } }).metadata;
  const common = { policy, kind: text(object['kind']), resource: `${namespace}/${text(metadata['name'])}` };
  if (document.language !== 'kyverno-rules') return [{ ...common, result: resultOf(results) }];
  const rules = (document.document as { spec: { rules: { name: string }[] } }).spec.rules;
  return rules.map(({ name: rule }) => ({
    ...common,
    rule,
    result: resultOf(results.filter(({ element }) => element === rule)),
  }));
}

function judge(policies: unknown[], resources: JsonObject[], around: Surroundings): Row[] {
  const read = { foreign: [] as ForeignDocument[], unknowns: [] as { message: string }[] };
  for (const policy of policies) readForeign(policy, { source: 'policies' }, read as never);
  const companions = around.objects.map(
    (document): ForeignDocument => ({
      language: 'object',
      kind: text(document['kind']),
      document,
      place: { source: 'context' },
    }),
  );
  const rows: Row[] = [];
  for (const document of read.foreign) {
    if (document.language === 'object') continue;
    const compiled = compileForeignPolicies([document, ...companions], { ours });
    const [policy] = compiled.policies;
    if (policy === undefined) throw new Error(compiled.unknowns.map(({ message }) => message).join('; '));
    for (const object of resources) {
      const subject = subjectOf(object, policy.policy.metadata.name, around);
      rows.push(...rowsOf(document, object, evaluatePolicies([policy], subject, 'deploy', [], NOW)));
    }
  }
  if (read.foreign.length === 0) throw new Error(read.unknowns.map(({ message }) => message).join('; '));
  return rows;
}

/** Kyverno's own policies, evaluated as they are on the objects of their own tests. */
export const policiesKyvernoSuite: Suite = {
  name: 'policies-kyverno',
  reads: ['policies', 'resources', 'variables', 'context', 'userinfo'],
  answer({ policies, resources, variables, context, userinfo }) {
    if (!Array.isArray(policies) || !Array.isArray(resources)) return { unsupported: 'no policies and resources' };
    return { answer: { rows: judge(policies, resources, surroundingsOf(variables, context, userinfo)) } };
  },
};
