import { fieldsOf, type JsonFields, listOf } from '../events/json-fields.ts';
import type { Unwrapped } from './parse-audit-event.ts';

const VERSION = /^v\d+((alpha|beta)\d+)?$/;

/** Codes of gRPC for what was refused. */
const [PERMISSION_DENIED, UNAUTHENTICATED] = [7, 16];

/** Whether this is an entry of Google's Cloud Logging that holds an audit log of any service. */
export function isGoogleEntry(json: JsonFields): boolean {
  return typeof fieldsOf(json['protoPayload'])?.['serviceName'] === 'string';
}

/**
 * The audit event behind an entry of Cloud Logging: GKE does not give it out as the API server wrote it. Empty for other
 * services, and for the end of what is told at its beginning too (watches). Groups are not in it: those that Kubernetes
 * gives by itself are filled in, of others nothing is known.
 */
export function auditOfGoogle(entry: JsonFields): Unwrapped[] {
  const payload = fieldsOf(entry['protoPayload'])!;
  const operation = fieldsOf(entry['operation']);
  if (payload['serviceName'] !== 'k8s.io') return [];
  if (operation?.['last'] === true && operation['first'] !== true) return [];
  const verb = textOf(payload['methodName']).split('.').at(-1) ?? '';
  const who = fieldsOf(payload['authenticationInfo']);
  const username = textOf(who?.['principalEmail']);
  if (verb === '' || username === '') return [{ problem: 'it says not who asked for what' }];
  const acting = textOf(who?.['authoritySelector']);
  const event: JsonFields = {
    auditID: textOf(entry['insertId']),
    verb,
    requestReceivedTimestamp: entry['timestamp'] ?? entry['receiveTimestamp'],
    user: { username, groups: givenGroups(username) },
    ...(acting === '' ? {} : { impersonatedUser: { username: acting, groups: givenGroups(acting) } }),
    ...whatOf(textOf(payload['methodName']), textOf(payload['resourceName'])),
    annotations: { 'authorization.k8s.io/decision': isAllowed(entry, payload) ? 'allow' : 'forbid' },
  };
  return [{ event, groupsUnknown: true }];
}

/**
 * `core/v1/namespaces/shop/pods/web/exec` with `io.k8s.core.v1.pods.exec.create`: the name says where, the method what.
 * Without a version in the method it is a path.
 */
function whatOf(method: string, name: string): JsonFields {
  const words = method.split('.');
  const version = words.findLastIndex((word) => VERSION.test(word));
  const [resource, ...subresource] = words.slice(version + 1, -1);
  if (version === -1 || resource === undefined) return { requestURI: `/${name}` };
  const [group = '', , ...rest] = name.split('/');
  const isInside = rest[0] === 'namespaces' && resource !== 'namespaces';
  const [, object] = isInside ? rest.slice(2) : rest;
  return {
    objectRef: {
      apiGroup: group === 'core' ? '' : group,
      resource,
      ...(subresource.length === 0 ? {} : { subresource: subresource.join('/') }),
      ...(isInside ? { namespace: rest[1] } : {}),
      ...(object === undefined ? {} : { name: object }),
    },
  };
}

function isAllowed(entry: JsonFields, payload: JsonFields): boolean {
  const decision = fieldsOf(entry['labels'])?.['authorization.k8s.io/decision'];
  if (typeof decision === 'string') return decision === 'allow';
  const code = fieldsOf(payload['status'])?.['code'];
  if (code === PERMISSION_DENIED || code === UNAUTHENTICATED) return false;
  return listOf(payload['authorizationInfo']).every((each) => fieldsOf(each)?.['granted'] !== false);
}

/** Groups that Kubernetes puts everybody into by his name. */
function givenGroups(username: string): string[] {
  if (username === 'system:anonymous') return ['system:unauthenticated'];
  const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(username) ?? [];
  const accounts = namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return [...accounts, 'system:authenticated'];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
