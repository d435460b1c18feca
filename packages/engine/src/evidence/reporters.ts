import type { Observation } from '@breakwater/model';
import { joinHours } from './observation.ts';

/** Something that reports events: what is known of it beside what it told of images. */
export interface Reporter {
  /** `source@node`, as observations name it; only the source where a loss names no node. */
  name: string;
  /** Whole hours since 1970 in which it gave signs of life, as inclusive ranges in order. */
  hours: [from: number, to: number][];
  /** Whether events of it were lost. */
  lossy: boolean;
}

/** Joins what is known of reporters; in any order and however often the same is given, the result is the same. */
export function mergeReporters(...lists: readonly (readonly Reporter[])[]): Reporter[] {
  const byName = new Map<string, Reporter>();
  for (const { name, hours, lossy } of lists.flat()) {
    const other = byName.get(name);
    byName.set(name, {
      name,
      hours: joinHours([...(other?.hours ?? []), ...hours]),
      lossy: lossy || other?.lossy === true,
    });
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Observations of events that were collected piece by piece, as if they had been collected at once: between its first and
 * its last event an image was observed in every hour in which its reporters lived, and what they lost may have been its own.
 */
export function withReporters(observations: readonly Observation[], reporters: readonly Reporter[]): Observation[] {
  const byName = new Map(reporters.map((reporter) => [reporter.name, reporter]));
  return observations.map((observation) => {
    const own = observation.reporters.flatMap((name) => byName.get(name) ?? []);
    const sources = observation.reporters.flatMap((name) => byName.get(name.slice(0, name.indexOf('@'))) ?? []);
    return {
      ...observation,
      hours: joinHours([...observation.hours, ...own.flatMap(({ hours }) => clip(hours, observation))]),
      lossReported: observation.lossReported || [...own, ...sources].some(({ lossy }) => lossy),
    };
  });
}

const HOUR = 3_600_000;

function clip(hours: Reporter['hours'], { first, last }: Observation): Reporter['hours'] {
  const from = Math.floor(Date.parse(first) / HOUR);
  const to = Math.floor(Date.parse(last) / HOUR);
  return hours.flatMap(([start, end]): Reporter['hours'] => {
    const range: [number, number] = [Math.max(start, from), Math.min(end, to)];
    return range[0] <= range[1] ? [range] : [];
  });
}
