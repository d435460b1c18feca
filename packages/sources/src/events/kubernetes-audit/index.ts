import { isAudit } from '../../audit/parse-audit-event.ts';
import type { EventSource } from '../event-source.ts';
import { fieldsOf, type JsonFields, listOf } from '../json-fields.ts';
import { eventOfRequest } from './event-of-request.ts';

/** Most events of one list: API servers send 400 at once, and ten times that where somebody turned it up. */
const MOST_ITEMS = 20_000;

/**
 * Requests to an API server, of its audit log or as its webhook backend sends them (`EventList`). Those that matter at
 * run time become events: commands run in pods, secrets read, pods that are given the node, rights given away.
 * Everything else that was asked is no event, and nothing that could not be read either.
 */
export const kubernetesAudit: EventSource = {
  name: 'kubernetes-audit',
  recognises: isAudit,
  parse: (json) =>
    itemsOf(json).flatMap((item) => {
      const event = eventOfRequest(item);
      return event === undefined || event === 'not notable' ? [] : [event];
    }),
  isWhole: (json) => itemsOf(json).every((item) => eventOfRequest(item) !== undefined),
};

/** What a list holds, or the one event itself. */
function itemsOf(json: JsonFields): JsonFields[] {
  if (json['kind'] !== 'EventList') return [json];
  return listOf(json['items'])
    .slice(0, MOST_ITEMS)
    .map((item) => fieldsOf(item) ?? {});
}
