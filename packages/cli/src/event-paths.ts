import { UserError } from '@breakwater/model';
import type { Invocation } from './command.ts';

/** Files of events, and all else that is named: what tells of their containers. @throws {UserError} where no file is */
export async function sortPaths({
  positionals,
  signal,
}: Pick<Invocation, 'positionals' | 'signal'>): Promise<{ events: string[]; estate: string[] }> {
  const { recogniseInputs } = await import('@breakwater/sources/inputs');
  const inputs = await recogniseInputs(positionals, signal);
  const events = [...inputs.events, ...inputs.audits];
  if (events.length === 0) {
    throw new UserError('There are no events to judge among what is named.', {
      code: 'events-missing',
      hint: 'Name a file of events: breakwater sensor --output json > events.jsonl writes one.',
    });
  }
  const { resolve } = await import('node:path');
  const named = new Set(events.map((path) => resolve(path)));
  return { events, estate: positionals.filter((path) => !named.has(resolve(path))) };
}
