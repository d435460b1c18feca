import type { EventProcess, RuntimeEvent } from '@breakwater/model';

/** What is kept of an event, so that it can be told again. */
interface Deed {
  key: Buffer;
  event: RuntimeEvent;
  /** How often it happened while the kernel had not yet heard that it is known. */
  crossed: number;
  /** How often it was told to have happened again. */
  told: number;
}

const MOST_KEPT = 16_384;

/** What the kernel was told that it is known: it counts these, and what was counted is told from time to time. */
export class KnownDeeds {
  readonly #deeds = new Map<string, Deed>();

  add(key: Buffer, event: RuntimeEvent): void {
    const kept = { ...event };
    if (event.process) kept.process = withoutInstance(event.process);
    if (event.parent) kept.parent = withoutInstance(event.parent);
    this.#deeds.set(key.toString('latin1'), { key: Buffer.from(key), event: kept, crossed: 0, told: 0 });
    const [oldest] = this.#deeds.keys();
    if (this.#deeds.size > MOST_KEPT && oldest !== undefined) this.#deeds.delete(oldest);
  }

  /** Whether it is known already: then it has happened once more. */
  isRepeat(key: Buffer): boolean {
    const deed = this.#deeds.get(key.toString('latin1'));
    if (deed !== undefined) deed.crossed++;
    return deed !== undefined;
  }

  /** Each that happened again, with how often; `countOf` gives undefined for those that the kernel let go of. */
  *repeats(countOf: (key: Buffer) => number | undefined, time: string): Generator<RuntimeEvent> {
    for (const [name, deed] of this.#deeds) {
      const counted = countOf(deed.key);
      if (counted === undefined) this.#deeds.delete(name);
      const count = (counted ?? 0) + deed.crossed;
      if (count <= deed.told) continue;
      yield { ...deed.event, time, count: count - deed.told };
      deed.told = count;
    }
  }
}

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
