import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { facts, QUARTER, SERVES, settledWorkload, timeAt, Workload } from './testing/workload.ts';

const MEGABYTE = 1_000_000;
const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('a workload that never does the same', () => {
  it.each([
    ['100,000 paths', 100_000, (index: number) => `open /app read /srv${index}x/d${index}x/etc.conf`],
    ['100,000 peers', 100_000, (index: number) => `connect /app h${index}x:80/TCP`],
    ['20,000 programs', 20_000, (index: number) => `exec /app /usr/bin/p${index}x`],
    ['5,000 hostile names', 5_000, (index: number) => `open /app${index}x read /${'\u0001"\\'.repeat(400)}${index}`],
  ])('is held in bounded room, is never settled, and loses nothing in silence: %s', (_, many, textOf) => {
    const workload = new Workload();
    workload.runs('a', 0, 700, SERVES);
    workload.runs('b', 0, 700, SERVES);
    const verdicts = new Set<string>();
    for (let index = 0; index < many; index++)
      for (const { verdict } of workload.does(700 + Math.floor(index / 1000), 'a', [textOf(index)]))
        verdicts.add(verdict);
    expect([...verdicts]).not.toContain('known');
    const { model } = workload;
    const profile = model.describe(timeAt(900));
    expect(profile.dropped).toBeGreaterThan(0.7 * many);
    expect(profile.dropped).toBeLessThan(1.2 * many);
    expect(profile.dimensions.filter(({ isSettled }) => isSettled)).toEqual([]);
    expect(profile.dimensions[0]!.note).toMatch(/^never settles: [\d]+ behaviours found no room/);
    expect(sizeOf(model.state())).toBeLessThan(2 * MEGABYTE);
    expect(sizeOf(profile)).toBeLessThan(2 * MEGABYTE);
    // What is grave is told, room or not.
    expect(workload.verdict(901, 'a', 'exec /app /tmp/x foreign')).toBe('deviation');
  });

  it('stays small with all of it at once, images of thousands of files, and releases every ten minutes', () => {
    const workload = new Workload();
    for (let release = 0; release < 20; release++) {
      const paths = Object.fromEntries(
        Array.from({ length: 6_000 }, (_, index) => [
          `/usr/lib/l${index}.so.${release}`,
          `d${release}${index} c${index}`,
        ]),
      );
      const components = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`c${index}`, `${release}`]));
      workload.model.begin(facts(`release ${release}`, { paths, components }), timeAt(10 * release));
      for (let index = 0; index < 500; index++)
        workload.does(10 * release, `replica ${index}${'\u0001'.repeat(300)}`, [
          `open /a${release}x${index} read /b${index}x/c.conf`,
        ]);
    }
    expect(sizeOf(workload.model.state())).toBeLessThan(2 * MEGABYTE);
    expect(sizeOf(workload.model.describe(timeAt(500)))).toBeLessThan(2 * MEGABYTE);
  });
});

describe('clocks', () => {
  it('that jump make no minutes, and nothing that was seen is lost by them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500_000, max: 500_000 }), { maxLength: 60 }), (jumps) => {
        const workload = new Workload();
        let calls = 0;
        for (const [index, jump] of jumps.entries()) {
          const minute = 600_000 + index + jump;
          for (const at of [minute, minute, minute - 1]) workload.model.watched('a', timeAt(at));
          calls += 2;
          workload.does(minute, 'a', [`exec /app /usr/bin/p${index}x`]);
        }
        const [exec] = workload.model.settled();
        expect(exec!.minutes).toBeLessThanOrEqual(calls);
        expect(exec!.behaviours).toBe(jumps.length);
      }),
    );
  });

  it('that go to and fro for days count each minute once', () => {
    const workload = new Workload();
    for (let round = 0; round < 5; round++)
      for (let minute = 0; minute < 600; minute++) workload.model.watched('a', timeAt(minute));
    expect(workload.model.settled()[0]!.minutes).toBe(600);
  });

  it('that are set back for good are believed after a day', () => {
    const workload = new Workload();
    for (let minute = 0; minute < 100; minute++) workload.model.watched('a', timeAt(1_000_000 + minute));
    for (let minute = 0; minute < 3000; minute++) workload.model.watched('a', timeAt(minute));
    expect(workload.model.settled()[0]!.minutes).toBe(100 + 3000 - 1439);
  });

  it.each(['', 'yesterday', '0000', '-1', `${'9'.repeat(400)}`])('that tell no time are survived: "%s"', (time) => {
    const workload = settledWorkload();
    const key = 'exec /app /usr/bin/x';
    workload.model.watched('a', time);
    workload.model.take({ behaviours: [], replica: 'a', time });
    expect(workload.verdict(701, 'a', key)).toBe('deviation');
  });
});

describe('gaps', () => {
  it('count for nothing: what happened in them may be anything', () => {
    const workload = new Workload();
    for (let minute = 0; minute < 5000; minute++) workload.model.watched('a', timeAt(minute), { partial: true });
    expect(workload.model.settled()[0]).toMatchObject({ minutes: 0, partialMinutes: 5000, isSettled: false });
  });
});

describe('an attacker who is there from the first second', () => {
  const ATTACK = [
    'exec /bin/sh /tmp/miner foreign',
    'open /bin/sh read /etc/shadow',
    'open /bin/bash write /dev/pts/*',
    'connect /bin/bash internet:4444/TCP',
    'connect /app pool.supportxmr.com:443/TCP',
    'privilege /app unshare user mount',
    'open /usr/bin/cat read /run/secrets/kubernetes.io/serviceaccount/token',
    'connect /app unix:/run/docker.sock',
  ];

  it('is told of at once, and is never learned, on however many replicas and days he repeats it', () => {
    const workload = new Workload();
    for (let day = 0; day < 10; day++)
      for (const replica of ['a', 'b', 'c'])
        for (const { verdict, isGrave } of workload.does(day * 1440, replica, ATTACK))
          expect([verdict, isGrave]).toEqual(['deviation', true]);
    const profile = workload.model.describe(timeAt(20_000));
    expect(profile.behaviours).toEqual([]);
    expect(profile.pending.map(({ held }) => held)).toEqual(ATTACK.map(() => 'never'));
    expect(workload.model.profile().behaviours).toEqual([]);
  });

  it('is not learned for what he does while it is settled, but by witnesses who had time to be looked at', () => {
    const workload = settledWorkload();
    const text = 'connect /app internet:443/TCP';
    expect(workload.verdict(701, 'a', text)).toBe('deviation');
    for (let minute = 702; minute < 1060; minute++) expect(workload.verdict(minute, 'b', text)).toBe('deviation');
    expect(workload.verdict(1062, 'b', text)).toBe('known');
    // One replica alone vouches for nothing within a day.
    const other = 'connect /app internet:8443/TCP';
    for (let minute = 701; minute < 1400; minute++) expect(workload.verdict(minute, 'a', other)).toBe('deviation');
  });

  it('is not learned for what he does around something grave, before and after it, until others do so', () => {
    const workload = new Workload();
    workload.runs('a', 0, 60, SERVES);
    const around = ['exec /app /usr/bin/whoami', 'exec /app /usr/bin/id', 'open /app read /etc/motd'];
    workload.does(58, 'a', around.slice(0, 2));
    // So much is new in the first hour that it is not told either.
    expect(workload.does(60, 'a', ['exec /app /tmp/x foreign']).map(({ verdict }) => verdict)).toEqual(['deviation']);
    expect(workload.verdict(61, 'a', around[2]!)).toBe('learning');
    for (const text of around) expect(workload.verdict(62, 'a', text)).toBe('learning');
    expect(workload.model.describe(timeAt(63)).pending).toHaveLength(4);
    // What it did before is known as ever, and others may do the same.
    for (const text of SERVES) expect(workload.verdict(63, 'a', text)).toBe('known');
    expect(workload.verdict(64, 'b', around[0]!)).toBe('learning');
    expect(workload.verdict(65, 'b', around[0]!)).toBe('known');
    // What replicas all do, though it is grave, keeps nothing from being learned.
    for (const replica of ['b', 'c', 'd', 'e']) workload.does(70, replica, ['exec /app /tmp/x foreign']);
    expect(workload.does(71, 'e', ['exec /app /usr/bin/env'])[0]!.verdict).toBe('learning');
    expect(workload.verdict(72, 'e', 'exec /app /usr/bin/env')).toBe('known');
  });

  it('is told of in all that is new beside something grave, where hardly anything new comes', () => {
    const workload = new Workload();
    for (const replica of ['a', 'b']) workload.runs(replica, 0, 100, SERVES);
    expect(workload.isSettled('exec')).toBe(false);
    expect(workload.verdict(100, 'a', 'exec /app /usr/bin/early')).toBe('learning');
    const [grave, early, ...none] = workload.does(101, 'a', ['exec /app /tmp/x foreign']);
    expect(grave).toMatchObject({ isGrave: true });
    expect(grave!.seen).toBeUndefined();
    // What came just before it is told late.
    expect(early).toMatchObject({ verdict: 'deviation', isGrave: false, seen: timeAt(100) });
    expect([early!.behaviour.object, none]).toEqual(['/usr/bin/early', []]);
    expect(workload.verdict(102, 'a', 'exec /app /usr/bin/id')).toBe('deviation');
    expect(workload.restored().verdict(103, 'a', 'exec /app /usr/bin/ls')).toBe('deviation');
    // What an incident was opened for is told of others too, while it is open.
    workload.model.hold(early!.key, 'i1');
    expect(workload.verdict(103, 'b', 'exec /app /usr/bin/early')).toBe('deviation');
    // For others it is else as new as it was, and what they do is learned.
    for (const verdict of ['learning', 'known'])
      expect(workload.verdict(104, 'b', 'exec /app /usr/bin/id')).toBe(verdict);
    expect(workload.verdict(162, 'a', 'exec /app /usr/bin/later')).toBe('learning');
  });

  it('is told of beside something grave also where an alert kept it from being learned before', () => {
    const workload = new Workload();
    for (const replica of ['a', 'b']) workload.runs(replica, 0, 100, SERVES);
    workload.model.suspect('a', timeAt(100));
    expect(workload.verdict(100, 'a', 'exec /app /usr/bin/early')).toBe('learning');
    const [, ...told] = workload.does(101, 'a', ['exec /app /tmp/x foreign']);
    expect(told.map(({ behaviour, seen }) => [behaviour.object, seen])).toEqual([['/usr/bin/early', timeAt(100)]]);
    // Once: what came after it was told by itself.
    workload.does(102, 'a', ['exec /app /usr/bin/id']);
    expect(workload.does(103, 'a', ['exec /app /tmp/y foreign'])).toHaveLength(1);
  });

  it('is not told of by what many replicas do, nor by alerts of others: so little is known of those', () => {
    const workload = new Workload();
    for (const replica of ['a', 'b', 'c']) workload.runs(replica, 0, 100, SERVES);
    for (const replica of ['a', 'b', 'c']) workload.does(100, replica, ['exec /app /tmp/x foreign']);
    expect(workload.verdict(101, 'c', 'exec /app /usr/bin/id')).toBe('learning');
    workload.model.suspect('c', timeAt(102));
    expect(workload.verdict(103, 'c', 'exec /app /usr/bin/ls')).toBe('learning');
  });

  it('is not learned for it on a replica that has just been started, or about which a rule raised an alert', () => {
    const workload = new Workload();
    workload.runs('a', 0, 60, SERVES);
    workload.runs('b', 0, 60, SERVES);
    workload.does(60, 'fresh', ['exec  /app', 'exec /app /usr/bin/whoami']);
    workload.does(61, 'fresh', ['exec /app /tmp/x foreign', 'exec /app /usr/bin/id']);
    workload.does(60, 'alerted', ['exec /app /usr/bin/ls']);
    workload.model.suspect('alerted', timeAt(61));
    workload.does(62, 'alerted', ['exec /app /usr/bin/ps']);
    const known = workload.model.profile().behaviours.map(({ object }) => object);
    for (const program of ['whoami', 'id', 'ls', 'ps']) expect(known).not.toContain(`/usr/bin/${program}`);
    expect(workload.model.settled()[0]!.once).toBe(0);
  });

  it('is in doubt for an alert on the first few replicas about which it is raised: the rest is what they all do', () => {
    const workload = new Workload();
    for (const replica of ['a', 'b', 'c', 'd']) workload.runs(replica, 0, 10, SERVES);
    const learns = (minute: number, replica: string, program: string): boolean => {
      workload.does(minute, replica, [`exec /app ${program}`]);
      return workload.model.profile().behaviours.some(({ object }) => object === program);
    };
    for (const [place, replica] of ['a', 'b', 'c', 'd'].entries()) {
      workload.model.suspect(replica, timeAt(10), 'shell cron');
      expect(learns(11, replica, `/usr/bin/${replica}`)).toBe(place >= 2);
    }
    // The same about the same replica says nothing new; another rule does, and so does what nobody can name.
    for (const minute of [80, 150]) workload.model.suspect('a', timeAt(minute), 'shell cron');
    expect(learns(81, 'a', '/usr/bin/later')).toBe(true);
    workload.model.suspect('c', timeAt(82), 'miner cron');
    expect(learns(83, 'c', '/usr/bin/xmrig')).toBe(false);
    for (const minute of [84, 86]) {
      workload.model.suspect('d', timeAt(minute));
      expect(learns(minute + 1, 'd', `/usr/bin/at-${minute}`)).toBe(false);
    }
  });

  it('is in doubt again on another day, also on a replica that was not there before, and whatever a clock said', () => {
    const workload = new Workload();
    const day = 24 * 60;
    const learns = (minute: number, replica: string): boolean => {
      workload.does(minute, replica, [`exec /app /usr/bin/at-${minute}-${replica}`]);
      return workload.model.profile().behaviours.some(({ object }) => object === `/usr/bin/at-${minute}-${replica}`);
    };
    const raise = (minute: number, ...replicas: string[]): void => {
      for (const replica of replicas) workload.model.suspect(replica, timeAt(minute), 'shell cron');
    };
    for (const minute of [0, 60, day - 60]) raise(minute, 'a', 'b', 'c');
    expect(learns(day - 59, 'a')).toBe(true);
    raise(day + 60, 'a', 'z', 'c');
    expect(['a', 'z', 'c'].map((replica) => learns(day + 61, replica))).toEqual([false, false, true]);
    workload.model = workload.restored().model;
    raise(day + 150, 'a', 'z', 'c');
    expect(['a', 'z', 'c'].map((replica) => learns(day + 151, replica))).toEqual([true, true, true]);
    raise(400 * day, 'x', 'y');
    raise(3 * day, 'v');
    expect(learns(3 * day + 1, 'v')).toBe(false);
  });

  it('is in doubt again where he has so many alerts raised that the first of them is forgotten', () => {
    const workload = new Workload();
    for (const replica of ['a', 'b']) workload.model.suspect(replica, timeAt(0), 'shell cron');
    for (let rule = 0; rule < 2000; rule++) workload.model.suspect('a', timeAt(1), `rule ${rule}`);
    expect(workload.model.state().alerts.length).toBeLessThanOrEqual(512);
    workload.model.suspect('c', timeAt(2), 'shell cron');
    workload.does(3, 'c', ['exec /app /usr/bin/id']);
    expect(workload.model.profile().behaviours).toEqual([]);
  });

  it('is quarantined by an open incident, with what he did before it was opened', () => {
    const workload = new Workload();
    const [said] = workload.does(5, 'a', ['exec /app /usr/bin/curl']);
    expect(said!.verdict).toBe('learning');
    expect(workload.verdict(6, 'a', 'exec /app /usr/bin/curl')).toBe('known');
    workload.model.hold(said!.key, 'i1');
    workload.model.hold(['not seen yet'], 'i1');
    for (const minute of [7, 2000, 4000])
      expect(workload.verdict(minute, 'b', 'exec /app /usr/bin/curl')).toBe('deviation');
    expect(workload.model.describe(timeAt(9)).pending).toMatchObject([{ held: 'incident', incident: 'i1' }]);
    workload.model.letGo('i1');
    expect(workload.verdict(4001, 'a', 'exec /app /usr/bin/curl')).toBe('deviation');
    expect(workload.model.describe(timeAt(9)).pending).toMatchObject([{ held: 'witnesses' }]);
  });
});

describe('workloads that are odd', () => {
  it('that do one thing a month are not settled for a month by a day without it', () => {
    const workload = new Workload({ alerts: 1, hours: 720 });
    workload.runs('a', 0, 1440, SERVES);
    workload.runs('b', 0, 1440, SERVES);
    expect(workload.isSettled('exec')).toBe(false);
    expect(workload.verdict(1441, 'a', 'exec /app /usr/bin/monthly')).toBe('learning');
  });

  it('that never run for long are not settled by their number alone', () => {
    const workload = new Workload(QUARTER);
    for (let job = 0; job < 200; job++)
      workload.runs(`job${job}`, job * 60, job * 60 + 1, [...SERVES, `exec /app /usr/bin/j${job}x`]);
    expect(workload.isSettled('exec')).toBe(false);
  });
});
