import { readFile } from 'node:fs/promises';
import type { LocalLearning } from '@breakwater/app/profiles';
import { type AlertBudget, UserError } from '@breakwater/model';
import type { EstateStore } from '@breakwater/store';
import type { Invocation, Option } from '../command.ts';
import { plain, yellow } from '../terminal/style.ts';
import { openEstateStore } from '../up/open-estate-store.ts';
import { localFacts } from './local-facts.ts';

/** Options of `sensor` about learning on this host alone. */
export const LEARN_OPTIONS = {
  learn: {
    type: 'boolean',
    help: 'Learn what containers do, in the state folder, and tell only alerts and what nothing explains',
  },
  'profile-key': {
    type: 'string',
    value: 'FILE',
    help: 'PEM: the public key of profiles that are attached to images of --estate, to begin with them',
  },
  budget: {
    type: 'string',
    value: 'N/HOURSh',
    help: 'False alerts that are borne of each container: 1/720h (default), 1/6h',
  },
} satisfies Record<string, Option>;

/** `1/6h`. @throws {UserError} for what is no budget */
export function readBudget({ options }: Pick<Invocation, 'options'>): AlertBudget | undefined {
  const text = options['budget'];
  if (text === undefined) return undefined;
  const [, alerts, hours, unit] = /^(\d{1,4}(?:\.\d{1,3})?)\/(\d{1,5}(?:\.\d{1,3})?)(h|d)$/.exec(String(text)) ?? [];
  const budget = { alerts: Number(alerts), hours: Number(hours) * (unit === 'd' ? 24 : 1) };
  if (budget.alerts > 0 && budget.hours > 0) return budget;
  throw new UserError(`--budget takes so many alerts in so many hours, not '${String(text)}'.`, {
    code: 'option-invalid',
    hint: 'Such as 1/6h, 1/30d.',
  });
}

/** Learning on this host where it was asked for. `print` takes lines about what nothing explains. */
export async function openNamedLearning(
  invocation: Invocation,
  node: string,
  print: (line: string) => void,
): Promise<LocalLearning | undefined> {
  const budget = readBudget(invocation);
  if (invocation.options['learn'] !== true) {
    const key = invocation.options['profile-key'];
    if (key !== undefined)
      throw new UserError('--profile-key is about what is learned.', { code: 'option-unused', hint: 'Add --learn.' });
    if (budget === undefined) return undefined;
    throw new UserError('--budget is about what is learned.', { code: 'option-unused', hint: 'Add --learn.' });
  }
  const { openLocalLearning } = await import('@breakwater/app/profiles');
  const { deviationLines } = await import('../terminal/print-deviation.ts');
  const isJson = invocation.options['output'] === 'json';
  const store = await openEstateStore(invocation.state, { apart: true });
  await keepAttached(invocation, store);
  const learning = openLocalLearning({
    store: store.behaviour,
    ingest: store.ingest,
    node,
    budget,
    now: Date.now,
    report: (line) => void process.stderr.write(`${yellow(plain(line))}\n`),
    lookUp: localFacts(invocation),
    async onDeviations(found) {
      for (const one of found) {
        if (isJson) print(JSON.stringify({ type: 'deviation', ...one }));
        else for (const line of deviationLines(one)) print(line);
      }
    },
  });
  return {
    take: learning.take,
    async close() {
      await learning.close();
      const profiles = await store.behaviour.profiles();
      if (invocation.options['quiet'] !== true && profiles.length > 0)
        process.stderr.write(`${profiles.length} profiles are learned: breakwater profile show lists them.\n`);
      await store.close();
    },
  };
}

/** Keeps what images among `--estate` were recorded to do, so that it is known from the first event on. */
async function keepAttached({ options, signal }: Invocation, store: EstateStore): Promise<void> {
  const path = options['profile-key'] as string | undefined;
  if (path === undefined) return;
  const key = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UserError(`${path} could not be read.`, { code: 'key-invalid', cause });
  });
  const { readNamedProfiles } = await import('@breakwater/app/profiles');
  const { attached, unknowns } = await readNamedProfiles((options['estate'] as string[] | undefined) ?? [], key, {
    signal,
  });
  for (const { images, profile } of attached) await store.behaviour.writeRecorded(images, profile);
  for (const { message, place } of unknowns)
    process.stderr.write(`${yellow(`${plain(place.source)}: ${plain(message)}`)}\n`);
}
