import {
  IncidentBuilder,
  type IncidentSign,
  type KnownOfSign,
  processKey,
  type SubjectsAt,
  tellIncident,
} from '@breakwater/engine/incident';
import type { RuntimeEvent } from '@breakwater/model';
import { HeldBehaviours } from './held-behaviours.ts';
import type { TurnBasis, WaitingSign } from './kept/index.ts';
import { PatientTelling } from './patient-telling.ts';
import type { IncidentPorts } from './ports.ts';

/** Tells what waits in incidents: one turn at a time, whoever else does it in another process. */
export interface OpenIncidents {
  /** Tells all that waits; gives how many signs there were. */
  turn(): Promise<number>;
  /** Has a turn soon. */
  nudge(): void;
  /** Whether an event is of a process that an incident is about: what it starts and calls next is part of the story. */
  concerns(event: RuntimeEvent): boolean;
  close(): Promise<void>;
}

export interface IncidentOptions extends IncidentPorts {
  /** What build and deploy know of a sign. */
  knownOf: (sign: IncidentSign) => Promise<KnownOfSign>;
  subjectsAt: SubjectsAt;
  /** Takes what the operator should read. */
  report: (line: string) => void;
}

/** Signs that are told in one transaction. */
const AT_ONCE = 500;
/** Milliseconds for which an incident may go on without anything new: the longest window, and some. */
const GOES_ON = 13 * 3_600_000;
/** Milliseconds between looks at whether something waits that another process brought. */
const EVERY = 5_000;

const UNREAD: KnownOfSign = { facts: [], unknowns: ['What build and deploy know of it: it could not be read.'] };

/** Opens the telling of incidents over a store. */
export function openIncidents(options: IncidentOptions): OpenIncidents {
  const teller = new Teller(options);
  let running: Promise<number> = Promise.resolve(0);
  let isAsked = false;
  let isClosed = false;
  const turn = (): Promise<number> => {
    running = running.catch(() => 0).then(() => teller.turn());
    return running;
  };
  const soon = (): void => {
    if (isAsked) return;
    isAsked = true;
    setImmediate(() => {
      isAsked = false;
      if (isClosed) return;
      turn().catch((error: Error) => options.report(`Incidents could not be told, and will be: ${error.message}`));
    });
  };
  const timer = setInterval(soon, EVERY);
  timer.unref();
  return {
    turn,
    nudge: soon,
    concerns: (event) => teller.concerns(event),
    async close() {
      clearInterval(timer);
      isClosed = true;
      await turn().catch((error: Error) => options.report(`Incidents could not be told: ${error.message}`));
    },
  };
}

class Teller {
  readonly #options: IncidentOptions;
  #builder: IncidentBuilder;
  /** Version of the store that the builder stands for, and from when on it knows all incidents. */
  #version = -1;
  #since = '';
  readonly #held = new HeldBehaviours();
  readonly #patient: PatientTelling;

  constructor(options: IncidentOptions) {
    this.#options = options;
    this.#builder = new IncidentBuilder([], options.subjectsAt);
    this.#patient = new PatientTelling({
      tell: (waiting, isBare) => this.#tell(waiting, isBare ? async () => UNREAD : options.knownOf),
      setAside: (id) => options.incidents.setAside(id),
      report: options.report,
    });
  }

  concerns(event: RuntimeEvent): boolean {
    if (this.#builder.size === 0) return false;
    const actor = event.type === 'exec' ? event.parent : event.type === 'connect' ? event.process : undefined;
    const key = actor === undefined ? undefined : processKey(event, actor);
    return key !== undefined && this.#builder.concerns(key);
  }

  async turn(): Promise<number> {
    let total = 0;
    for (;;) {
      const waiting = await this.#options.incidents.waiting(AT_ONCE);
      if (waiting.length === 0) return total;
      await this.#patient.tell(waiting);
      total += waiting.length;
      if (waiting.length < AT_ONCE) return total;
    }
  }

  async #tell(waiting: readonly WaitingSign[], knownOf: IncidentOptions['knownOf']): Promise<void> {
    const known = new Map<string, KnownOfSign>();
    for (const { id, sign } of waiting) known.set(id, await knownOf(sign));
    const sorted = waiting.toSorted((a, b) => (a.sign.event.time < b.sign.event.time ? -1 : 1));
    const ids = waiting.map(({ id }) => id);
    try {
      this.#version = await this.#options.incidents.tell(ids, async (basis) => {
        await this.#catchUp(basis, sorted[0]?.sign.event.time ?? '');
        for (const { id, sign } of sorted) if (basis.waiting.has(id)) this.#builder.take(sign, known.get(id));
        const changes = this.#builder.changes();
        return {
          changed: changes.changed.map((state) => ({ state, incident: tellIncident(state) })),
          merged: changes.merged,
          words: this.#held.wordsFor(changes),
        };
      });
    } catch (error) {
      // What the builder took is not stored: it begins again from what is.
      this.#version = -1;
      this.#held.clear();
      throw error;
    }
    this.#forgetOld(sorted.at(-1)?.sign.event.time ?? '');
  }

  async #catchUp({ version, load }: TurnBasis, earliest: string): Promise<void> {
    const since = new Date((Date.parse(earliest) || 0) - GOES_ON).toISOString();
    if (version === this.#version && since >= this.#since) return;
    const states = await load(since);
    this.#builder = new IncidentBuilder(states, this.#options.subjectsAt);
    this.#held.keepOnly(states);
    this.#since = since;
  }

  #forgetOld(latest: string): void {
    const before = new Date((Date.parse(latest) || 0) - 2 * GOES_ON).toISOString();
    if (before <= this.#since) return;
    this.#held.forget(this.#builder.forget(before));
    this.#since = new Date(Date.parse(before) + GOES_ON).toISOString();
  }
}
