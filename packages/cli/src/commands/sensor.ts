import { hostname } from 'node:os';
import type { RuntimeEvent } from '@breakwater/model';
import { UserError } from '@breakwater/model';
import type { Guard, GuardStep } from '@breakwater/sensor/guards';
import type { Sensor as OpenSensor } from '@breakwater/sensor/sensor';
import { type Command, EXIT, type Invocation } from '../command.ts';
import { outputOption, readCount } from '../options.ts';
import { DELIVERY_OPTIONS, openNamedDelivery } from '../sensor/delivery-options.ts';
import { eventLine } from '../terminal/print-event.ts';

export const command: Command = {
  name: 'sensor',
  summary:
    'Watches the containers of this host from its kernel, and nothing else. Needs root and Linux 5.17; no server.',
  usage: '',
  examples: [
    { command: 'breakwater sensor', says: 'a line for each thing that containers do for the first time' },
    { command: 'breakwater sensor --container web --output json', says: 'one container, as JSON lines' },
    {
      command: 'breakwater sensor --container web --programs block',
      says: 'what is dropped into it dies before its first instruction',
    },
    { command: 'breakwater sensor --for 60 --output json > events.json', says: 'a minute, to look at later' },
    { command: 'breakwater sensor --server https://breakwater.example:7071 --key-file sensor.key', says: 'send them' },
  ],
  options: {
    container: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: 'Only this container, by name or id (repeatable)',
    },
    programs: {
      type: 'string',
      value: 'STEP',
      help: 'What becomes of programs that are not in the image: audit (told), or block',
    },
    connections: { type: 'string', value: 'STEP', help: 'The same of connections to elsewhere than --allow' },
    allow: { type: 'string', multiple: true, value: 'PEER', help: 'ADDRESS[/BITS][:PORT] (repeatable)' },
    every: { type: 'boolean', help: 'Tell everything each time, not only what was not told before' },
    for: { type: 'string', value: 'SECONDS', help: 'End after so long (default: until Ctrl-C)' },
    output: { type: 'string', short: 'o', value: 'FORMAT', help: 'lines (default) or json, one event a line' },
    node: { type: 'string', value: 'NAME', help: 'Name of this host (default: NODE_NAME, else its own)' },
    ...DELIVERY_OPTIONS,
  },
  async run(invocation) {
    const output = outputOption(invocation, ['lines', 'json']);
    const node = nodeOf(invocation);
    const seconds = invocation.options['for'] === undefined ? undefined : readCount(invocation, 'for', 1);
    const guard = await guardOf(invocation);
    const { findAbilities } = await import('@breakwater/sensor/abilities');
    const { missing } = findAbilities();
    if (missing.length > 0) throw notHere(missing);
    const { Sensor } = await import('@breakwater/sensor/sensor');
    const told = { events: 0, lost: 0 };
    const delivery = await openNamedDelivery(invocation, node);
    const isPrinted = delivery === undefined || invocation.options['output'] !== undefined;
    const every = invocation.options['every'] === true;
    // Whoever reads more slowly than we write: the kernel's buffer waits, and counts what finds no room.
    const print = (line: string): void => {
      if (process.stdout.write(`${line}\n`) || sensor === undefined) return;
      sensor.pause();
      process.stdout.once('drain', () => sensor?.resume());
    };
    let sensor: OpenSensor | undefined;
    sensor = await Sensor.open({
      chooses: chooserOf(invocation),
      guardOf: () => guard,
      isKnown: () => !every,
      ...(delivery !== undefined && { repeatsEvery: REPEATS, usageEvery: USAGE }),
      take(event) {
        told.events++;
        told.lost += event.lost ?? 0;
        const named = { ...event, node };
        delivery?.take(named);
        if (isPrinted) print(output === 'json' ? JSON.stringify(named) : eventLine(named));
      },
    }).catch(async (error: unknown) => {
      await delivery?.close();
      throw error;
    });
    if (invocation.options['quiet'] !== true) process.stderr.write(`Watching containers of ${node}. Ctrl-C ends it.\n`);
    await end(invocation.signal, seconds);
    await sensor.close();
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

async function guardOf(invocation: Invocation): Promise<Guard> {
  const { options } = invocation;
  const { parsePeer } = await import('@breakwater/sensor/guards');
  const allowed = ((options['allow'] as string[] | undefined) ?? []).map(parsePeer);
  const programs = stepOf(invocation, 'programs');
  const connections = stepOf(invocation, 'connections');
  if (allowed.length > 0 && connections === undefined) {
    throw new UserError('--allow says where connections may go, and nothing says what becomes of others.', {
      code: 'option-missing',
      hint: 'Add --connections audit, or --connections block.',
    });
  }
  return { ...(programs && { programs }), ...(connections && { connections }), allowed };
}

function stepOf({ options }: Invocation, name: string): GuardStep | undefined {
  const text = options[name];
  if (text === undefined || text === 'audit' || text === 'block') return text;
  throw new UserError(`--${name} takes audit or block, not '${String(text)}'.`, { code: 'option-invalid' });
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
