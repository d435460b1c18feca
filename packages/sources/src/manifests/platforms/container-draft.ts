import type { Json, JsonObject } from '@breakwater/model';
import { listIn, setIn } from './set-in.ts';
import type { Written } from './written.ts';

type Pointer = readonly (string | number)[];

/** A port as another platform opens it. */
export interface DraftPort {
  containerPort: number;
  protocol: string;
  name?: string | undefined;
  hostPort?: number | undefined;
  hostIP?: string | undefined;
  published?: 'host-port' | 'node-port' | 'load-balancer' | 'external-ip' | undefined;
}

/** Takes note of where the fields of a draft are written, and of what cannot be told. */
export interface FieldNotes {
  origin(pointer: Pointer, from: Written): void;
  doubt(pointer: Pointer, reason: string, from?: Written): void;
}

/** One container of a draft: each field with what says it. */
export class ContainerDraft {
  readonly object: JsonObject;
  readonly pointer: Pointer;
  readonly #draft: FieldNotes;

  constructor(draft: FieldNotes, pointer: Pointer, name: string) {
    this.#draft = draft;
    this.pointer = pointer;
    this.object = { name };
  }

  /** Sets a field, below objects that are made as needed. */
  set(path: readonly string[], value: Json, from: Written): void {
    setIn(this.object, path, value);
    this.#draft.origin([...this.pointer, ...path], from);
  }

  /** Adds an item to a list. */
  add(path: readonly string[], item: Json, from: Written): void {
    const list = listIn(this.object, path);
    this.#draft.origin([...this.pointer, ...path, list.length], from);
    list.push(item);
  }

  /** Makes a field unknown; `from` says where it is written all the same. */
  doubt(path: Pointer, reason: string, from?: Written): void {
    this.#draft.doubt([...this.pointer, ...path], reason, from);
  }

  /** An environment variable, placed where its value stands. One whose value is given when the platform starts it is no secret of the file. */
  addVariable(name: string, value: Json | undefined, from: Written): void {
    const list = listIn(this.object, ['env']);
    this.#draft.origin([...this.pointer, 'env', list.length], { ...from, place: from.from ?? from.place, unset: [] });
    if (from.unset.length > 0) list.push({ name, valueFrom: { variable: from.unset[0]! } });
    else list.push(typeof value === 'string' ? { name, value } : { name, ...(value as JsonObject | undefined) });
  }

  addPort({ containerPort, protocol, ...others }: DraftPort, from: Written): void {
    const given = Object.entries(others).filter(([, value]) => value !== undefined) as [string, Json][];
    this.add(['ports'], { containerPort, protocol: protocol.toUpperCase(), ...Object.fromEntries(given) }, from);
  }

  /** Mounts a volume that `from` says. */
  mount(volume: string, path: string, readOnly: boolean, from: Written): void {
    this.add(['volumeMounts'], { name: volume, mountPath: path, ...(readOnly && { readOnly }) }, from);
  }
}
