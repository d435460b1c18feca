import type { ResourceJudgement, ResourceUse, RuntimeEvent } from '@breakwater/model';
import { QuantileSketch } from './quantile-sketch.ts';

type Usage = NonNullable<RuntimeEvent['usage']>;

/** How far above what is usual a replica has to be, and for how many minutes. */
const FAR = 3;
const LONG = 10;
/** Samples that say what is usual: a day of minutes. */
const ENOUGH = 1440;
/** Longest time of one sample that is counted: a longer one says little of its minutes. */
const LONGEST = 15;

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

/** What replicas of one workload use. A time above what is usual becomes usual only as it makes up a hundredth of all. */
export class Resources {
  readonly #sketches = new Map<string, QuantileSketch>();

  constructor(sketches: Iterable<readonly [string, QuantileSketch]> = []) {
    for (const [resource, sketch] of sketches) if (resource in RESOURCES) this.#sketches.set(resource, sketch);
  }

  all = (): [string, QuantileSketch][] => [...this.#sketches];

  /** Counts what was used in `seconds`; `above` holds for how many minutes each has been far above, and is changed. */
  take(usage: Usage, seconds: number, replica: { name: string; above: Above }): ResourceJudgement[] {
    if (!(seconds > 0)) return [];
    const judged: ResourceJudgement[] = [];
    for (const [resource, value] of valuesOf(usage, seconds)) {
      const sketch = this.#sketches.get(resource) ?? new QuantileSketch();
      this.#sketches.set(resource, sketch);
      const { least, unit } = RESOURCES[resource]!;
      const before = replica.above[resource];
      // What is usual is what was so before it began.
      const usual = before?.usual ?? sketch.quantile(0.99);
      const isFar = sketch.total > 0 && value >= least && value > FAR * usual;
      const minutes = isFar ? (before?.minutes ?? 0) + Math.min(seconds / 60, LONGEST) : 0;
      if (isFar) replica.above[resource] = { minutes, usual };
      else delete replica.above[resource];
      if (minutes >= LONG)
        judged.push(judgementOf({ resource, value, usual, minutes, unit }, replica.name, sketch.total));
      sketch.add(value);
    }
    return judged;
  }

  describe(): ResourceUse[] {
    return this.all().map(([resource, sketch]) => ({
      resource,
      samples: sketch.total,
      median: sketch.quantile(0.5),
      p95: sketch.quantile(0.95),
      p99: sketch.quantile(0.99),
      highest: sketch.highest,
    }));
  }
}

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
}

function judgementOf(
  { resource, value, usual, minutes, unit }: Far,
  replica: string,
  samples: number,
): ResourceJudgement {
  const whole = Math.floor(minutes);
  const above = `${resource} is ${shown(value)} ${unit} for ${whole} minutes; 99 of 100 minutes stay below ${shown(usual)}`;
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
