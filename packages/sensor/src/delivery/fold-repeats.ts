import type { RuntimeEvent } from '@breakwater/model';

/** Milliseconds in which what repeats is only counted. */
const WINDOW = 600_000;
/** Different things that are kept in mind; beyond it the one told longest ago is told again when it happens. */
const MOST = 20_000;
/** Kinds of which each time matters, however often it happens. */
const ALWAYS_TOLD: ReadonlySet<RuntimeEvent['type']> = new Set([
  'privilege',
  'namespace',
  'mount',
  'module',
  'signal',
  'alert',
  'loss',
  'request',
  'resource',
  'watch',
]);

interface Told {
  since: number;
  /** The last that was not told, and how many there were. */
  last: RuntimeEvent | undefined;
  count: number;
}

/**
 * Tells the first time that something happens, and counts it for ten minutes: what goes over the network follows what is
 * new, not what repeats. Memory is bounded.
 */
export class RepeatFolder {
  readonly #told = new Map<string, Told>();
  readonly #evicted: RuntimeEvent[] = [];

  /** The event where it is to be told now; undefined where it is counted. `now` gives milliseconds. */
  take(event: RuntimeEvent, now: number): RuntimeEvent | undefined {
    if (ALWAYS_TOLD.has(event.type) || event.alert !== undefined || event.prevention !== undefined) return event;
    const key = keyOf(event);
    const known = this.#told.get(key);
    if (known !== undefined && now - known.since < WINDOW && now >= known.since) {
      known.last = event;
      known.count += event.count ?? 1;
      return undefined;
    }
    if (known !== undefined) {
      this.#told.delete(key);
      if (known.last !== undefined) this.#evicted.push({ ...known.last, count: known.count });
    }
    const [oldest] = this.#told;
    if (this.#told.size >= MOST && oldest !== undefined) this.#end(...oldest);
    this.#told.set(key, { since: now, last: undefined, count: 0 });
    return event;
  }

  /** What was counted and is to be told now: of windows that are over, or of all. */
  due(now: number, all = false): RuntimeEvent[] {
    for (const [key, told] of this.#told) {
      if (!all && now - told.since < WINDOW && now >= told.since) break;
      this.#end(key, told);
    }
    return this.#evicted.splice(0);
  }

  #end(key: string, { last, count }: Told): void {
    this.#told.delete(key);
    if (last !== undefined) this.#evicted.push({ ...last, count });
  }
}

/** Everything but when, and which process it was; apart by what neither paths nor arguments hold. */
function keyOf({
  type,
  container,
  process,
  parent,
  file,
  peer,
  local,
  call,
  callArguments,
  failure,
  exitCode,
}: RuntimeEvent): string {
  // Callers come from ports that are given by chance.
  const port = type === 'accept' ? local?.port : peer?.port;
  // Of many programs in one file each is one of its own: what one was seen to do hides not what another does.
  const applets = `${process?.applet}\0${parent?.applet}`;
  const programs = `${process?.path}\0${process?.inImage}${process?.fileless}${process?.uid}\0${parent?.path}\0${applets}`;
  const object = `${file?.path}\0${file?.access}${file?.from}\0${peer?.address}\0${port}${peer?.name}\0${type === 'listen' ? local?.port : ''}`;
  const rest = type === 'exec' ? process?.arguments : `${call}${callArguments}`;
  return `${type}\0${container?.id}\0${programs}\0${object}\0${rest}\0${failure}${exitCode}`;
}
