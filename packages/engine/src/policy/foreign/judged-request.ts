import type { JsonObject } from '@breakwater/model';
import { resourceOf, splitApiVersion } from '../../inventory/resource-names.ts';
import { CelUnknown } from '../cel/index.ts';
import type { Facts, PolicySubject } from '../facts/facts.ts';
import { fieldOf, isRecord, listOf, recordOf, textOf, textsOf } from '../loose-values.ts';
import { allLabels, type KnownLabels } from './labels.ts';
import { lookupIn, type ObjectLookup } from './object-lookup.ts';

/** Who asks, as far as it is known. */
export interface Requester {
  username: string;
  groups: readonly string[];
  roles: readonly string[];
  clusterRoles: readonly string[];
}

/**
 * What is judged, as an admission request would show it. What is no request (a manifest, an object that runs) counts as
 * the creation of the object, by nobody we know.
 */
export interface JudgedRequest {
  operation: string;
  group: string;
  version: string;
  kind: string;
  resource: string;
  subresource: string;
  /** Empty for what is outside of namespaces. */
  namespace: string;
  name: string;
  /** Null where the request brings none, as a DELETE does. */
  object: JsonObject | null;
  /** Null where there is none; what it is on an UPDATE may be unknown. */
  oldObject: JsonObject | null | CelUnknown;
  /** The object, or on a DELETE what is deleted: what selectors and names are held against. */
  target: JsonObject;
  /** The namespace's object, null outside of namespaces; of one that is not in view only the name is known. */
  namespaceObject: unknown;
  namespaceLabels: KnownLabels;
  requester: Requester | undefined;
  /** The request in the shape that ValidatingAdmissionPolicy gives it. */
  request: Readonly<Record<string, unknown>>;
  find: ObjectLookup;
}

/** Where a Kubernetes object keeps the name that every namespace carries as a label. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

interface Known {
  companions: readonly JsonObject[];
  request: JudgedRequest | undefined;
}

/** Undefined for what is no object of Kubernetes, such as an image. Worked out once for all policies of one set. */
export function judgedRequest(
  facts: Facts,
  subject: PolicySubject,
  companions: readonly JsonObject[],
): JudgedRequest | undefined {
  const known = facts.foreign as Known | undefined;
  if (known?.companions === companions) return known.request;
  const request = readRequest(facts, subject, companions);
  facts.foreign = { companions, request } satisfies Known;
  return request;
}

function readRequest(
  facts: Facts,
  subject: PolicySubject,
  companions: readonly JsonObject[],
): JudgedRequest | undefined {
  const given = isRecord(facts['request']) ? facts['request'] : undefined;
  const oldObject = oldObjectOf(facts, given);
  const target = facts.object ?? (isRecord(oldObject) ? (oldObject as JsonObject) : undefined);
  if (target === undefined) return undefined;
  const metadata = recordOf(target['metadata']);
  const kind = textOf(fieldOf(given?.['kind'], 'kind')) || textOf(target['kind']);
  const { group, version } =
    given?.['kind'] === undefined ? splitApiVersion(textOf(target['apiVersion'])) : gvkOf(given['kind']);
  const resource = textOf(fieldOf(given?.['resource'], 'resource')) || resourceOf(kind);
  const namespace = textOf(metadata['namespace']) || textOf(given?.['namespace']) || (subject.namespace ?? '');
  const name = textOf(metadata['name']) || textOf(given?.['name']) || textOf(metadata['generateName']);
  const find = lookupIn(companions, facts['estate']);
  const isNamespace = kind === 'Namespace' && group === '';
  const namespaceObject = isNamespace ? null : namespaceOf(facts, namespace, find);
  const seen = {
    operation: textOf(given?.['operation']) || 'CREATE',
    group,
    version,
    kind,
    resource,
    subresource: textOf(given?.['subResource']),
    namespace: isNamespace ? name : namespace,
    name,
  };
  const object = facts.object ? asServed(facts.object, kind, namespace) : null;
  return {
    ...seen,
    object,
    oldObject,
    target: object ?? target,
    namespaceObject,
    namespaceLabels: isNamespace ? labelsOf(target) : labelsOfNamespace(namespaceObject),
    requester: requesterOf(given?.['userInfo']),
    request: given ?? assumedRequest(seen),
    find,
  };
}

/** As an API server shows it: in its namespace, and roles with rules even where they have none. */
function asServed(object: JsonObject, kind: string, namespace: string): JsonObject {
  const isRole = kind === 'Role' || kind === 'ClusterRole';
  const isServed = isRole && textOf(object['apiVersion']).startsWith('rbac.authorization.k8s.io/');
  const served = isServed && object['rules'] === undefined ? { ...object, rules: null } : object;
  const { metadata } = object;
  const isInside =
    namespace !== '' && kind !== 'Namespace' && isRecord(metadata) && metadata['namespace'] === undefined;
  return isInside ? { ...served, metadata: { ...metadata, namespace } as JsonObject } : served;
}

const gvkOf = (value: unknown): { group: string; version: string } => ({
  group: textOf(fieldOf(value, 'group')),
  version: textOf(fieldOf(value, 'version')),
});

function oldObjectOf(facts: Facts, request: Record<string, unknown> | undefined): JudgedRequest['oldObject'] {
  const given = facts['oldObject'];
  if (isRecord(given)) return given as JsonObject;
  const isKnown =
    given === null || request === undefined || ['CREATE', 'CONNECT'].includes(textOf(request['operation']));
  return isKnown ? null : new CelUnknown(['oldObject']);
}

const labelsOf = (object: unknown): KnownLabels => allLabels(textsOf(fieldOf(fieldOf(object, 'metadata'), 'labels')));

function labelsOfNamespace(namespace: unknown): KnownLabels {
  if (namespace === null) return allLabels({});
  const metadata = fieldOf(namespace, 'metadata');
  const name = textOf(fieldOf(metadata, 'name'));
  const labels = fieldOf(metadata, 'labels');
  const named: Record<string, string> = name === '' ? {} : { [NAME_LABEL]: name };
  if (labels instanceof CelUnknown || metadata === undefined) return { labels: named, complete: false };
  return allLabels({ ...named, ...textsOf(labels) });
}

function namespaceOf(facts: Facts, name: string, find: ObjectLookup): unknown {
  const given = facts['namespaceObject'];
  if (given !== undefined) return given;
  if (name === '') return null;
  const [found] = find({ apiVersion: 'v1', kind: 'Namespace', name }) ?? [];
  if (found !== undefined) return found;
  const unknown = (field: string): CelUnknown => new CelUnknown([`namespaceObject.metadata.${field}`]);
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: unknown('labels'), annotations: unknown('annotations') },
  };
}

function requesterOf(userInfo: unknown): Requester | undefined {
  if (!isRecord(userInfo) || userInfo instanceof CelUnknown) return undefined;
  const texts = (field: string): string[] => listOf(userInfo[field]).filter((item) => typeof item === 'string');
  return {
    username: textOf(userInfo['username']),
    groups: texts('groups'),
    roles: texts('roles'),
    clusterRoles: texts('clusterRoles'),
  };
}

type Seen = Pick<
  JudgedRequest,
  'operation' | 'group' | 'version' | 'kind' | 'resource' | 'subresource' | 'namespace' | 'name'
>;

const assumedRequest = ({ operation, group, version, kind, resource, subresource, namespace, name }: Seen) => ({
  uid: new CelUnknown(['request.uid']),
  kind: { group, version, kind },
  resource: { group, version, resource },
  subResource: subresource,
  requestKind: { group, version, kind },
  requestResource: { group, version, resource },
  requestSubResource: subresource,
  name,
  namespace,
  operation,
  userInfo: new CelUnknown(['request.userInfo']),
  dryRun: false,
  options: new CelUnknown(['request.options']),
});

/** What expressions of Kubernetes are told about a request: the names that ValidatingAdmissionPolicy gives them. */
export function admissionFacts(
  { object, oldObject, request, namespaceObject }: JudgedRequest,
  authorizer: unknown,
  params: unknown,
): Readonly<Record<string, unknown>> {
  return { object, oldObject, request, namespaceObject, authorizer, params };
}
