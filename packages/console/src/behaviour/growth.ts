import type { KnownBehaviour, LearnedProfile } from '@breakwater/model';

/** How many behaviours were known by a moment (milliseconds). */
export interface GrowthPoint {
  time: number;
  known: number;
}

/** What a curve spans, in milliseconds. */
export interface Span {
  from: number;
  until: number;
}

/** From the first event to the last; undefined where there were none. */
export function spanOf({ from, until, growth }: Pick<LearnedProfile, 'from' | 'until' | 'growth'>): Span | undefined {
  const times = [from, until, ...growth.map(({ time }) => time)]
    .map((time) => Date.parse(time ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : { from: Math.min(...times), until: Math.max(...times) };
}

/** How one dimension grew: what was declared counts from the beginning, the rest from when it was first seen. */
export function growthOf(behaviours: readonly Pick<KnownBehaviour, 'first'>[], { from, until }: Span): GrowthPoint[] {
  const times = behaviours
    .map(({ first }) => Date.parse(first ?? ''))
    .map((time) => (Number.isNaN(time) ? from : Math.min(Math.max(time, from), until)))
    .sort((a, b) => a - b);
  const points: GrowthPoint[] = [{ time: from, known: 0 }];
  for (const [index, time] of times.entries()) {
    const last = points.at(-1);
    if (last?.time === time) last.known = index + 1;
    else points.push({ time, known: index + 1 });
  }
  return [...points, { time: until, known: times.length }];
}

/** A curve of steps in a box, as the `d` of a path: a behaviour is known from one moment on, and not a little before. */
export function stepPath(
  points: readonly GrowthPoint[],
  { from, until }: Span,
  { width, height, most }: { width: number; height: number; most: number },
): string {
  const x = (time: number) => round(until === from ? width : ((time - from) / (until - from)) * width);
  const y = (known: number) => round(height - (known / Math.max(1, most)) * height);
  return points
    .map(({ time, known }, index) => (index === 0 ? `M${x(time)} ${y(known)}` : `H${x(time)}V${y(known)}`))
    .join('');
}

const round = (value: number): number => Math.round(value * 10) / 10;
