import type { Trace, TraceReplica } from './read-trace.ts';

const MINUTE = 60_000;

/**
 * Several recordings as one, as if somebody had looked away between them: what is learned goes on where it was. They may
 * come in any order, and none may begin before another has ended. What still ran at the end of one ends with it.
 */
export function joinTraces(traces: readonly Trace[]): Trace {
  const [first, ...others] = traces.toSorted((one, other) => one.started.localeCompare(other.started)).map(ended);
  if (first === undefined) throw new Error('there is nothing to join');
  return others.reduce(joined, first);
}

function joined(before: Trace, recorded: Trace): Trace {
  const after = withOwnTags(recorded, before);
  const replicas = nextOf(before.replicas.map(({ id }) => id));
  const events = before.events.length;
  const known = new Set(before.releases.map(({ workload, tag }) => `${workload} ${tag}`));
  const moved = <T extends { replica: number }>(line: T): T => ({ ...line, replica: line.replica + replicas });
  return {
    seed: before.seed,
    started: before.started,
    replicas: [...before.replicas, ...after.replicas.map((one) => ({ ...one, id: one.id + replicas }))],
    releases: [...before.releases, ...after.releases.filter(({ workload, tag }) => !known.has(`${workload} ${tag}`))],
    events: [...before.events, ...after.events],
    minutes: [
      ...before.minutes,
      ...after.minutes.map((line) => ({
        ...moved(line),
        counts: line.counts.map((value, at) => (at % 2 === 0 ? value + events : value)),
        firsts: line.firsts.map((value, at) => (at % 4 === 0 ? value + events : value)),
      })),
    ],
    whole: [...before.whole, ...after.whole.map(moved)],
    attacks: [...before.attacks, ...after.attacks.map(moved)],
    work: [...before.work, ...after.work],
  };
}

/** An image that was built anew under the tag of another is another release: its tag is marked. */
function withOwnTags(trace: Trace, before: Trace): Trace {
  const known = new Map(before.releases.map(({ workload, tag, facts }) => [`${workload} ${tag}`, facts.id]));
  const renamed = new Map<string, string>();
  for (const { workload, tag, facts } of trace.releases) {
    let own = tag;
    while ((known.get(`${workload} ${own}`) ?? facts.id) !== facts.id) own += "'";
    renamed.set(`${workload} ${tag}`, own);
  }
  const rename = <T extends { workload: string; tag: string }>(one: T): T => ({
    ...one,
    tag: renamed.get(`${one.workload} ${one.tag}`) ?? one.tag,
  });
  return { ...trace, replicas: trace.replicas.map(rename), releases: trace.releases.map(rename) };
}

const nextOf = (ids: readonly number[]): number => ids.reduce((most, id) => Math.max(most, id), -1) + 1;

/** With an end for each of its replicas: that of the last minute of which anything was told. */
function ended(trace: Trace): Trace {
  const told = trace.replicas.filter((replica): replica is TraceReplica => replica !== undefined);
  const last = trace.minutes.reduce((most, { minute }) => Math.max(most, minute), 0);
  const end = new Date((last + 1) * MINUTE - 1).toISOString();
  return { ...trace, replicas: told.map((replica) => ({ ...replica, end: replica.end ?? end })) };
}
