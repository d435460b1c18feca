import { hostname } from 'node:os';
import type { RuntimeEvent } from '@breakwater/model';
import { UserError } from '@breakwater/model';
import type { Sensor as OpenSensor } from '@breakwater/sensor/sensor';
import { POLICIES_OPTION } from '../assess.ts';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { outputOption, readCount } from '../options.ts';
import { DELIVERY_OPTIONS, openNamedDelivery } from '../sensor/delivery-options.ts';
import { guardContainers } from '../sensor/guard-containers.ts';
import { GUARD_OPTIONS, readGuards, writeSeccomp } from '../sensor/guard-options.ts';
import { LEARN_OPTIONS, openNamedLearning } from '../sensor/learn-options.ts';
import { openAlerts } from '../sensor/open-alerts.ts';
import { alertLines } from '../terminal/print-alert.ts';
import { eventLine } from '../terminal/print-event.ts';

export const command: Command = {
  name: 'sensor',
  summary:
    'Watches the containers of this host from its kernel, and nothing else. Needs root and Linux 5.17; no server.',
  usage: '',
  examples: [
    { command: 'breakwater sensor', says: 'what containers do for the first time' },
    { command: 'breakwater sensor --container web --output json', says: 'one container, as JSON lines' },
    {
      command: 'breakwater sensor --container web --block programs,privileges',
      says: 'what is dropped into it dies, and it gains no power',
    },
    { command: 'breakwater sensor --learn', says: 'what nothing explains, once it knows what they do' },
    { command: 'breakwater sensor --alerts', says: 'only what policies are against' },
    { command: 'breakwater sensor --for 60 --output json > events.json', says: 'a minute, to look at later' },
    { command: 'breakwater sensor --server URL --key-file sensor.key', says: 'send them' },
  ],
  options: {
    container: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: 'Only this container, by name or id (repeatable)',
    },
    alerts: { type: 'boolean', help: 'Only alerts, not the events that they are raised about' },
    policies: { ...POLICIES_OPTION, help: 'Policies on events and exceptions to put in force too' },
    estate: { type: 'string', multiple: true, value: 'PATH', help: 'Manifests and images, for what alerts tell' },
    every: { type: 'boolean', help: 'Tell everything each time, not only what was not told before' },
    calls: {
      type: 'boolean',
      help: 'Tell which system calls containers make too: it costs every call of the host a little',
    },
    for: { type: 'string', value: 'SECONDS', help: 'End after so long (default: until Ctrl-C)' },
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'lines (default) or json, one event a line' },
    node: { type: 'string', value: 'NAME', help: 'Name of this host (default: NODE_NAME, else its own)' },
    cluster: {
      type: 'string',
      value: 'NAME',
      help: 'Cluster of this host, by the name of its context: its workloads are told apart by it',
    },
    ...LEARN_OPTIONS,
    ...GUARD_OPTIONS,
    ...DELIVERY_OPTIONS,
  },
  async run(invocation) {
    const output = outputOption(invocation, ['lines', 'json']);
    const node = nodeOf(invocation);
    const cluster = invocation.options['cluster'] as string | undefined;
    const seconds = invocation.options['for'] === undefined ? undefined : readCount(invocation, 'for', 1);
    const seccompPath = invocation.options['write-seccomp'] as string | undefined;
    if (seccompPath !== undefined) {
      for (const line of await writeSeccomp(seccompPath, await readGuards(invocation)))
        process.stderr.write(`${line}\n`);
      return EXIT.passed;
    }
    const { findAbilities } = await import('@breakwater/sensor/abilities');
    const { missing } = findAbilities();
    if (missing.length > 0) throw notHere(missing);
    const { Sensor } = await import('@breakwater/sensor/sensor');
    const told = { events: 0, lost: 0 };
    const alerts = await openAlerts(invocation);
    const delivery = await openNamedDelivery(invocation, node);
    const isPrinted = delivery === undefined || invocation.options['output'] !== undefined;
    const every = invocation.options['every'] === true;
    const onlyAlerts = invocation.options['alerts'] === true;
    // Whoever reads more slowly than we write: the kernel's buffer waits, and counts what finds no room.
    const print = (line: string): void => {
      if (process.stdout.write(`${line}\n`) || sensor === undefined) return;
      sensor.pause();
      process.stdout.once('drain', () => sensor?.resume());
    };
    let sensor: OpenSensor | undefined;
    const learning = await openNamedLearning(invocation, node, print);
    const show = (event: RuntimeEvent): void => {
      delivery?.take(event);
      if (!isPrinted || ((onlyAlerts || learning !== undefined) && event.type !== 'alert')) return;
      if (output === 'json') print(JSON.stringify(event));
      else print(event.type === 'alert' ? alertLines(event).join('\n') : eventLine(event));
    };
    const tell = (event: RuntimeEvent): void => {
      told.events++;
      told.lost += event.lost ?? 0;
      const named = { ...event, node, ...(cluster !== undefined && event.pod && { pod: { ...event.pod, cluster } }) };
      show(named);
      learning?.take(named);
      for (const alert of alerts.take(named)) {
        show(alert);
        learning?.take(alert);
      }
    };
    const guarding = await guardContainers(invocation, node, tell);
    sensor = await Sensor.open({
      chooses: chooserOf(invocation),
      ...guarding.options,
      isKnown: () => !every,
      tellsCalls: invocation.options['calls'] === true,
      ownsProcess: true,
      ...((delivery ?? learning) !== undefined && { repeatsEvery: REPEATS, usageEvery: USAGE }),
      take: (event) => tell(guarding.take(event)),
    }).catch(async (error: unknown) => {
      await learning?.close();
      await delivery?.close();
      throw error;
    });
    if (invocation.options['quiet'] !== true) process.stderr.write(`Watching containers of ${node}. Ctrl-C ends it.\n`);
    guarding.begin(sensor);
    await end(invocation.signal, seconds);
    await sensor.close();
    await guarding.end();
    for (const alert of alerts.rest()) show(alert);
    await learning?.close();
    await delivery?.close();
    if (invocation.options['quiet'] !== true) process.stderr.write(`${told.events} events, ${told.lost} lost.\n`);
    return EXIT.passed;
  },
};

/** Milliseconds after which a server is told how often known things happened, and what containers use. */
const REPEATS = 60_000;
const USAGE = 15_000;

function nodeOf({ options }: Invocation): string {
  return (options['node'] as string | undefined) ?? (process.env['NODE_NAME'] || hostname());
}

function notHere(missing: readonly string[]): UserError {
  return new UserError(`The sensor cannot run here. ${missing.join(' ')}`, {
    code: 'sensor-not-possible',
    hint: 'Events of Falco, Tetragon, Tracee and KubeArmor can be read without it: breakwater rank PATH events.jsonl',
  });
}

function chooserOf({ options }: Invocation): (facts: Pick<RuntimeEvent, 'container'>) => boolean {
  const names = (options['container'] as string[] | undefined) ?? [];
  if (names.length === 0) return () => true;
  return ({ container }) =>
    names.some((name) => name === container?.name || (name.length >= 8 && container?.id?.startsWith(name) === true));
}

/** Waits until it is told to end, or for so long. */
async function end(signal: AbortSignal, seconds: number | undefined): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (seconds !== undefined) setTimeout(resolve, seconds * 1000);
  });
}
