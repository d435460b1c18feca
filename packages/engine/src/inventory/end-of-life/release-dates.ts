/**
 * Until when a release gets security fixes: `end` for everybody, `extended` for who pays for it or joins a longer
 * programme, each the last day (UTC).
 */
export type ReleaseDates = readonly [end: string, extended?: string];

/** Releases of one product. */
export interface ProductReleases {
  /** As people call it: `Debian`. */
  name: string;
  /** Page of its makers that gives the dates. */
  source: string;
  /** Parts of a version that name a release: two for Alpine's `3.19.1`. */
  parts: 1 | 2;
  /** Absent for a rolling release, which has no end of its own. */
  releases?: Readonly<Record<string, ReleaseDates>>;
}
