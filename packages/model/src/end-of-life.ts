import { z } from 'zod';

/** Until when something in an image gets security fixes, as it stood on the day of judging. */
export const SupportStatus = z.object({
  subject: z.enum(['distribution', 'runtime']),
  /** `Debian`, `Node.js`. */
  product: z.string(),
  /** `10`, `3.19`; empty for a rolling release, or where none is stated. */
  release: z.string(),
  /**
   * `extended`: fixes come only to those who pay or joined a longer programme. `ended`: fixes no longer come. `rolling`:
   * one release without an end of its own. `unknown`: no date is known, which is not `supported`.
   */
  state: z.enum(['supported', 'extended', 'ended', 'rolling', 'unknown']),
  /** Last day of fixes for everybody, `2024-06-30`. */
  end: z.string().optional(),
  /** Last day of extended support. */
  extended: z.string().optional(),
  /** Page of its makers that gives the dates. */
  source: z.string().optional(),
  /** `Component.id` of a runtime, the first of several of the same release. */
  component: z.string().optional(),
});
export type SupportStatus = z.infer<typeof SupportStatus>;

const DAY = 24 * 60 * 60 * 1000;

/**
 * `Debian 10 reached its end of life 2024-06-30, 876 days ago: fixes no longer come`; undefined where nothing has ended.
 * `now` is ISO 8601.
 */
export function describeSupport(
  { product, release, state, end, extended }: SupportStatus,
  now: string,
): string | undefined {
  if (end === undefined || (state !== 'ended' && state !== 'extended')) return undefined;
  const days = Math.floor((Date.parse(now.slice(0, 10)) - Date.parse(end)) / DAY);
  const ended = `${product} ${release} reached its end of life ${end}, ${days} ${days === 1 ? 'day' : 'days'} ago`;
  return state === 'ended'
    ? `${ended}: fixes no longer come`
    : `${ended}: fixes come only by extended support, until ${extended}`;
}
