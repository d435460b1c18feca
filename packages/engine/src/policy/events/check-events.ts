import type { Policy } from '@breakwater/model';
import { EVENT_TYPES } from '@breakwater/model/event-types';
import type { Report } from '../policy-expression.ts';

/** What a case of a policy on events is judged on: events in their order, of which any may be the one it is about. */
export const HISTORY = 'events';

/** Kinds of events that a policy may be about: use of resources is measured, and nothing that somebody did. */
const EVENT_KINDS: ReadonlySet<string> = new Set(EVENT_TYPES.filter((type) => type !== 'resource' && type !== 'watch'));

/** What is at fault in a policy on events as a whole. */
export function checkEvents({ spec: { match } }: Policy, facts: ReadonlySet<string>, report: Report): void {
  if (match.events === undefined) {
    const fact = ['event', 'process'].find((name) => facts.has(name));
    if (fact !== undefined) report(['spec', 'match'], `it asks for ${fact}, and match.events names no kind of event`);
    return;
  }
  for (const [index, kind] of match.events.entries()) {
    if (!EVENT_KINDS.has(kind)) report(['spec', 'match', 'events', index], `there is no kind of event named ${kind}`);
  }
}
