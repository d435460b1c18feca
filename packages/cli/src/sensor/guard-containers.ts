import type { RuntimeEvent } from '@breakwater/model';
import type { Guard } from '@breakwater/sensor/guards';
import type { Sensor, SensorOptions } from '@breakwater/sensor/sensor';
import type { Invocation } from '../command.ts';
import { holdingLines } from '../terminal/print-holdings.ts';
import { type AskedGuards, readGuards } from './guard-options.ts';
import { GuardNote, lastWords } from './last-guards.ts';

type Facts = Pick<RuntimeEvent, 'container' | 'pod'>;

/** Guards as they were asked for, over the life of a sensor: what is worth telling goes to standard error. */
export interface ContainerGuarding {
  options: Pick<SensorOptions, 'guardOf' | 'fromStart' | 'guarded' | 'ended'>;
  /** What becomes of an event: on the ladder's second rung it is an alert. */
  take(event: RuntimeEvent): RuntimeEvent;
  /** The sensor runs. */
  begin(sensor: Sensor): void;
  end(): void;
}

const TICK = 1000;

/** `tell` takes the steps of the ladder as events. @throws {UserError} where what is asked for is not understood */
export async function guardContainers(
  invocation: Invocation,
  tell: (event: RuntimeEvent) => void,
): Promise<ContainerGuarding> {
  const asked = await readGuards(invocation);
  const { Guarding } = await import('@breakwater/sensor/guards');
  const says = (line: string): void => {
    if (invocation.options['quiet'] !== true) process.stderr.write(`${line}\n`);
  };
  const words = lastWords(invocation.state);
  if (words !== undefined) says(words);
  for (const gap of asked.gaps) says(`profile  ${gap}`);
  const note = new GuardNote(invocation.state, asked.guard, new Date());
  let sensor: Sensor | undefined;
  /** Containers that ran before are guarded while the sensor opens. */
  const early: Facts[] = [];
  const guarding = new Guarding({
    guard: asked.guard,
    ladder: asked.ladder,
    now: () => Date.now(),
    apply: (id, guard) => void sensor?.guard(id, guard),
    tell,
  });
  let hasHinted = false;
  const guarded = (facts: Facts): void => {
    if (sensor === undefined) {
      early.push(facts);
      return;
    }
    const holdings = sensor.holdings(facts.container?.id ?? '');
    for (const line of holdingLines(nameOf(facts), holdings)) says(line);
    if (hasHinted || !holdings.some(({ step, mechanism }) => step === 'block' && mechanism === 'killed-after')) return;
    hasHinted = true;
    says('What is not prevented can be, in a container that is started with a profile: --write-seccomp FILE makes it.');
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    options: {
      guardOf: (facts) => {
        note.add(nameOf(facts));
        return guarding.guardOf(facts);
      },
      fromStart: fromStart(invocation, asked),
      guarded,
      ended: (facts) => {
        note.remove(nameOf(facts));
        guarding.ended(facts);
      },
    },
    take: (event) => guarding.take(event),
    begin: (opened) => {
      sensor = opened;
      for (const facts of early) guarded(facts);
      timer = setInterval(() => guarding.tick(), TICK);
    },
    end: () => {
      clearInterval(timer);
      note.end();
    },
  };
}

/** Before it is known what a container is, only guards hold that let nobody do anything, and only where all are guarded. */
function fromStart({ options }: Invocation, { guard, profile, ladder }: AskedGuards): Guard {
  if (options['container'] !== undefined || profile !== undefined || ladder !== undefined) return {};
  const { allowed = [], permits = [], connections, sockets, ...others } = guard;
  return {
    ...others,
    ...(connections !== undefined && allowed.length === 0 && { connections }),
    ...(sockets !== undefined && permits.length === 0 && { sockets }),
  };
}

const nameOf = ({ container, pod }: Facts): string =>
  [pod?.namespace, pod?.name, container?.name ?? container?.id?.slice(0, 12)].filter(Boolean).join('/');
