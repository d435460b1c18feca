import { type Json, UserError } from '@breakwater/model';
import type { ResponsePlan, ResponsePorts } from '@breakwater/outputs/responses';
import type { ResponseJournal } from './journal.ts';
import type { JournalEntry, ResponseRequest } from './journal-entry.ts';
import { type Planned, planResponse, responseNamed } from './plan-response.ts';
import type { RespondSettings } from './settings.ts';

/** Steps after which what was done stands, as far as anybody knows. */
export const STANDS: ReadonlySet<JournalEntry['step']> = new Set(['done', 'undoing', 'undo-failed']);

/** What responses are done with. */
export interface RespondContext {
  ports: ResponsePorts;
  settings: RespondSettings;
  journal: ResponseJournal;
  /** A name for a new response, never given before. */
  newId(): string;
}

/**
 * Does a response, or writes it down until somebody else agrees. What is about to be done is in the journal before it is
 * done: whatever happens then, it is known that it was begun.
 * @throws {UserError} `response-refused` where protections or limits say no
 */
export async function requestResponse(request: ResponseRequest, context: RespondContext): Promise<JournalEntry> {
  return await context.journal.alone(async () => {
    const { ports, settings, journal } = context;
    const planned = await planResponse(request, ports, settings, journal.entries());
    refuse(planned);
    const asked = entryOf(context, { ...request, id: context.newId(), plan: planned.plan, step: 'asked' });
    if (!planned.needsSecondPerson) return await execute(asked, planned, context);
    return add(journal, { ...asked, said: ['Waits for a second person.'] });
  });
}

/** Agrees to what another asked for, and does it: what was planned, and only if the target is still that. */
export async function approveResponse(
  id: string,
  { who, reason }: Pick<ResponseRequest, 'who' | 'reason'>,
  context: RespondContext,
): Promise<JournalEntry> {
  return await context.journal.alone(async () => {
    const { ports, settings, journal } = context;
    const entries = journal.entries();
    const asked = lastOf(entries, id);
    if (asked.step !== 'asked')
      throw new UserError(`Response ${id} is ${asked.step} already.`, { code: 'response-over' });
    if (asked.who === who) {
      throw new UserError(`${who} asked for ${id}: somebody else has to agree.`, { code: 'second-person-missing' });
    }
    if (ports.now().getTime() - Date.parse(asked.time) > settings.waits * 60_000) {
      throw new UserError(`Response ${id} waited for more than ${settings.waits} minutes: ask again.`, {
        code: 'response-over',
      });
    }
    const planned = await planResponse(asked, ports, settings, entries);
    refuse(planned);
    const agreed = { ...asked, who, reason: `${reason} (asked by ${asked.who}: ${asked.reason})`, time: timeOf(ports) };
    return await execute(agreed, { ...planned, plan: asked.plan as ResponsePlan }, context);
  });
}

/** Takes back what a response did; again, where that was begun before and did not succeed. What is tried is written down first. */
export async function undoResponse(
  id: string,
  { who, reason }: Pick<ResponseRequest, 'who' | 'reason'>,
  { ports, journal }: RespondContext,
): Promise<JournalEntry> {
  return await journal.alone(async () => {
    const done = lastOf(journal.entries(), id);
    const { undo } = responseNamed(done.response);
    if (!STANDS.has(done.step) || done.undo === undefined || undo === undefined) {
      throw new UserError(`Response ${id} (${done.response}, ${done.step}) cannot be undone.`, {
        code: 'nothing-to-undo',
      });
    }
    const own = { ...done, who, reason };
    add(journal, { ...own, step: 'undoing', time: timeOf(ports), said: [] });
    try {
      const said = await undo(done.undo, ports);
      const { undo: _, ...rest } = own;
      return add(journal, { ...rest, step: 'undone', time: timeOf(ports), said });
    } catch (error) {
      add(journal, { ...own, time: timeOf(ports), step: 'undo-failed', said: [messageOf(error)] });
      throw error;
    }
  });
}

function refuse({ refusals }: Planned): void {
  if (refusals.length > 0) throw new UserError(refusals.join(' '), { code: 'response-refused' });
}

async function execute(
  asked: JournalEntry,
  { kind, plan }: Planned,
  { ports, journal }: RespondContext,
): Promise<JournalEntry> {
  add(journal, { ...asked, step: 'begun' });
  try {
    const { done, undo } = await kind.execute(asked.config, plan, ports);
    const entry = { ...asked, time: timeOf(ports), step: 'done' as const, said: done };
    return add(journal, undo === undefined ? entry : { ...entry, undo });
  } catch (error) {
    add(journal, { ...asked, time: timeOf(ports), step: 'failed', said: [messageOf(error)] });
    throw error;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type Fields = ResponseRequest & Pick<JournalEntry, 'id' | 'plan' | 'step'>;

const entryOf = (
  { ports }: RespondContext,
  { id, response, config, who, reason, incident, plan, step }: Fields,
): JournalEntry => ({
  id,
  time: timeOf(ports),
  step,
  who,
  reason,
  ...(incident !== undefined && { incident }),
  response,
  config: JSON.parse(JSON.stringify(config)) as Record<string, Json>,
  plan,
  said: [],
  before: '',
});

const timeOf = ({ now }: ResponsePorts): string => now().toISOString();

function add(journal: ResponseJournal, { before: _, ...entry }: JournalEntry): JournalEntry {
  journal.add(entry);
  return { ...entry, before: '' };
}

function lastOf(entries: readonly JournalEntry[], id: string): JournalEntry {
  const last = entries.findLast((entry) => entry.id === id);
  if (last !== undefined) return last;
  throw new UserError(`There is no response ${id}.`, { code: 'response-unknown', hint: 'breakwater respond list' });
}
