import type { AuditEvent } from '@breakwater/model';
import { cleanText, fieldsOf, type JsonFields, listOf, timeOf } from '../events/json-fields.ts';

/** An audit event as an API server writes it, or why what stands in its place could not be taken out of its wrapping. */
export type Unwrapped = { event: JsonFields; groupsUnknown?: true } | { problem: string };

/** Most groups of one user that are kept. */
const MOST_GROUPS = 200;

/** The stages at which a request is told once: at its end, and for what goes on for long, when the answer began. */
const ENDS = new Set(['ResponseComplete', 'ResponseStarted', 'Panic']);

/** Verbs whose requests name nothing, though the log adds the name of what was made. */
const NAMELESS = new Set(['create', 'deletecollection']);

/** Whether this object is an event of an audit log, or a list of them: told by a few keys. */
export function isAudit(json: JsonFields): boolean {
  if (typeof json['auditID'] === 'string') return typeof json['verb'] === 'string';
  const { kind, apiVersion } = json;
  return kind === 'EventList' && typeof apiVersion === 'string' && apiVersion.startsWith('audit.k8s.io/');
}

/** What an event says of a permission that was used; undefined for a stage that another event tells again. */
export function parseAuditEvent(json: JsonFields): AuditEvent | 'told elsewhere' | undefined {
  const stage = json['stage'];
  if (typeof stage === 'string' && !ENDS.has(stage)) return 'told elsewhere';
  const time = timeOf(json['requestReceivedTimestamp']) ?? timeOf(json['stageTimestamp']) ?? timeOf(json['timestamp']);
  const verb = wordOf(json['verb']);
  const asked = userOf(json['user']);
  if (time === undefined || verb === undefined || asked === undefined) return undefined;
  const acting = userOf(json['impersonatedUser']);
  const what = whatOf(json, verb);
  if (what === undefined) return undefined;
  const decision = fieldsOf(json['annotations'])?.['authorization.k8s.io/decision'];
  const code = fieldsOf(json['responseStatus'])?.['code'];
  return {
    time,
    ...(acting ?? asked),
    ...(acting === undefined ? {} : { impersonator: asked }),
    verb,
    ...what,
    allowed: decision === undefined ? code !== 403 && code !== 401 : decision === 'allow',
  };
}

function userOf(value: unknown): { user: string; groups: string[] } | undefined {
  const fields = fieldsOf(value);
  const user = cleanText(fields?.['username']);
  if (user === undefined) return undefined;
  const groups = listOf(fields?.['groups']).slice(0, MOST_GROUPS);
  return { user, groups: groups.flatMap((group) => cleanText(group) ?? []) };
}

function whatOf(json: JsonFields, verb: string): Pick<AuditEvent, 'resource' | 'path'> | undefined {
  const object = fieldsOf(json['objectRef']);
  const resource = wordOf(object?.['resource']);
  if (object === undefined || resource === undefined) {
    const path = cleanText(json['requestURI'])?.split('?')[0];
    return path?.startsWith('/') ? { path } : undefined;
  }
  const subresource = wordOf(object['subresource']);
  const named = subresource !== undefined || !NAMELESS.has(verb);
  return {
    resource: {
      group: wordOf(object['apiGroup']) ?? '',
      resource: subresource === undefined ? resource : `${resource}/${subresource}`,
      namespace: wordOf(object['namespace']) ?? '',
      name: named ? (cleanText(object['name']) ?? '') : '',
    },
  };
}

const wordOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[A-Za-z0-9._:/-]{1,253}$/.test(value) ? value : undefined;
