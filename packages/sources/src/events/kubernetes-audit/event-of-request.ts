import type { RuntimeEvent } from '@breakwater/model';
import { parseAuditEvent } from '../../audit/parse-audit-event.ts';
import { cleanLabels, cleanName, cleanText, fieldsOf, type JsonFields, listOf } from '../json-fields.ts';
import { type ApiRequest, notableRequest } from './notable-requests.ts';
import { podIn } from './pod-objects.ts';

const MOST_GROUPS = 32;
const MOST_ADDRESSES = 8;
const POD_NAME = 'authentication.kubernetes.io/pod-name';
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):/;

/**
 * What one event of an audit log tells; undefined where it says not who asked for what. Of a request that goes on for
 * long, as commands in pods do, begin and end tell the same: they give equal events.
 */
export function eventOfRequest(json: JsonFields): RuntimeEvent | 'not notable' | undefined {
  const parsed = parseAuditEvent(json);
  if (parsed === undefined) return undefined;
  if (parsed === 'told elsewhere') return 'not notable';
  const object = fieldsOf(json['objectRef']);
  const body = fieldsOf(json['requestObject']);
  const request: ApiRequest = {
    user: parsed.user,
    groups: parsed.groups.slice(0, MOST_GROUPS),
    ...(parsed.impersonator && { impersonator: parsed.impersonator.user }),
    verb: parsed.verb,
    resource: parsed.resource?.resource ?? '',
    group: parsed.resource?.group ?? '',
    namespace: parsed.resource?.namespace ?? '',
    name: nameOf(object, body, json),
    ...(parsed.path !== undefined && { path: parsed.path }),
    allowed: parsed.allowed,
    body,
  };
  const notable = notableRequest(request);
  if (notable === undefined) return 'not notable';
  const command = commandOf(request, cleanText(json['requestURI']) ?? '');
  const { group: _, body: __, namespace, name, ...asked } = request;
  const { what, ...alert } = notable;
  const pod = podOf(request, json);
  return {
    source: 'kubernetes-audit',
    time: parsed.time,
    type: 'request',
    ...(pod && { pod }),
    ...(command.container !== undefined && { container: { name: command.container } }),
    request: {
      ...asked,
      ...(namespace !== '' && { namespace }),
      ...(name !== '' && { name }),
      from: listOf(json['sourceIPs'])
        .slice(0, MOST_ADDRESSES)
        .flatMap((address) => cleanName(address) ?? []),
      ...userAgentOf(json),
    },
    ...(!parsed.allowed && { failure: 'Forbidden' }),
    alert: { ...alert, message: messageOf(request, command.line, what) },
  };
}

function userAgentOf(json: JsonFields): { userAgent?: string } {
  const userAgent = cleanText(json['userAgent']);
  return userAgent === undefined ? {} : { userAgent };
}

/** The name of what was made stands in the answer where the API server chose it. */
function nameOf(object: JsonFields | undefined, body: JsonFields | undefined, json: JsonFields): string {
  const answered = fieldsOf(fieldsOf(json['responseObject'])?.['metadata']);
  const made = fieldsOf(body?.['metadata']);
  return cleanName(object?.['name']) ?? cleanName(answered?.['name']) ?? cleanName(made?.['name']) ?? '';
}

/** Command and container of `.../exec?command=sh&command=-c&container=web`. */
function commandOf({ resource }: ApiRequest, uri: string): { line: string; container?: string } {
  if (!resource.startsWith('pods/')) return { line: '' };
  const query = new URLSearchParams(uri.slice(uri.indexOf('?') + 1));
  const container = cleanName(query.get('container'));
  return { line: query.getAll('command').join(' '), ...(container !== undefined && { container }) };
}

/** The pod that it is about; of other requests the pod whose identity asked. */
function podOf({ resource, namespace, name, body }: ApiRequest, json: JsonFields): RuntimeEvent['pod'] {
  const labels = cleanLabels(fieldsOf(body?.['metadata'])?.['labels']);
  if (/^pods(?:\/|$)/.test(resource)) return namespace && name ? { namespace, name, labels } : undefined;
  const made = body && podIn(resource, body);
  if (made !== undefined && namespace !== '' && name !== '') {
    const workloadKind = cleanName(body?.['kind']);
    return { namespace, name, labels, workload: name, ...(workloadKind !== undefined && { workloadKind }) };
  }
  const user = fieldsOf(json['user']);
  const actor = cleanName(listOf(fieldsOf(user?.['extra'])?.[POD_NAME])[0]);
  const home = SERVICE_ACCOUNT.exec(cleanName(user?.['username']) ?? '')?.[1];
  return actor !== undefined && home !== undefined ? { namespace: home, name: actor, labels: {} } : undefined;
}

function messageOf(request: ApiRequest, command: string, what: string): string {
  const { user, impersonator, verb, resource, namespace, name, path, allowed } = request;
  const who = impersonator === undefined ? user : `${impersonator} as ${user}`;
  const where = [namespace, name].filter(Boolean).join('/');
  const asked = path ?? `${resource}${where === '' ? '' : ` ${where}`}`;
  const ran = command === '' ? '' : `: ${command}`;
  return (
    cleanText(`${who}: ${verb} ${asked}${what === '' ? '' : ` (${what})`}${ran}${allowed ? '' : ', refused'}`) ?? ''
  );
}
