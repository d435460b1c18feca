import { hostname } from 'node:os';
import { openContainment, tellResponse } from '@breakwater/app/containment';
import { type IncidentPorts, readIncident } from '@breakwater/app/incidents';
import type { JournalEntry, RespondContext } from '@breakwater/app/respond';
import type { Containment, Incident } from '@breakwater/model';
import { EXIT, type Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { bold, dim, plain, red } from '../terminal/style.ts';
import { outputWidth, wrapColumns } from '../terminal/table.ts';
import { writeJson } from '../terminal/write-json.ts';
import { openEstateStore } from '../up/open-estate-store.ts';

/** The whole id of an incident of the store, of which the beginning may have been typed. @throws {UserError} where there is none */
export const incidentNamed = async (state: string, id: string): Promise<string> =>
  await withIncidents(state, async ({ incidents }) => (await readIncident(incidents, id)).id);

/** What can be done about an incident, each looked at and not done. */
export async function showContainment(
  invocation: Invocation,
  id: string,
  open: (inCluster: boolean, cluster: string | undefined) => Promise<RespondContext & { close(): void }>,
): Promise<number> {
  return await withIncidents(invocation.state, async (incidents) => {
    const incident = await readIncident(incidents.incidents, id);
    const ports = { incidents, open, host: hostname(), who: () => '' };
    const plan = await openContainment(ports).plan(incident.id);
    if (outputOption(invocation, ['table', 'json']) === 'json') writeJson({ incident: incident.id, ...plan });
    else process.stdout.write(`${linesOf(incident, plan).join('\n')}\n`);
    return EXIT.passed;
  });
}

/**
 * Writes what was done, or taken back, into the story of its incident. What was done is done: where it cannot be told
 * there, it is said, and nothing else comes of it.
 */
export async function tellIncident(
  state: string,
  entry: JournalEntry,
  journal: readonly JournalEntry[],
): Promise<void> {
  if (entry.incident === undefined) return;
  try {
    await withIncidents(state, async (ports) => await tellResponse(ports, entry, journal));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${red(`Incident ${entry.incident} could not be told of it: ${plain(why)}`)}\n`);
  }
}

async function withIncidents<T>(state: string, work: (ports: IncidentPorts) => Promise<T>): Promise<T> {
  const store = await openEstateStore(state);
  try {
    return await work({ incidents: store.incidents, now: Date.now });
  } finally {
    await store.close();
  }
}

function linesOf({ id, title, status }: Incident, { options, unavailable }: Containment): string[] {
  const width = outputWidth();
  const possible = options.flatMap(({ id: what, steps, effects, reversible, refusals, needsSecondPerson }) => {
    const notes = [
      ...effects,
      ...(reversible ? [] : ['It cannot be taken back.']),
      ...(needsSecondPerson ? ['A second person has to agree.'] : []),
    ];
    const rows = [
      ...steps.map((step) => ['  would', plain(step)]),
      ...notes.map((note) => [dim('  note'), plain(note)]),
      ...refusals.map((refusal) => [red('  refused'), plain(refusal)]),
    ];
    return [bold(plain(what)), ...wrapColumns(rows, width), ''];
  });
  const not = unavailable.flatMap(({ id: what, reason }) => [
    dim(plain(what)),
    ...wrapColumns([[dim('  not here'), plain(reason)]], width),
    '',
  ]);
  const first = options.find(({ refusals }) => refusals.length === 0)?.id;
  const next =
    first === undefined
      ? 'Nothing of it can be done from here.'
      : `Nothing was done. To do one: breakwater respond ${plain(first)} --incident ${id} --execute --reason TEXT`;
  return [`${plain(title)} (${status})`, '', ...possible, ...not, dim(next)];
}
