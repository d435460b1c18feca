import { GuardName, type RuntimeEvent } from '@breakwater/model';
import type { Guard, Guarding } from '@breakwater/sensor/guards';
import type { Sensor, SensorOptions } from '@breakwater/sensor/sensor';
import type { Invocation } from '../command.ts';
import { holdingLines } from '../terminal/print-holdings.ts';
import { type AskedGuards, readGuards } from './guard-options.ts';
import { GuardNote, lastWords } from './last-guards.ts';
import type { LearnedGuards } from './learned-guards.ts';
import { watchHealth } from './watch-health.ts';

type Facts = Pick<RuntimeEvent, 'container' | 'pod'>;

/** Guards as they were asked for, over the life of a sensor: what is worth telling goes to standard error. */
export interface ContainerGuarding {
  options: Pick<SensorOptions, 'guardOf' | 'fromStart' | 'guarded' | 'ended'>;
  /** What becomes of an event: on the ladder's second rung it is an alert. */
  take(event: RuntimeEvent): RuntimeEvent;
  /** The sensor runs. */
  begin(sensor: Sensor): void;
  end(): Promise<void>;
}

const TICK = 1000;
/** Ticks after which learned profiles are looked at again. */
const LOOKS = 5;

/** `tell` takes the steps of the ladder as events. @throws {UserError} where what is asked for is not understood */
export async function guardContainers(
  invocation: Invocation,
  node: string,
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
  const learned = await learnedGuards(asked);
  const guarding = new Guarding({
    guard: learned === undefined ? asked.guard : (facts) => learned.of(facts).guard,
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
    for (const line of learned?.of(facts).notes ?? []) says(`profile  ${nameOf(facts)}: ${line}`);
    const holdings = sensor.holdings(facts.container?.id ?? '');
    for (const line of holdingLines(nameOf(facts), holdings)) says(line);
    if (hasHinted || !holdings.some(({ step, mechanism }) => step === 'block' && mechanism === 'killed-after')) return;
    hasHinted = true;
    says('What is not prevented can be, in a container that is started with a profile: --write-seccomp FILE makes it.');
  };
  const health = asked.ladder && (await watchHealth(invocation, node, guarding, says));
  let timer: NodeJS.Timeout | undefined;
  return {
    options: {
      guardOf: (facts) => {
        note.add(nameOf(facts));
        const guard = guarding.guardOf(facts);
        health?.begun(facts);
        return guard;
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
      let ticks = 0;
      timer = setInterval(() => {
        guarding.tick();
        if (learned !== undefined && ++ticks % LOOKS === 0)
          for (const facts of renewed(learned, guarding, tell)) guarded(facts);
      }, TICK);
    },
    end: async () => {
      clearInterval(timer);
      note.end();
      await health?.close();
      await asked.learned?.close?.();
    },
  };
}

async function learnedGuards({ learned, guard }: AskedGuards): Promise<LearnedGuards | undefined> {
  if (learned === undefined) return undefined;
  const { LearnedGuards } = await import('./learned-guards.ts');
  return new LearnedGuards(learned, guard, () => new Date());
}

/** Containers whose guards changed with their profile, each told as an event. */
function renewed(learned: LearnedGuards, guarding: Guarding, tell: (event: RuntimeEvent) => void): Facts[] {
  if (!learned.refresh()) return [];
  const changed = guarding.renew();
  for (const facts of changed) tell(profileEvent(facts, learned.of(facts).guard));
  return changed;
}

function profileEvent({ container, pod }: Facts, guard: Guard): RuntimeEvent {
  const named = (step: string): string => {
    const names = GuardName.options.filter((name) => guard[name] === step);
    return names.length === 0 ? 'nothing' : names.join(', ');
  };
  return {
    source: 'sensor',
    time: new Date().toISOString(),
    type: 'alert',
    ...(container && { container }),
    ...(pod && { pod }),
    alert: {
      rule: 'prevention-profile',
      priority: 'notice',
      message: `The profile of ${nameOf({ container, pod })} changed: it stops ${named('block')} and tells of ${named('audit')}`,
      tags: [],
    },
  };
}

/** Before it is known what a container is, only guards hold that let nobody do anything, and only where all are guarded. */
function fromStart({ options }: Invocation, { guard, profile, learned, ladder }: AskedGuards): Guard {
  if ([options['container'], profile, learned, ladder].some((one) => one !== undefined)) return {};
  const { allowed = [], permits = [], connections, sockets, ...others } = guard;
  return {
    ...others,
    ...(connections !== undefined && allowed.length === 0 && { connections }),
    ...(sockets !== undefined && permits.length === 0 && { sockets }),
  };
}

const nameOf = ({ container, pod }: Facts): string =>
  [pod?.namespace, pod?.name, container?.name ?? container?.id?.slice(0, 12)].filter(Boolean).join('/');
