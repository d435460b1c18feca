import type { RuntimeEvent } from '@breakwater/model';
import { incidentId } from './incident-id.ts';
import { keepSign } from './keep-sign.ts';
import { LinkIndex } from './links.ts';
import { type Marks, marksOf, windowOf } from './marks.ts';
import { mergeStates } from './merge-states.ts';
import type { IncidentSign } from './sign.ts';
import { type IncidentState, type KnownOfSign, MOST_LINKS } from './state.ts';

/** What became of incidents since it was last asked. */
export interface IncidentChanges {
  changed: IncidentState[];
  /** Ids that are not used any more, and what they are part of now. */
  merged: { from: string; into: string }[];
}

/** Which workloads a peer of an event is, by address or name of a service; several where it is not one alone. */
export type SubjectsAt = (peer: NonNullable<RuntimeEvent['peer']>, event: RuntimeEvent) => readonly string[];

/**
 * Joins signs to incidents, one at a time: those of one process tree, and those of workloads that a connection leads to
 * soon after it. Two incidents become one when something turns up that both have; none is ever split. Which signs are
 * together depends on the signs alone, not on the order in which they come.
 */
export class IncidentBuilder {
  readonly #states = new Map<string, IncidentState>();
  readonly #links = new LinkIndex();
  readonly #keys = new Map<string, Set<string>>();
  readonly #changed = new Set<string>();
  #merged: IncidentChanges['merged'] = [];
  readonly #subjectsAt: SubjectsAt;

  /** `states` are incidents that signs may still belong to; they are gone on with. */
  constructor(states: readonly IncidentState[] = [], subjectsAt: SubjectsAt = () => []) {
    this.#subjectsAt = subjectsAt;
    for (const state of states) {
      this.#states.set(state.id, state);
      for (const { key, first, last } of state.links) this.#link(state.id, key, first, last);
    }
  }

  /** Takes a sign; gives the id of its incident, undefined for context that belongs to none. */
  take(sign: IncidentSign, known?: KnownOfSign): string | undefined {
    const at = Date.parse(sign.event.time) || 0;
    const { peer } = sign.event;
    const leadsTo = peer === undefined ? [] : this.#subjectsAt(peer, sign.event);
    const marks = marksOf(sign, leadsTo);
    const isContext = sign.kind === 'context' || sign.kind === 'connection';
    const found = this.#find(isContext ? withoutConnections(marks) : marks, at);
    const state = isContext ? found[0] : (this.#join(found) ?? this.#begin(sign));
    if (state === undefined) return undefined;
    keepSign(state, leadsTo.length === 0 ? sign : { ...sign, leadsTo }, known);
    if (!isContext) openAgain(state, sign);
    for (const { key } of isContext ? onwards(sign, marks) : marks.has) this.#link(state.id, key, at, at);
    this.#changed.add(state.id);
    return state.id;
  }

  /** Whether some incident is about the process, or about one below it that is not the first of its container. */
  concerns(processKey: string): boolean {
    return this.#links.has(`p ${processKey}`);
  }

  get size(): number {
    return this.#states.size;
  }

  /** What changed since it was last asked. */
  changes(): IncidentChanges {
    const changed = [...this.#changed].flatMap((id) => this.#states.get(id) ?? []);
    for (const state of changed)
      state.links = [...(this.#keys.get(state.id) ?? [])].flatMap((key) => this.#links.of(key, state.id));
    const merged = this.#merged;
    this.#changed.clear();
    this.#merged = [];
    return { changed, merged };
  }

  /** Lets go of incidents that nothing can belong to any more, and gives their ids; `before` is ISO 8601. */
  forget(before: string): string[] {
    const forgotten: string[] = [];
    for (const { id, last } of this.#states.values()) {
      if (last >= before || this.#changed.has(id)) continue;
      for (const key of this.#keys.get(id) ?? []) this.#links.drop(key, id);
      this.#keys.delete(id);
      this.#states.delete(id);
      forgotten.push(id);
    }
    return forgotten;
  }

  #find({ looks }: Marks, at: number): IncidentState[] {
    const ids = new Set(looks.flatMap(({ key, before, after }) => this.#links.find(key, at - before, at + after)));
    return [...ids]
      .flatMap((id) => this.#states.get(id) ?? [])
      .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.id < b.id ? -1 : 1));
  }

  #begin(sign: IncidentSign): IncidentState {
    const { time } = sign.event;
    const begun = { first: time, last: time, status: 'open' as const, signs: 0, isLossy: false, fixes: {} };
    const id = incidentId(sign);
    const lists = { merged: [], subjects: [], entries: [], processes: [], facts: [], unknowns: [], feedback: [] };
    const state: IncidentState = { id, ...begun, ...lists, links: [] };
    this.#states.set(id, state);
    return state;
  }

  /** The earliest takes in the others. */
  #join([into, ...others]: readonly IncidentState[]): IncidentState | undefined {
    if (into === undefined) return undefined;
    for (const other of others) {
      mergeStates(into, other);
      const keys = this.#keys.get(other.id) ?? new Set();
      this.#links.move(keys, other.id, into.id);
      this.#keys.delete(other.id);
      for (const key of keys) this.#own(into.id, key);
      this.#states.delete(other.id);
      this.#changed.delete(other.id);
      this.#merged.push({ from: other.id, into: into.id });
    }
    return into;
  }

  #link(id: string, key: string, first: number, last: number): void {
    this.#links.add(key, id, first, last, windowOf(key));
    this.#own(id, key);
  }

  /** What was had last is kept: what all of it has, such as the container, always is. */
  #own(id: string, key: string): void {
    const keys = this.#keys.get(id) ?? new Set();
    this.#keys.set(id, keys);
    keys.delete(key);
    keys.add(key);
    if (keys.size <= MOST_LINKS) return;
    const [oldest] = keys;
    if (oldest === undefined) return;
    keys.delete(oldest);
    this.#links.drop(oldest, id);
  }
}

/** What leads to a workload, and what comes of it, makes one incident of alerts and deviations only. */
const withoutConnections = ({ has, looks }: Marks): Marks => ({
  has,
  looks: looks.filter(({ key }) => !key.startsWith('s ') && !key.startsWith('o ')),
});

/** Of a connection that belongs to an incident it is kept where it leads. */
const onwards = ({ kind }: IncidentSign, { has }: Marks): Marks['has'] =>
  kind === 'connection' ? has.filter(({ key }) => key.startsWith('o ')) : [];

/** What goes on after somebody closed it, or contained it, is open again. */
function openAgain(state: IncidentState, { event }: IncidentSign): void {
  if (state.status === 'closed' || state.status === 'expected') state.status = 'open';
  if (state.status !== 'contained') return;
  const contained = state.entries.filter(({ kind }) => kind === 'response').map(({ time }) => time);
  if (contained.every((time) => time < event.time)) state.status = 'open';
}
