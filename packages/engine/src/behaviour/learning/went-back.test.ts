import { describe, expect, it } from 'vitest';
import { BehaviourModel } from './behaviour-model.ts';
import { facts, SERVES, timeAt, Workload } from './testing/workload.ts';

/** Files of a release that all differ from those of another one. */
const filesOf = (release: string, many: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: many }, (_, at) => [`/usr/lib/lib${at}.so`, `${release}${at}`] as const));
const releaseOf = (id: string, many = 20) => facts(id, { paths: { '/app': id, ...filesOf(id, many) } });
/** What only a change of its program explains. */
const CONNECTS = 'connect /app loopback:9000/TCP';

/** Each release ran on two replicas for two hours, one after the other. */
function ran(releases: readonly string[], many?: number): Workload {
  const workload = new Workload();
  for (const [place, id] of releases.entries()) {
    const minute = 120 * place;
    workload.model.begin(releaseOf(id, many), timeAt(minute));
    for (const replica of ['a', 'b']) workload.runs(`${id}-${replica}`, minute, minute + 120, SERVES, id);
  }
  return workload;
}

const incompleteOf = (workload: Workload, id: string): string[] | undefined =>
  workload.model.describe(timeAt(2000)).releases.find(({ facts: { id: of } }) => of === id)?.difference?.incomplete;

describe('a release that somebody goes back to', () => {
  it('is no new one', () => {
    const workload = ran(['one', 'two']);
    expect(workload.model.begin(releaseOf('one'), timeAt(250))).toBeUndefined();
    for (const text of SERVES) expect(workload.verdict(251, 'c', text, 'one')).toBe('known');
    expect(workload.model.begin(releaseOf('two'), timeAt(260))).toBeUndefined();
    expect(workload.model.describe(timeAt(261)).releases).toHaveLength(2);
  });

  it('explains what its image changed as before, also where it was cut to what people read meanwhile', () => {
    const workload = ran(['one', 'two', 'three', 'four', 'five']);
    for (const one of [workload, workload.restored()]) {
      one.model.begin(releaseOf('two'), timeAt(600));
      expect(one.verdict(601, 'back', CONNECTS, 'two')).toBe('explained');
    }
    expect(incompleteOf(workload, 'two')).toEqual([]);
  });

  it('says that some changes explain nothing, where not all were kept', () => {
    const workload = ran(['one', 'two', 'three', 'four', 'five'], 400);
    workload.model.begin(releaseOf('two', 400), timeAt(600));
    expect(incompleteOf(workload, 'two')).toEqual([expect.stringContaining('explain nothing')]);
    workload.model.begin(releaseOf('two', 400), timeAt(601));
    expect(incompleteOf(workload, 'two')).toHaveLength(1);
  });

  it('is compared anew with the one before where all of that is kept', () => {
    const workload = ran(['one', 'two', 'three', 'four'], 400);
    // Before the first of the two is read again, it is the newest two of which all is kept.
    workload.model.begin(releaseOf('one', 400), timeAt(500));
    workload.model.begin(releaseOf('two', 400), timeAt(510));
    expect(incompleteOf(workload, 'two')).toEqual([]);
    expect(workload.verdict(511, 'back', CONNECTS, 'two')).toBe('explained');
  });
});

describe('a release that could not be compared with the one before', () => {
  it('is told with what nothing explains in it all the same', () => {
    const workload = ran(['one']);
    for (const replica of ['a', 'b']) workload.runs(`one-${replica}`, 120, 800, SERVES, 'one');
    workload.model.begin(releaseOf('two'), timeAt(800));
    const state = workload.model.state();
    for (const release of state.releases) delete release.difference;
    workload.model = BehaviourModel.restore(state);
    expect(workload.verdict(801, 'two-a', 'exec /app /usr/bin/curl', 'two')).toBe('deviation');
    const told = workload.model.describe(timeAt(802)).releases.find(({ facts: { id } }) => id === 'two');
    expect(told!.unexplained).toHaveLength(1);
  });
});
