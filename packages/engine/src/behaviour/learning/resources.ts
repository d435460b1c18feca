import type { ResourceJudgement, ResourceUse, RuntimeEvent } from '@breakwater/model';
import { QuantileSketch } from './quantile-sketch.ts';

type Usage = NonNullable<RuntimeEvent['usage']>;

/** How far above what is usual a replica has to be, and for how many minutes. */
const FAR = 3;
const LONG = 10;
/** Samples that say what is usual: a day of minutes. */
const ENOUGH = 1440;
/** Samples after which a release says itself what it uses. */
const SETTLED_IN = 60;
/** Releases of which it is kept what each uses: the newest that were seen. */
const MOST_RELEASES = 4;
/** Longest time of one sample that is counted: a longer one says little of its minutes. */
export const LONGEST = 15;

/** In which unit each is, and below what it is never worth a word: an idle program trebles nothing. */
const RESOURCES: Readonly<Record<string, { least: number; unit: string }>> = {
  cpu: { least: 0.25, unit: 'cores' },
  memory: { least: 64 * 1024 * 1024, unit: 'bytes' },
  tasks: { least: 64, unit: 'tasks' },
  received: { least: 1_000_000, unit: 'bytes a second' },
  sent: { least: 1_000_000, unit: 'bytes a second' },
  read: { least: 8_000_000, unit: 'bytes a second' },
  written: { least: 8_000_000, unit: 'bytes a second' },
};

/** By resource for how many minutes a replica has been far above what was usual, and what that was. */
export type Above = Record<string, { minutes: number; usual: number }>;

/** Sketches by resource. */
export type Sketches = Map<string, QuantileSketch>;

/** Who uses it: `above` holds for how many minutes each resource has been far above, and is changed. */
interface User {
  name: string;
  above: Above;
  /** Number of its release; -1 where none is known. */
  release: number;
}

/**
 * What replicas of one workload use, together and by release. A time above what is usual becomes usual only as it makes up a
 * hundredth of all. What is usual of a release is what it uses from its first hour on: before, it may need more than the one
 * before it, which is said and is no deviation.
 */
export class Resources {
  readonly #sketches: Sketches;
  readonly #byRelease: Map<number, Sketches>;

  constructor(sketches: Sketches = new Map(), byRelease: Map<number, Sketches> = new Map()) {
    this.#sketches = new Map([...sketches].filter(([resource]) => Object.hasOwn(RESOURCES, resource)));
    this.#byRelease = new Map(byRelease);
  }

  all = (): [string, QuantileSketch][] => [...this.#sketches];
  byRelease = (): [number, Sketches][] => [...this.#byRelease];

  /** Counts what was used in `seconds`. What is far above what is usual is told once, until it is not any more. */
  take(usage: Usage, seconds: number, replica: User): ResourceJudgement[] {
    if (!(seconds > 0)) return [];
    const judged: ResourceJudgement[] = [];
    for (const [resource, value] of valuesOf(usage, seconds)) {
      const sketch = sketchOf(this.#sketches, resource);
      const own = replica.release < 0 ? undefined : sketchOf(this.#of(replica.release), resource);
      const { least, unit } = RESOURCES[resource]!;
      const before = replica.above[resource];
      const others = sketch.total - (own?.total ?? 0);
      const isYoung = own !== undefined && own.total < SETTLED_IN && others > 0;
      // What is usual is what was so before it began; of a young release that is what others use.
      const usual = (isYoung ? 0 : before?.usual) || (isYoung ? sketch : (own ?? sketch)).quantile(0.99);
      const isFar = sketch.total > 0 && value >= least && value > FAR * usual;
      const minutes = isFar ? (before?.minutes ?? 0) + Math.min(seconds / 60, LONGEST) : 0;
      if (isFar) replica.above[resource] = { minutes, usual: isYoung ? 0 : usual };
      else delete replica.above[resource];
      if (minutes >= LONG && (before?.minutes ?? 0) < LONG)
        judged.push(judgementOf({ resource, value, usual, minutes, unit, isYoung }, replica.name, sketch.total));
      sketch.add(value);
      own?.add(value);
    }
    return judged;
  }

  #of(release: number): Sketches {
    const known = this.#byRelease.get(release);
    if (known !== undefined) return known;
    const made: Sketches = new Map();
    this.#byRelease.set(release, made);
    if (this.#byRelease.size > MOST_RELEASES) this.#byRelease.delete(Math.min(...this.#byRelease.keys()));
    return made;
  }

  /** `replicas` are those that use something now: who is far above what is usual is told with it. */
  describe = (replicas: readonly User[]): ResourceUse[] =>
    usesOf(this.#sketches).map((use) => {
      const above = replicas.flatMap(({ name, above: { [use.resource]: far } }) => {
        if (far === undefined || far.minutes < LONG) return [];
        return [{ replica: name, minutes: Math.floor(far.minutes), usual: far.usual || use.p99 }];
      });
      return above.length === 0 ? use : { ...use, above };
    });

  /** The same of one release; nothing where it is not kept. */
  describeRelease = (release: number): ResourceUse[] => usesOf(this.#byRelease.get(release) ?? new Map());
}

function sketchOf(sketches: Sketches, resource: string): QuantileSketch {
  const sketch = sketches.get(resource) ?? new QuantileSketch();
  sketches.set(resource, sketch);
  return sketch;
}

const usesOf = (sketches: Sketches): ResourceUse[] =>
  Array.from(sketches, ([resource, sketch]) => ({
    resource,
    samples: sketch.total,
    median: sketch.quantile(0.5),
    p95: sketch.quantile(0.95),
    p99: sketch.quantile(0.99),
    highest: sketch.highest,
  }));

/** What is counted over a time, per second of it; what is held, as it is. */
function valuesOf(usage: Usage, seconds: number): [string, number][] {
  const values: [string, number | undefined][] = [
    ['cpu', usage.cpu === undefined ? undefined : usage.cpu / seconds],
    ['memory', usage.memory],
    ['tasks', usage.tasks],
    ['received', usage.received === undefined ? undefined : usage.received / seconds],
    ['sent', usage.sent === undefined ? undefined : usage.sent / seconds],
    ['read', usage.read === undefined ? undefined : usage.read / seconds],
    ['written', usage.written === undefined ? undefined : usage.written / seconds],
  ];
  return values.filter((pair): pair is [string, number] => pair[1] !== undefined && pair[1] >= 0);
}

interface Far {
  resource: string;
  value: number;
  usual: number;
  minutes: number;
  unit: string;
  isYoung: boolean;
}

function judgementOf(
  { resource, value, usual, minutes, unit, isYoung }: Far,
  replica: string,
  samples: number,
): ResourceJudgement {
  const whole = Math.floor(minutes);
  const above = `${resource} is ${shown(value)} ${unit} for ${whole} minutes; 99 of 100 minutes stay below ${shown(usual)}`;
  if (isYoung) {
    const reason = `${above} in other releases: this one may need more`;
    return { resource, replica, value, usual, minutes: whole, verdict: 'learning', reason };
  }
  const isKnown = samples >= ENOUGH;
  return {
    resource,
    replica,
    value,
    usual,
    minutes: whole,
    verdict: isKnown ? 'deviation' : 'learning',
    reason: isKnown ? above : `${above}, of ${samples} that were seen`,
  };
}

const shown = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Math.round(value * 100) / 100);
