import type { EventProcess, RuntimeEvent } from '@breakwater/model';
import type { KernelRecord } from '../kernel/index.ts';

/** What is kept of an event, so that it can be told again. */
interface Deed {
  event: RuntimeEvent;
  /** How often it happened while the kernel had not yet heard that it is known. */
  crossed: number;
  /** How often it was told to have happened again. */
  told: number;
}

/** Half of what the kernel keeps (`known` of bpf/maps.h): so it hardly lets go of anything by itself. */
const MOST_KEPT = 32_768;

/** The kernel's side of what is known. */
export interface KnownCounts {
  /** How often it happened since it was known; undefined where the kernel let go of it. */
  countOf(key: Buffer): number | undefined;
  /** It is not known any more: when it happens again, that crosses. */
  unmarkKnown(key: Buffer): void;
}

/** What the kernel was told that it is known: it counts these, and what was counted is told from time to time. */
export class KnownDeeds {
  readonly #deeds = new Map<string, Deed>();
  readonly #kernel: KnownCounts;

  constructor(kernel: KnownCounts) {
    this.#kernel = kernel;
  }

  /**
   * Where there is no room, what was not seen to happen for the longest time is known no more, neither here nor in the
   * kernel. Gives how often that had happened and was not told yet.
   */
  add(key: Buffer, event: RuntimeEvent): RuntimeEvent | undefined {
    const kept = { ...event };
    if (event.process) kept.process = withoutInstance(event.process);
    if (event.parent) kept.parent = withoutInstance(event.parent);
    this.#deeds.set(nameOf(key), { event: kept, crossed: 0, told: 0 });
    const [oldest] = this.#deeds;
    if (this.#deeds.size <= MOST_KEPT || oldest === undefined) return undefined;
    const [name, deed] = oldest;
    const rest = this.#restOf(deed, this.#kernel.countOf(keyOf(name)), event.time);
    this.#kernel.unmarkKnown(keyOf(name));
    this.#deeds.delete(name);
    return rest;
  }

  /** Whether it is known already: then it has happened once more. */
  isRepeat(key: Buffer): boolean {
    const deed = this.#deeds.get(nameOf(key));
    if (deed !== undefined) deed.crossed++;
    return deed !== undefined;
  }

  /** Each that happened again, with how often. Those that the kernel let go of are known no more. */
  *repeats(time: string): Generator<RuntimeEvent> {
    for (const [name, deed] of [...this.#deeds]) {
      const counted = this.#kernel.countOf(keyOf(name));
      const rest = this.#restOf(deed, counted, time);
      if (counted === undefined || rest !== undefined) this.#deeds.delete(name);
      if (counted !== undefined && rest !== undefined) this.#deeds.set(name, deed);
      if (rest !== undefined) yield rest;
    }
  }

  #restOf(deed: Deed, counted: number | undefined, time: string): RuntimeEvent | undefined {
    const count = (counted ?? 0) + deed.crossed;
    if (count <= deed.told) return undefined;
    const rest = { ...deed.event, time, count: count - deed.told };
    deed.told = count;
    return rest;
  }
}

/** There are many of these: a short string takes a sixth of what a buffer does. */
const nameOf = (key: Buffer): string => key.toString('latin1');
const keyOf = (name: string): Buffer => Buffer.from(name, 'latin1');

/** Which process it was is not known of what was only counted. */
function withoutInstance({
  path,
  arguments: words,
  applet,
  uid,
  inImage,
  fileless,
  digest,
}: EventProcess): EventProcess {
  return {
    path,
    arguments: words,
    ...(applet !== undefined && { applet }),
    ...(uid !== undefined && { uid }),
    ...(inImage !== undefined && { inImage }),
    ...(fileless !== undefined && { fileless }),
    ...(digest !== undefined && { digest }),
  };
}

/** Kinds that the kernel counts once they are known. */
const COUNTED: ReadonlySet<KernelRecord['kind']> = new Set(['exec', 'open', 'connect', 'accept', 'capability']);

/** Whether it is told once. Others have no key, and are told each time: without one, all of them would be the same. */
export const isCounted = ({ kind, key }: KernelRecord): boolean => COUNTED.has(kind) && key.some((byte) => byte !== 0);
