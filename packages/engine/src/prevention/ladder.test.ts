import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LADDER, Ladder, type LadderSettings, type LadderSign, type LadderStep } from './index.ts';

const SETTINGS: LadderSettings = { ...DEFAULT_LADDER, hold: 1000, window: 100, mostDecisions: 3, mostFailures: 1 };
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `web-${index}`);

function ladderOf(containers: readonly string[], settings: Partial<LadderSettings> = {}): Ladder {
  const ladder = new Ladder({ ...SETTINGS, ...settings });
  for (const container of containers) ladder.take({ type: 'start', time: 0, workload: 'shop/web', container });
  return ladder;
}

const at = (ladder: Ladder, time: number): LadderStep[] => ladder.take({ type: 'time', time });

describe('a ladder', () => {
  it('tells first, then alerts, then stops: each after a hold without trouble', () => {
    const ladder = ladderOf(['web-0']);
    expect(at(ladder, 999)).toEqual([]);
    expect(at(ladder, 1000)).toMatchObject([{ workload: 'shop/web', from: 'audit', to: 'warn', isBack: false }]);
    expect(at(ladder, 1999)).toEqual([]);
    expect(at(ladder, 2000)).toMatchObject([{ from: 'warn', to: 'block', blocking: ['web-0'] }]);
    expect(ladder.rungOf('web-0')).toBe('block');
  });

  it('goes no further than its goal', () => {
    const ladder = ladderOf(['web-0'], { goal: 'warn' });
    expect([at(ladder, 1000), at(ladder, 5000), at(ladder, 9000)].map((steps) => steps.length)).toEqual([1, 0, 0]);
    expect(ladder.rungOf('web-0')).toBe('warn');
  });

  it('stops in a share of the replicas first, and in all after another hold', () => {
    const ladder = ladderOf(names(10));
    at(ladder, 1000);
    expect(at(ladder, 2000)).toMatchObject([{ to: 'block', blocking: ['web-0', 'web-1'] }]);
    expect(
      names(10)
        .map((name) => ladder.rungOf(name))
        .filter((rung) => rung === 'warn'),
    ).toHaveLength(8);
    expect(at(ladder, 3000)).toMatchObject([{ from: 'block', to: 'block', blocking: names(10) }]);
  });

  it('stops in few containers of all workloads first', () => {
    const ladder = new Ladder({ ...SETTINGS, firstContainers: 2 });
    for (const workload of ['a', 'b', 'c'])
      ladder.take({ type: 'start', time: 0, workload, container: `${workload}-0` });
    at(ladder, 1000);
    at(ladder, 2000);
    expect(['a-0', 'b-0', 'c-0'].map((name) => ladder.rungOf(name))).toEqual(['block', 'block', 'warn']);
  });

  it('goes back by itself when more is refused than expected, and waits twice as long before it goes on', () => {
    const ladder = ladderOf(['web-0']);
    at(ladder, 1000);
    at(ladder, 2000);
    const refuse = (time: number): LadderStep[] => ladder.take({ type: 'decision', time, container: 'web-0' });
    expect([refuse(2001), refuse(2002), refuse(2003)].flat()).toEqual([]);
    expect(refuse(2004)).toMatchObject([
      { from: 'block', to: 'audit', isBack: true, blocking: [], reason: '4 refusals within 0 s: more than 3' },
    ]);
    expect(ladder.rungOf('web-0')).toBe('audit');
    expect(at(ladder, 3500)).toEqual([]);
    expect(at(ladder, 4004)).toMatchObject([{ to: 'warn' }]);
  });

  it('goes back when containers fail, and not when they end well', () => {
    const ladder = ladderOf(names(10));
    at(ladder, 1000);
    at(ladder, 2000);
    const end = (container: string, hasFailed: boolean): LadderStep[] =>
      ladder.take({ type: 'end', time: 2010, container, hasFailed });
    expect([end('web-9', false), end('web-8', false), end('web-7', true)].flat()).toEqual([]);
    expect(end('web-6', true)).toMatchObject([
      { to: 'audit', isBack: true, reason: expect.stringContaining('failed') },
    ]);
  });

  const health = (ladder: Ladder, container: string, isReady: boolean, time = 2010): LadderStep[] =>
    ladder.take({ type: 'health', time, container, isReady });

  it('goes back when containers in which it stops are not ready any more, and goes on when they are again', () => {
    const ladder = ladderOf(names(2));
    for (const name of names(2)) health(ladder, name, true, 10);
    at(ladder, 1000);
    at(ladder, 2000);
    // The one in which it only tells may have its own reasons.
    expect(health(ladder, 'web-1', false)).toEqual([]);
    expect(health(ladder, 'web-0', false)).toMatchObject([
      { to: 'audit', isBack: true, reason: '1 of 1 containers in which it stops are not ready any more' },
    ]);
    expect(at(ladder, 9000)).toEqual([]);
    expect(names(2).flatMap((name) => health(ladder, name, true, 9001))).toMatchObject([{ to: 'warn' }]);
  });

  it('bears that few of many are not ready', () => {
    const ladder = ladderOf(names(10), { firstContainers: 10, firstShare: 0.5 });
    for (const name of names(10)) health(ladder, name, true, 10);
    at(ladder, 1000);
    at(ladder, 2000);
    expect([health(ladder, 'web-0', false)].flat()).toEqual([]);
    expect(health(ladder, 'web-1', false)).toMatchObject([{ isBack: true }]);
  });

  it('waits for a container that comes up, unless something was refused to it', () => {
    const ladder = ladderOf(['web-0']);
    at(ladder, 1000);
    at(ladder, 2000);
    expect(health(ladder, 'web-0', false)).toEqual([]);
    expect(ladder.take({ type: 'decision', time: 2011, container: 'web-0' })).toMatchObject([{ isBack: true }]);
  });

  it('goes on where nobody tells of health, and forgets that of containers that ended', () => {
    const ladder = ladderOf(names(2));
    health(ladder, 'web-1', true, 10);
    health(ladder, 'web-1', false, 11);
    expect(at(ladder, 1000)).toEqual([]);
    const ended = ladder.take({ type: 'end', time: 1001, container: 'web-1', hasFailed: false });
    expect(ended).toMatchObject([{ to: 'warn' }]);
  });

  it('forgets what was refused before its window', () => {
    const ladder = ladderOf(['web-0']);
    at(ladder, 1000);
    at(ladder, 2000);
    for (let time = 2001; time < 4000; time += 50)
      expect(ladder.take({ type: 'decision', time, container: 'web-0' }).filter(({ isBack }) => isBack)).toEqual([]);
  });

  it('does not go on while more would be refused than it bears', () => {
    const ladder = ladderOf(['web-0']);
    for (let time = 990; time < 1000; time++) ladder.take({ type: 'decision', time, container: 'web-0' });
    expect(at(ladder, 1000)).toEqual([]);
    expect(at(ladder, 1200)).toMatchObject([{ to: 'warn' }]);
  });

  it('goes on with a replica that comes in the place of one that blocked', () => {
    const ladder = ladderOf(names(3));
    at(ladder, 1000);
    at(ladder, 2000);
    ladder.take({ type: 'end', time: 2500, container: 'web-0', hasFailed: false });
    expect(names(3).map((name) => ladder.rungOf(name))).toEqual(['audit', 'block', 'warn']);
  });

  it('never stops in more containers than its bounds, never skips a rung, and always goes back when it should', () => {
    const sign = fc.oneof(
      fc.record({
        type: fc.constant('start' as const),
        workload: fc.constantFrom('a', 'b'),
        container: fc.constantFrom(...names(8)),
      }),
      fc.record({
        type: fc.constant('end' as const),
        container: fc.constantFrom(...names(8)),
        hasFailed: fc.boolean(),
      }),
      fc.record({ type: fc.constant('decision' as const), container: fc.constantFrom(...names(8)) }),
      fc.record({
        type: fc.constant('health' as const),
        container: fc.constantFrom(...names(8)),
        isReady: fc.boolean(),
      }),
      fc.record({ type: fc.constant('time' as const) }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(sign, fc.nat(600)), { maxLength: 80 }), (signs) => {
        const ladder = new Ladder({ ...SETTINGS, firstContainers: 3 });
        let time = 0;
        const wide = new Set<string>();
        for (const [one, later] of signs) {
          time += later;
          for (const { from, to, isBack, workload, reason } of ladder.take({ ...one, time } as LadderSign)) {
            if (isBack) wide.delete(workload);
            else if (reason.includes('all containers')) wide.add(workload);
            expect(`${from} ${to}`).toMatch(/^(?:audit warn|warn block|block block|block audit)$/);
          }
          const blocking = names(8).filter((name) => ladder.rungOf(name) === 'block').length;
          if (wide.size === 0) expect(blocking).toBeLessThanOrEqual(3);
        }
      }),
    );
  });
});
