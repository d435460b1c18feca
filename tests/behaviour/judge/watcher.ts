import type { Behaviour, RuntimeEvent } from '@breakwater/model';
import type { TraceReplica } from '../trace/read-trace.ts';

/** Something that a watcher says of an event. */
export interface Alarm {
  /** What it is about: the same thing again is no other false alert. */
  about: string;
  /** Whether whoever watches would have been sure enough to stop it. */
  isSure: boolean;
  /** In words. */
  text: string;
  /** When that was seen which is told only now, in milliseconds since 1970. */
  seen?: number;
}

/** What a replica did, as a replay tells it. */
export interface Deed {
  replica: TraceReplica;
  event: RuntimeEvent;
  /** Milliseconds since 1970. */
  time: number;
  /** Each with its key. */
  behaviours: readonly { key: string; behaviour: Behaviour }[];
}

/** Whatever judges what containers do. It sees no label of what is an attack. */
export interface Watcher {
  readonly name: string;
  begin(replica: TraceReplica, time: number): void;
  take(deed: Deed): readonly Alarm[];
  watched(replica: TraceReplica, time: number, partial: boolean): void;
  /** A sentence for the table, where there is something to say. */
  note?(): string;
}

export const NO_ALARM: readonly Alarm[] = [];

export const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** A behaviour in a line. */
export const textOf = ({ dimension, actor, access, object }: Behaviour): string =>
  `${dimension} ${actor || '(runtime)'}${access === undefined ? '' : ` ${access}`} ${object}`;
