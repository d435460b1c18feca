import { describe, expect, it } from 'vitest';
import { connects, opens, release, replicas, SHELL, starts, USUAL, Workload } from './workload.ts';

const LARGEST_STATE = 2 * 1024 * 1024;
const word = (index: number): string => {
  let text = '';
  for (let left = index + 1; left > 0; left = Math.floor(left / 20)) text += 'bcdfghjklmnpqrstvwxz'[left % 20];
  return text;
};

describe('a workload that never settles', () => {
  it('is not said to be settled where it goes on to do new things, and is elsewhere', () => {
    const workload = new Workload();
    const all = replicas(6);
    workload.live(400, all, (minute) => workload.do(all[minute % 6]!, [opens(`/etc/site-${word(minute)}/page.conf`)]));
    expect(workload.settled('open').isSettled).toBe(false);
    expect(workload.settled('open').atMost).toBeGreaterThan(1);
    expect(workload.settled('listen').isSettled).toBe(true);
  });
});

describe('a workload that does one thing a month', () => {
  it('is told of when it does so for the first time, which waits for somebody who looks', () => {
    const workload = new Workload(720);
    const all = replicas(3);
    workload.live(31 * 24 * 60, all);
    expect(workload.settled('connect').isSettled).toBe(true);
    const monthly = connects('billing.example.com:443/TCP');
    const [first] = workload.do('server-0', [monthly]);
    expect(first?.verdict).toBe('deviation');
    expect(first?.reasons).not.toEqual([]);
    const { pending } = workload.model.describe(workload.time);
    expect(pending.map(({ behaviour }) => behaviour.object)).toContain(monthly.object);
  });
});

describe('replicas with different traffic', () => {
  it('leave it open what the next one does: nothing is settled by their number', () => {
    const workload = new Workload();
    const all = replicas(12);
    workload.live(150, all, () => {
      for (const [index, replica] of all.entries()) workload.do(replica, [connects(`tenant-${word(index)}:5432/TCP`)]);
    });
    expect(workload.settled('connect').isSettled).toBe(false);
    workload.live(1, ['server-new']);
    const [judged] = workload.do('server-new', [connects('tenant-zz:5432/TCP')]);
    expect(judged?.isSettled).toBe(false);
  });
});

describe('a clock that jumps', () => {
  it.each([
    ['forth by a year', 525_600],
    ['back by a year', -525_600],
    ['back to before there were clocks', -40_000_000],
  ])('%s is no time that was watched', (_, minutes) => {
    const workload = new Workload();
    workload.live(60, replicas(2));
    const before = workload.settled('exec').minutes;
    workload.skip(minutes);
    workload.live(10, replicas(2));
    const after = workload.settled('exec').minutes;
    expect(after - before).toBeLessThanOrEqual(20);
    expect(workload.settled('exec').isSettled).toBe(false);
    expect(workload.do('server-0', USUAL).map(({ verdict }) => verdict)).toEqual(USUAL.map(() => 'known'));
  });
});

describe('gaps in the events', () => {
  it('settle nothing: a minute with losses is no minute in which nothing happened', () => {
    const workload = new Workload();
    for (let minute = 0; minute < 2000; minute++) {
      workload.do('server-0', USUAL);
      workload.model.watched('server-0', workload.time, { partial: true });
      workload.skip(1);
    }
    const exec = workload.settled('exec');
    expect([exec.isSettled, exec.minutes]).toEqual([false, 0]);
    expect(exec.partialMinutes).toBeGreaterThan(1900);
  });
});

describe('a release every ten minutes', () => {
  it('forgets nothing that is known, explains nothing by its number, and stays small', () => {
    const workload = new Workload(6, release('first'));
    const all = replicas(4);
    workload.live(300, all);
    for (let count = 0; count < 200; count++) {
      workload.begin(release(`release-${count}`, `/usr/bin/tool-${word(count)}`));
      workload.live(10, all);
    }
    expect(workload.do('server-0', USUAL).map(({ verdict }) => verdict)).toEqual(USUAL.map(() => 'known'));
    const [judged] = workload.do('server-0', [connects('pool.example.com:443/TCP')]);
    expect(judged?.verdict).toBe('deviation');
    expect(workload.size()).toBeLessThan(LARGEST_STATE);
  });
});

describe('a roll-back', () => {
  it('brings no alert for what the release before did', () => {
    const workload = new Workload(6, release('before'));
    const all = replicas(4);
    workload.live(400, all);
    workload.begin(release('after', '/usr/bin/indexer'));
    workload.live(30, all, () => workload.do('server-0', [starts('/usr/bin/indexer')], 'after'));
    workload.begin(release('before'));
    workload.live(5, all);
    expect(workload.do('server-1', USUAL, 'before').map(({ verdict }) => verdict)).toEqual(USUAL.map(() => 'known'));
  });
});

describe('two releases at once', () => {
  it('explain each only what its own replicas do', () => {
    const workload = new Workload(6, release('old'));
    workload.live(500, replicas(4));
    workload.begin(release('new', '/usr/bin/indexer'));
    const [judged] = workload.do('server-0', [starts('/usr/bin/indexer')], 'old');
    expect(judged?.verdict).toBe('deviation');
    workload.live(1, ['server-new']);
    const [explained] = workload.do('server-new', [starts('/usr/bin/indexer')], 'new');
    expect(explained?.verdict).toBe('explained');
  });
});

describe('an attacker who is there from the first second', () => {
  it('is never learned, however long and in how many replicas he repeats himself', () => {
    const workload = new Workload(6, release('first'));
    const all = replicas(3);
    const deeds = [
      starts('/tmp/*', false),
      connects('internet:4444/TCP', SHELL),
      { ...opens('/root/.ssh/id_rsa'), actor: '/bin/cat', parent: SHELL },
      { dimension: 'privilege', actor: '/tmp/*', parent: SHELL, object: 'unshare user mount' } as const,
    ];
    workload.live(3 * 24 * 60, all, (minute) => {
      if (minute % 15 === 0)
        for (const replica of all)
          for (const { verdict, behaviour } of workload.do(replica, deeds))
            expect([behaviour.object, verdict]).toEqual([behaviour.object, 'deviation']);
    });
    const known = workload.model.profile().behaviours.map(({ object }) => object);
    expect(known.filter((object) => deeds.some((deed) => deed.object === object))).toEqual([]);
  });
});

describe('a flood of distinct things', () => {
  it.each([
    ['paths', (index: number) => opens(`/etc/site-${word(index)}/page.conf`), 'open'],
    ['peers', (index: number) => connects(`host-${word(index)}.example.com:443/TCP`), 'connect'],
  ] as const)('100,000 %s are held in bounded room, and nobody says that he is sure', (_, make, dimension) => {
    const workload = new Workload(6, release('first'));
    const all = replicas(3);
    let next = 0;
    workload.live(500, all, (minute) => {
      const some = Array.from({ length: 200 }, () => make(next++));
      workload.do(all[minute % 3]!, some);
    });
    expect(next).toBe(100_000);
    expect(workload.size()).toBeLessThan(LARGEST_STATE);
    expect(workload.settled(dimension).isSettled).toBe(false);
    expect(workload.do('server-0', USUAL).map(({ verdict }) => verdict)).toEqual(USUAL.map(() => 'known'));
    const [judged] = workload.do('server-0', [starts('/tmp/*', false)]);
    expect(judged?.verdict).toBe('deviation');
  });
});
