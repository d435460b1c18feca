import type { RuntimeEvent } from '@breakwater/model';
import { actorOf, deedOf, nameOf, shown } from './deeds.ts';
import type { IncidentSign } from './sign.ts';

/** Workloads behind an address that are named. */
const MOST_NAMED = 2;

/** What happened, in words that end like a sentence without its full stop. */
export function sentenceOf(sign: IncidentSign): string {
  const { event, kind } = sign;
  const expected = sign.expected === undefined ? '' : `, ${sign.expected}`;
  if (kind === 'alert') return `${alertWords(event)}${expected}`;
  if (kind === 'deviation') return `${capital(newDeed(sign))}${newness(sign)}${expected}`;
  if (kind === 'prevention') return preventionWords(event);
  if (sign.use !== undefined) return `The container uses more than usual: ${sign.use.reason}`;
  if (event.type === 'loss') return `${event.lost ?? 'Some'} events were lost: what happened then is not known`;
  return `${capital(event.alert === undefined ? wordsOf(event) : alertWords(event))}${leading(sign)}${expected}`;
}

/** Whom a connection leads to. */
function leading({ kind, leadsTo = [] }: IncidentSign): string {
  if (kind !== 'connection' || leadsTo.length === 0) return '';
  const more = leadsTo.length - MOST_NAMED;
  return `, which is ${leadsTo.slice(0, MOST_NAMED).join(' or ')}${more > 0 ? ` or one of ${more} more` : ''}`;
}

/** What a policy says, and what came of it. */
function alertWords(event: RuntimeEvent): string {
  const message = shown(event.alert?.message ?? '').replace(/\.$/, '');
  const words = message === '' || message === event.alert?.rule ? wordsOf(event) : message;
  return `${capital(words)}${outcome(event)}`;
}

/** What of an event is new: a start may be new for its user alone, and a file that is renamed is gone and made. */
function newDeed({ event, judgement }: IncidentSign): string {
  const { dimension, access } = judgement?.behaviour ?? {};
  if (event.type === 'exec' && dimension === 'privilege')
    return `${nameOf(event.process)} ran as user ${event.process?.uid ?? 'unknown'}`;
  const { file, type } = event;
  if (type !== 'change' || dimension !== 'open' || access === undefined || file?.from === undefined)
    return wordsOf(event);
  const path = access === 'delete' ? file.from : file.path;
  return `${actorOf(event)} ${deedOf({ ...event, type: 'open', file: { ...file, path, access } }).past}`;
}

const wordsOf = (event: RuntimeEvent): string => `${actorOf(event)} ${deedOf(event).past}`;

function outcome({ prevention }: RuntimeEvent): string {
  if (prevention === 'stopped') return ': stopped before it had an effect';
  if (prevention === 'killed') return ': killed after it was done';
  return '';
}

function preventionWords(event: RuntimeEvent): string {
  const who = actorOf(event);
  const { past, infinitive } = deedOf(event);
  const guards = event.guards === undefined || event.guards.length === 0 ? '' : ` (${event.guards.join(', ')})`;
  if (event.prevention === 'stopped') return `The sensor stopped ${who} before it could ${infinitive}${guards}`;
  if (event.prevention === 'killed') return `The sensor killed ${who} after it ${past}${guards}`;
  return `${capital(who)} ${past}, which the sensor would stop where it blocks${guards}`;
}

const NEVER = /^seen here 0 times in (.+?)\.?$/i;

/** `, which it never did in 41 hours of 6 replicas`: the first reason that was given, in the flow of the sentence. */
function newness({ judgement }: IncidentSign): string {
  const reasons = judgement?.reasons ?? [];
  const never = reasons.map((reason) => NEVER.exec(reason)?.[1]).find((span) => span !== undefined);
  if (never !== undefined) return `, which it never did in ${never}`;
  if (reasons.length === 1 && reasons[0] === 'it is not in its profile') return ', which is not in its profile';
  const [first] = reasons;
  return first === undefined ? ', which it never did before' : `: ${shown(first).replace(/\.$/, '')}`;
}

/** With a capital letter where that changes no name: programs are called as they are. */
function capital(text: string): string {
  return /^(?:a|an|the|it|something|somebody|nobody) /.test(text) ? text[0]?.toUpperCase() + text.slice(1) : text;
}
