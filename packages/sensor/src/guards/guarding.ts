import {
  Ladder,
  type LadderSettings,
  type LadderSign,
  type LadderStep,
  type Rung,
} from '@breakwater/engine/prevention';
import type { RuntimeEvent } from '@breakwater/model';
import type { ContainerFacts } from '../containers/index.ts';
import type { Guard, GuardStep } from '../kernel/index.ts';

/** What guards containers over their life. */
export interface GuardingOptions {
  /** How far the guards go at most; a function where that is not the same for each container. */
  guard: Guard | ((facts: ContainerFacts) => Guard);
  /** By which they get there; at once where it is left out. */
  ladder?: LadderSettings | undefined;
  /** Milliseconds since 1970. */
  now(): number;
  /** Puts a guard onto a container that runs. */
  apply(containerId: string, guard: Guard): void;
  /** Told of each step of the ladder. */
  tell(event: RuntimeEvent): void;
}

interface Guarded {
  facts: ContainerFacts;
  guard: Guard;
  rung: Rung;
  exitCode: number;
}

/** Guards containers as far as the ladder says, and tells of each step as an event. */
export class Guarding {
  readonly #options: GuardingOptions;
  readonly #ladder: Ladder | undefined;
  readonly #containers = new Map<string, Guarded>();

  constructor(options: GuardingOptions) {
    this.#options = options;
    this.#ladder = options.ladder && new Ladder(options.ladder);
  }

  /** What a container is kept from when it begins. */
  guardOf(facts: ContainerFacts): Guard {
    const container = facts.container?.id;
    const guard = this.#wanted(facts);
    if (container === undefined) return guard;
    const guarded: Guarded = { facts, guard, rung: 'audit', exitCode: 0 };
    this.#containers.set(container, guarded);
    this.#sign({ type: 'start', time: this.#options.now(), workload: workloadOf(facts), container });
    guarded.rung = this.#ladder?.rungOf(container) ?? 'block';
    return guardAt(guard, guarded.rung);
  }

  /** What containers are to be kept from may have changed: puts it onto those that run, and gives them back. */
  renew(): ContainerFacts[] {
    const changed: ContainerFacts[] = [];
    for (const [id, guarded] of this.#containers) {
      const guard = this.#wanted(guarded.facts);
      if (guard === guarded.guard) continue;
      guarded.guard = guard;
      this.#options.apply(id, guardAt(guard, guarded.rung));
      changed.push(guarded.facts);
    }
    return changed;
  }

  #wanted(facts: ContainerFacts): Guard {
    const { guard } = this.#options;
    return typeof guard === 'function' ? guard(facts) : guard;
  }

  /** A container is no more. It failed where its first program did. */
  ended({ container }: ContainerFacts): void {
    const known = this.#containers.get(container?.id ?? '');
    if (known === undefined || container?.id === undefined) return;
    this.#containers.delete(container.id);
    const hasFailed = known.exitCode !== 0;
    this.#sign({ type: 'end', time: this.#options.now(), container: container.id, hasFailed });
  }

  /** Takes note of what guards decided; what is told on the second rung is an alert. */
  take(event: RuntimeEvent): RuntimeEvent {
    const container = event.container?.id ?? '';
    const known = this.#containers.get(container);
    if (this.#ladder === undefined || known === undefined) return event;
    if (event.type === 'exit' && event.parent === undefined && event.exitCode !== undefined)
      known.exitCode = event.exitCode;
    if (event.prevention === undefined) return event;
    const rung = this.#ladder.rungOf(container);
    this.#sign({ type: 'decision', time: this.#options.now(), container });
    return rung === 'warn' && event.prevention === 'audited' && event.alert === undefined
      ? { ...event, alert: warningOf(event) }
      : event;
  }

  /** Probes of a container say whether it serves; or those of a pod, of which all its containers are taken to be. */
  health(of: { container: string } | { pod: string }, isReady: boolean): void {
    for (const [id, { facts }] of this.#containers) {
      const { pod } = facts;
      const isMeant = 'container' in of ? of.container === id : pod && of.pod === `${pod.namespace}/${pod.name}`;
      if (isMeant) this.#sign({ type: 'health', time: this.#options.now(), container: id, isReady });
    }
  }

  /** Containers that are guarded, by their ids. */
  get containers(): string[] {
    return [...this.#containers.keys()];
  }

  /** Time has passed. */
  tick(): void {
    this.#sign({ type: 'time', time: this.#options.now() });
  }

  #sign(sign: LadderSign): void {
    const ladder = this.#ladder;
    if (ladder === undefined) return;
    for (const step of ladder.take(sign)) this.#options.tell(stepEvent(step, this.#options.now()));
    for (const [id, container] of this.#containers) {
      const rung = ladder.rungOf(id);
      if (rung === container.rung) continue;
      container.rung = rung;
      this.#options.apply(id, guardAt(container.guard, rung));
    }
  }
}

/** A guard that goes no further than a rung. */
export function guardAt(guard: Guard, rung: Rung): Guard {
  if (rung === 'block') return guard;
  const steps = Object.entries(guard).map(([name, value]) => [
    name,
    value === 'block' ? ('audit' as GuardStep) : value,
  ]);
  return Object.fromEntries(steps) as Guard;
}

/** Replicas are of one workload: of a pod's controller and container, else of an image. */
export function workloadOf({ pod, container }: ContainerFacts): string {
  if (pod === undefined) return container?.image ?? container?.name ?? container?.id ?? '';
  // Of a Deployment `web-5d9c8b7f6-x2x9p`, of others `web-x2x9p` or `web-0`.
  const workload = pod.workload ?? pod.name.replace(/(?:-[a-z0-9]{6,10})?-[a-z0-9]{5}$|-\d+$/, '');
  return [pod.namespace, workload, container?.name ?? ''].join('/');
}

function stepEvent({ workload, from, to, isBack, blocking, reason }: LadderStep, now: number): RuntimeEvent {
  const what = isBack ? 'rolled back' : from === to ? 'widened' : 'goes on';
  const where = blocking.length === 0 ? '' : `, blocking in ${blocking.length}`;
  return {
    source: 'sensor',
    time: new Date(now).toISOString(),
    type: 'alert',
    alert: {
      rule: 'prevention-ladder',
      priority: isBack ? 'warning' : 'notice',
      message: `Prevention in ${workload} ${what}: ${from} -> ${to}${where} (${reason})`,
      tags: [],
    },
  };
}

function warningOf({ guards = [] }: RuntimeEvent): NonNullable<RuntimeEvent['alert']> {
  const message = `Would be stopped: ${guards.join(', ')}`;
  return { rule: 'guard', priority: 'warning', message, tags: [...guards] };
}
