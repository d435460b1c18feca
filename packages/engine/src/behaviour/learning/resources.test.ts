import { ReleaseFacts } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { BehaviourModel } from './behaviour-model.ts';
import { timeAt, Workload } from './testing/workload.ts';

const use = (workload: Workload, minute: number, cpu: number, replica = 'a') =>
  workload.model.use({
    replica,
    since: timeAt(minute - 1),
    time: timeAt(minute),
    usage: { cpu: 60 * cpu, memory: 1e8 },
  });

describe('use of resources', () => {
  it('is told where it is far above what is usual for ten minutes, and not before', () => {
    const workload = new Workload();
    for (let minute = 1; minute <= 1500; minute++) expect(use(workload, minute, 0.1 + (minute % 10) / 50)).toEqual([]);
    for (let minute = 1501; minute < 1510; minute++) expect(use(workload, minute, 3)).toEqual([]);
    const [said] = use(workload, 1510, 3);
    expect(said).toMatchObject({ resource: 'cpu', replica: 'a', value: 3, minutes: 10, verdict: 'deviation' });
    expect(said!.usual).toBeGreaterThan(0.26);
    expect(said!.reason).toMatch(/^cpu is 3 cores for 10 minutes; 99 of 100 minutes stay below 0\.2\d$/);
    expect(use(workload, 1511, 0.1)).toEqual([]);
    expect(use(workload, 1512, 3)).toEqual([]);
  });

  it('is told once while it lasts, and again when it comes again', () => {
    const workload = new Workload();
    for (let minute = 1; minute <= 1500; minute++) use(workload, minute, 0.2);
    const told = (from: number, minutes: number) =>
      Array.from({ length: minutes }, (_, index) => use(workload, from + index, 3)).flat().length;
    expect(told(1501, 14)).toBe(1);
    use(workload, 1515, 0.2);
    expect(told(1516, 9)).toBe(0);
    expect(told(1525, 1)).toBe(1);
  });

  it('is described with who is far above it, as long as that is so and the replica is there', () => {
    const workload = new Workload();
    for (let minute = 1; minute <= 1500; minute++) use(workload, minute, 0.2);
    for (let minute = 1501; minute <= 1511; minute++) use(workload, minute, 3, 'b');
    const above = (minute: number) =>
      workload.model
        .describe(timeAt(minute))
        .resources.flatMap(({ resource, above = [] }) => above.map((one) => ({ resource, ...one })));
    expect(above(1512)).toMatchObject([{ resource: 'cpu', replica: 'b', minutes: 11 }]);
    expect(above(1512)[0]?.usual).toBeCloseTo(0.2, 1);
    expect(above(1600)).toEqual([]);
    use(workload, 1513, 0.2, 'b');
    expect(above(1514)).toEqual([]);
  });

  it('is learned from little with reserve, and trebling next to nothing is not worth a word', () => {
    const workload = new Workload();
    for (let minute = 1; minute <= 60; minute++) use(workload, minute, 0.001);
    for (let minute = 61; minute <= 100; minute++) expect(use(workload, minute, 0.1)).toEqual([]);
    const other = new Workload();
    for (let minute = 1; minute <= 60; minute++) use(other, minute, 0.2);
    const verdicts = Array.from({ length: 12 }, (_, index) =>
      use(other, 61 + index, 8).map(({ verdict }) => verdict),
    ).flat();
    expect(new Set(verdicts)).toEqual(new Set(['learning']));
  });

  it('is counted by replica, and described as quantiles', () => {
    const workload = new Workload();
    for (let minute = 1; minute <= 2000; minute++) use(workload, minute, 0.3);
    for (let minute = 2001; minute <= 2008; minute++)
      for (const replica of ['b', 'c']) expect(use(workload, minute, 4, replica)).toEqual([]);
    const { resources } = workload.model.describe(timeAt(2010));
    expect(resources.map(({ resource }) => resource)).toEqual(['cpu', 'memory']);
    expect(resources[0]!.median).toBeCloseTo(0.3, 1);
    expect(resources[0]).toMatchObject({ samples: 2016, highest: 4 });
  });

  it.each([
    [0, 0, { cpu: 1 }],
    [5, 1, { cpu: 1 }],
    [0, 1, { cpu: Number.NaN }],
    [0, 1, { memory: -5 }],
  ])('that is none says nothing: from %i to %i', (since, time, usage) => {
    const workload = new Workload();
    expect(workload.model.use({ replica: 'a', since: timeAt(since), time: timeAt(time), usage })).toEqual([]);
    expect(workload.model.describe(timeAt(9)).resources.every(({ samples }) => samples === 0)).toBe(true);
  });

  it('of a release that needs more is said to be of it, and is what is usual of it from then on', () => {
    const workload = new Workload();
    const begin = (id: string, minute: number) => workload.model.begin(ReleaseFacts.parse({ id }), timeAt(minute));
    const of = (replica: string, id: string, minute: number) =>
      workload.model.watched(replica, timeAt(minute), { release: id });
    begin('one', 0);
    of('a', 'one', 0);
    for (let minute = 1; minute <= 1500; minute++) use(workload, minute, 0.3);
    begin('two', 1500);
    of('b', 'two', 1501);
    const said = Array.from({ length: 200 }, (_, index) => use(workload, 1501 + index, 2, 'b')).flat();
    expect(new Set(said.map(({ verdict }) => verdict))).toEqual(new Set(['learning']));
    expect(said[0]?.reason).toMatch(/in other releases: this one may need more$/);
    expect(said.length).toBeLessThan(60);
    const { releases } = workload.model.describe(timeAt(1800));
    const cpu = releases.map(({ resources }) => resources?.find(({ resource }) => resource === 'cpu')?.p99 ?? 0);
    expect(cpu[0]).toBeCloseTo(0.3, 1);
    expect(cpu[1]).toBeCloseTo(2, 0);

    // More than its own is one of it; what the other release uses is no excuse, and neither is its own for that.
    const again = BehaviourModel.restore(workload.model.state());
    const usage = { cpu: 60 * 9 };
    const far = (replica: string) =>
      Array.from({ length: 12 }, (_, index) =>
        again.use({ replica, since: timeAt(1800 + index), time: timeAt(1801 + index), usage }),
      ).flat();
    expect(far('b').at(-1)).toMatchObject({ verdict: 'deviation' });
    expect(far('a').at(-1)?.usual).toBeLessThan(0.4);
  });

  it('is kept of the newest releases alone', () => {
    const workload = new Workload();
    for (let release = 0; release < 20; release++) {
      workload.model.begin(ReleaseFacts.parse({ id: `r${release}` }), timeAt(release * 10));
      workload.model.watched(`x${release}`, timeAt(release * 10), { release: `r${release}` });
      use(workload, release * 10 + 1, 0.3, `x${release}`);
    }
    expect(workload.model.state().releaseSketches?.map(([release]) => release)).toEqual([16, 17, 18, 19]);
  });
});
