import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { actAndTell } from '@breakwater/app/containment';
import {
  approveResponse,
  type JournalEntry,
  openClusterApi,
  openJournal,
  type Planned,
  planResponse,
  type RespondContext,
  readRespondSettings,
  requestResponse,
  undoResponse,
} from '@breakwater/app/respond';
import { UserError } from '@breakwater/model';
import { EXIT, type Invocation } from '../command.ts';
import { outputOption } from '../options.ts';
import { bold, dim, green, plain, red, yellow } from '../terminal/style.ts';
import { outputWidth, wrapColumns } from '../terminal/table.ts';
import { writeJson } from '../terminal/write-json.ts';
import { incidentNamed, showContainment, tellIncident } from './about-incident.ts';
import { configOf, isInCluster } from './name-target.ts';
import { readSigns, whoActs } from './who-acts.ts';

/** Shows what a response would do, or does it. */
export async function respond(invocation: Invocation, response: string, target: string): Promise<number> {
  const { options } = invocation;
  const config = configOf(response, target, invocation);
  const about = options['incident'] as string | undefined;
  const incident = about === undefined ? undefined : await incidentNamed(invocation.state, about);
  return await within(invocation, isInCluster(response), undefined, async (context) => {
    if (options['execute'] !== true) {
      const { ports, settings, journal } = context;
      return show(invocation, await planResponse({ response, config }, ports, settings, journal.entries()));
    }
    const request = { response, config, ...author(invocation), incident };
    return await tell(invocation, context, () => requestResponse(request, context));
  });
}

/** Shows what can be done about an incident. */
export async function possibleResponses(invocation: Invocation): Promise<number> {
  const id = invocation.options['incident'] as string;
  return await showContainment(invocation, id, (inCluster, cluster) => openResponding(invocation, inCluster, cluster));
}

/** Agrees to what another asked for. */
export async function approve(invocation: Invocation, id: string): Promise<number> {
  const author_ = author(invocation);
  return await onEntry(invocation, id, async (context) => await approveResponse(id, author_, context));
}

/** Takes back what was done. */
export async function undo(invocation: Invocation, id: string): Promise<number> {
  const author_ = author(invocation);
  return await onEntry(invocation, id, async (context) => await undoResponse(id, author_, context));
}

/** Shows what was asked for, done and undone. */
export function listResponses(invocation: Invocation): number {
  const entries = openJournal(invocation.state).entries();
  const latest = [...new Map(entries.map((entry) => [entry.id, entry])).values()];
  if (outputOption(invocation, ['table', 'json']) === 'json') writeJson({ items: latest });
  else if (latest.length === 0) process.stdout.write('Nothing was done yet.\n');
  else {
    const rows = latest.map(({ id, time, step, who, reason, response, plan }) => [
      bold(id),
      dim(time.slice(0, 19).replace('T', ' ')),
      STEPS[step](step),
      `${response} ${plain([plan.target.namespace, plan.target.name].filter(Boolean).join('/'))}: ${plain(reason)} ${dim(`(${plain(who)})`)}`,
    ]);
    process.stdout.write(`${wrapColumns(rows, outputWidth()).join('\n')}\n`);
  }
  return EXIT.passed;
}

const STEPS: Record<JournalEntry['step'], (text: string) => string> = {
  asked: yellow,
  begun: yellow,
  done: green,
  failed: red,
  undoing: yellow,
  undone: dim,
  'undo-failed': red,
};

async function onEntry(
  invocation: Invocation,
  id: string,
  act: (context: RespondContext) => Promise<JournalEntry>,
): Promise<number> {
  const entry = openJournal(invocation.state)
    .entries()
    .findLast((one) => one.id === id);
  const cluster = entry?.plan.target.cluster;
  return await within(invocation, cluster !== undefined, cluster, async (context) =>
    tell(invocation, context, () => act(context)),
  );
}

/** Opens what responses act through, and closes it again. */
async function within(
  invocation: Invocation,
  inCluster: boolean,
  name: string | undefined,
  act: (context: RespondContext) => Promise<number>,
): Promise<number> {
  const context = await openResponding(invocation, inCluster, name);
  try {
    return await act(context);
  } finally {
    context.close();
  }
}

async function openResponding(
  { options, state }: Invocation,
  inCluster: boolean,
  name?: string,
): Promise<RespondContext & { close(): void }> {
  const kubeconfigs = options['kubeconfig'] as string[] | undefined;
  const wanted = (options['context'] as string | undefined) ?? name ?? 'current';
  const cluster = inCluster ? await openClusterApi(wanted, { kubeconfigs }) : undefined;
  const folder = resolve((options['folder'] as string | undefined) ?? join(state, 'evidence'));
  return {
    ports: { cluster, folder, now: () => new Date() },
    settings: readRespondSettings(state),
    journal: openJournal(state),
    newId: () => `R${randomBytes(4).toString('hex')}`,
    close: () => cluster?.close(),
  };
}

/** Who signed in, also where they act as root, and why they say they do it. */
function author({ options }: Invocation): { who: string; reason: string } {
  const reason = options['reason'];
  if (typeof reason !== 'string' || reason.trim() === '') {
    throw new UserError('Say why: --reason "reverse shell in shop/web". It stays in the journal.', {
      code: 'reason-missing',
    });
  }
  return { who: whoActs(readSigns()), reason: reason.trim() };
}

function show(invocation: Invocation, { kind, plan, refusals, needsSecondPerson }: Planned): number {
  if (outputOption(invocation, ['table', 'json']) === 'json') {
    writeJson({ response: kind.name, ...plan, refusals, needsSecondPerson });
  } else {
    const rows = [
      ...plan.steps.map((step) => ['would', plain(step)]),
      ...plan.effects.map((effect) => [dim('note'), plain(effect)]),
      ...refusals.map((refusal) => [red('refused'), plain(refusal)]),
      [dim('undo'), plan.reversible ? 'breakwater respond undo ID takes it back.' : 'It cannot be taken back.'],
    ];
    process.stdout.write(`${wrapColumns(rows, outputWidth()).join('\n')}\n`);
    const next = needsSecondPerson
      ? '--execute --reason TEXT asks a second person.'
      : 'To do it: --execute --reason TEXT.';
    process.stderr.write(dim(`Nothing was done.${refusals.length > 0 ? '' : ` ${next}`}\n`));
  }
  return refusals.length > 0 ? EXIT.refused : EXIT.passed;
}

async function tell(
  invocation: Invocation,
  { journal }: RespondContext,
  act: () => Promise<JournalEntry>,
): Promise<number> {
  const { entry } = await actAndTell(journal, act, (one) => tellIncident(invocation.state, one, journal.entries()));
  if (outputOption(invocation, ['table', 'json']) === 'json') writeJson(entry);
  else {
    for (const line of entry.said) process.stdout.write(`${plain(line)}\n`);
    const next =
      entry.step === 'asked'
        ? `breakwater respond approve ${entry.id} --reason TEXT, by somebody else`
        : entry.undo === undefined
          ? ''
          : `Undo: breakwater respond undo ${entry.id} --reason TEXT`;
    process.stderr.write(dim(`${entry.id} ${entry.step}. ${next}`.trimEnd()).concat('\n'));
  }
  return entry.step === 'asked' ? EXIT.unknown : EXIT.passed;
}
