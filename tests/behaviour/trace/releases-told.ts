import type { Trace } from './read-trace.ts';

type Releases = Trace['releases'];
const nameOf = ({ workload, tag }: { workload: string; tag: string }): string => `${workload} ${tag}`;

/** What a tag means where a recording does not tell: the first release that was recorded under it. */
function meantBy(traces: readonly Trace[]): Map<string, Releases[number]> {
  const meant = new Map<string, Releases[number]>();
  const inOrder = traces.toSorted((one, other) => one.started.localeCompare(other.started));
  for (const release of inOrder.flatMap(({ releases }) => releases))
    if (!meant.has(nameOf(release))) meant.set(nameOf(release), release);
  return meant;
}

/** The releases whose facts a recording has to tell itself, to be kept beside others. */
export function releasesToTell(releases: Releases, kept: readonly Trace[]): Releases {
  const meant = meantBy(kept);
  return releases.filter((release) => meant.get(nameOf(release))?.facts.id !== release.facts.id);
}

/** A kept recording, with the releases that only others of them tell: it may be read by itself then. */
export function withAllReleases(trace: Trace, kept: readonly Trace[]): Trace {
  const own = new Set(trace.releases.map(nameOf));
  const used = new Set(trace.replicas.map(nameOf));
  const others = [...meantBy(kept)].filter(([name]) => used.has(name) && !own.has(name));
  return { ...trace, releases: [...trace.releases, ...others.map(([, release]) => release)] };
}
