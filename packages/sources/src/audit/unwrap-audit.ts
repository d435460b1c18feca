import { fieldsOf, type JsonFields, listOf } from '../events/json-fields.ts';
import { auditOfGoogle, isGoogleEntry } from './google-entry.ts';
import { isAudit, type Unwrapped } from './parse-audit-event.ts';

/** A value inside a value inside a value: no cloud wraps deeper. */
const DEEPEST = 4;

/**
 * The audit events that a value holds: itself, the items of a list, or what a cloud has wrapped.
 *
 * - EKS: CloudWatch's `events[].message` (filter-log-events), `logEvents[].message` (subscriptions), `@message` (Insights
 *   and its `results[][]` of field and value). Other components write plain text into the same log, which is passed over.
 * - AKS: Azure Monitor's `records[].properties.log`, `log_s`, and rows of the tables AKSAudit and AKSAuditAdmin.
 * - GKE: Cloud Logging's `protoPayload` of the service k8s.io; entries of other services are passed over.
 *
 * Undefined where the value is nothing of this.
 */
export function unwrapAudit(value: unknown, depth = 0): Unwrapped[] | undefined {
  const json = fieldsOf(value);
  if (json === undefined || depth > DEEPEST) return undefined;
  if (isAudit(json)) return json['kind'] === 'EventList' ? itemsOf(json) : [{ event: json }];
  if (isGoogleEntry(json)) return auditOfGoogle(json);
  const inner = innerOf(json);
  if (inner === undefined) return typeof json['AuditId'] === 'string' ? rowOfTable(json) : undefined;
  const found = inner.map((each) => (typeof each === 'string' ? messageOf(each, depth) : unwrapAudit(each, depth + 1)));
  return found.every((each) => each === undefined) ? undefined : found.flatMap((each) => each ?? []);
}

/** An item that is no event of an audit log is broken: nothing else belongs into such a list. */
const itemsOf = (json: JsonFields): Unwrapped[] =>
  listOf(json['items']).map((item) => {
    const event = fieldsOf(item);
    return event !== undefined && isAudit(event) ? { event } : { problem: 'it is no event of an audit log' };
  });

/** What a wrapping of CloudWatch or Azure Monitor holds: messages as texts, or wrappings. */
function innerOf(json: JsonFields): readonly unknown[] | undefined {
  if (Array.isArray(json['logEvents'])) return json['logEvents'];
  if (Array.isArray(json['events'])) return json['events'];
  if (Array.isArray(json['records'])) return json['records'];
  if (Array.isArray(json['results'])) return listOf(json['results']).map(rowOfInsights);
  const properties = textOrFields(json['properties']);
  const message = json['@message'] ?? fieldsOf(properties)?.['log'] ?? json['log_s'] ?? json['message'];
  return message === undefined ? undefined : [message];
}

/** `[{field: '@message', value: '...'}, ...]`, as get-query-results answers. */
function rowOfInsights(row: unknown): unknown {
  return listOf(row)
    .map((cell) => fieldsOf(cell))
    .find((cell) => cell?.['field'] === '@message')?.['value'];
}

/** A message that is JSON is an event, or is broken; text belongs to another component. */
function messageOf(text: string, depth: number): Unwrapped[] | undefined {
  const start = text.trimStart();
  if (!start.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(start);
    return unwrapAudit(value, depth + 1);
  } catch {
    return start.includes('"auditID"') ? [{ problem: 'its message is cut or broken' }] : undefined;
  }
}

function textOrFields(value: unknown): unknown {
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** A row of AKSAudit: the same event under names of columns, its objects as such or as text. */
function rowOfTable(row: JsonFields): Unwrapped[] {
  const event: JsonFields = {
    auditID: row['AuditId'],
    verb: row['Verb'],
    stage: row['Stage'],
    requestURI: row['RequestUri'],
    requestReceivedTimestamp: row['RequestReceivedTime'] ?? row['TimeGenerated'],
    user: textOrFields(row['User']),
    impersonatedUser: textOrFields(row['ImpersonatedUser']),
    objectRef: textOrFields(row['ObjectRef']),
    responseStatus: textOrFields(row['ResponseStatus']),
    annotations: textOrFields(row['Annotations']),
  };
  return [isAudit(event) ? { event } : { problem: 'its row names no verb' }];
}
