import { userInfo } from 'node:os';
import {
  closeIncident,
  expectableOf,
  expectIncident,
  type IncidentPorts,
  listIncidents,
  readIncident,
} from '@breakwater/app/incidents';
import { ExpectIncident, IncidentQuery, UserError } from '@breakwater/model';
import type { EstateStore } from '@breakwater/store';
import type { Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { incidentLines, incidentRows } from '../terminal/print-incident.ts';
import { dim } from '../terminal/style.ts';
import { writeJson } from '../terminal/write-json.ts';
import { openEstateStore } from '../up/open-estate-store.ts';

/** What is done with incidents of the store; `id` is what was typed after the word. */
type Action = (store: EstateStore, invocation: Invocation, id: string) => Promise<void>;

const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);
const isJson = (invocation: Invocation): boolean => outputOption(invocation, ['text', 'json']) === 'json';

/** By the word that says what to do. */
export const INCIDENT_ACTIONS: Readonly<Record<string, Action>> = {
  async list(store, invocation) {
    const status = invocation.options['all'] === true ? {} : { status: 'open' };
    const page = await listIncidents(store.incidents, IncidentQuery.parse({ limit: 500, ...status }));
    if (isJson(invocation)) return writeJson(page);
    if (page.items.length === 0) {
      return print(['No incident is open.', dim('breakwater incidents --all shows those that are over, too.')]);
    }
    print(incidentRows(page.items, Date.now()));
    if (page.total > page.items.length) print([dim(`and ${page.total - page.items.length} more`)]);
    print(['', dim('breakwater incidents show ID tells one as a story.')]);
  },
  async show(store, invocation, id) {
    const incident = await readIncident(store.incidents, id);
    if (isJson(invocation)) return writeJson(incident);
    print(incidentLines(incident));
    if (incident.status !== 'open') return;
    const expect = `breakwater incidents expect ${incident.id} --owner TEAM --because WHY --until DAY`;
    print([
      '',
      dim(`Where it is expected: ${expect}`),
      dim(`Where it is over: breakwater incidents close ${incident.id}`),
    ]);
  },
  async expect(store, invocation, id) {
    const word = await wordOf(store, invocation, id);
    const { incident, exceptions } = await expectIncident(portsOf(store), id, word);
    if (isJson(invocation)) return writeJson({ incident, exceptions });
    const { yamlDocuments } = await import('@breakwater/outputs/formats');
    const rest = incident.status === 'expected' ? 'It is expected as a whole.' : 'The rest of it stays open.';
    const behaviours =
      word.keys.length === 0 ? '' : ` ${word.keys.length} of its behaviours count as known until then.`;
    print([`${word.owner} answers for it until ${word.expires}.${behaviours} ${rest}`]);
    if (exceptions.length === 0) return;
    print(['Sensors that judge by themselves need these in a file, for --policies:', '']);
    process.stdout.write(await yamlDocuments(exceptions));
  },
  async close(store, invocation, id) {
    const reason = textOf(invocation, 'because') ?? 'it is over';
    const incident = await closeIncident(portsOf(store), id, { by: userInfo().username, reason });
    if (isJson(invocation)) return writeJson(incident);
    print([`${incident.id} is closed. It opens again when it goes on; what it did is not learned.`]);
  },
};

/** Runs an action on the store of this state folder. */
export async function runStored(invocation: Invocation, word: string, id = ''): Promise<void> {
  const act = Object.hasOwn(INCIDENT_ACTIONS, word) ? INCIDENT_ACTIONS[word] : undefined;
  if (act === undefined || (word !== 'list' && id === '')) {
    throw new UserError('Say what to do, and with which incident.', {
      code: 'action-missing',
      hint: 'breakwater incidents, incidents show ID, incidents expect ID, incidents close ID, or files of events.',
    });
  }
  const store = await openEstateStore(invocation.state);
  try {
    await act(store, invocation, id);
  } finally {
    await store.close();
  }
}

const portsOf = (store: EstateStore): IncidentPorts => ({
  incidents: store.incidents,
  now: Date.now,
});

function textOf({ options }: Invocation, name: string): string | undefined {
  const text = options[name];
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** What was typed; without `--only` it is about all of the incident. */
async function wordOf(store: EstateStore, invocation: Invocation, id: string): Promise<ExpectIncident> {
  const all = expectableOf(await readIncident(store.incidents, id));
  const only = invocation.options['only'] as string[] | undefined;
  const stranger = only?.find((name) => !all.keys.includes(name) && !all.policies.includes(name));
  if (stranger !== undefined) {
    throw new UserError(`${stranger} is not of this incident.`, {
      code: 'feedback-invalid',
      hint: `It has: ${[...all.policies, ...all.keys].join(', ')}.`,
    });
  }
  const parsed = ExpectIncident.safeParse({
    owner: textOf(invocation, 'owner'),
    reason: textOf(invocation, 'because'),
    expires: textOf(invocation, 'until'),
    keys: all.keys.filter((key) => only?.includes(key) ?? true),
    policies: all.policies.filter((policy) => only?.includes(policy) ?? true),
  });
  if (parsed.success) return parsed.data;
  throw new UserError('Say who answers for it, why, and until when.', {
    code: 'feedback-invalid',
    hint: 'breakwater incidents expect ID --owner team-shop --because "the nightly backup" --until 2027-01-31',
  });
}
