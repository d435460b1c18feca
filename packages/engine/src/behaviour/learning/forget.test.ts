import { describe, expect, it } from 'vitest';
import { facts, SERVES, timeAt, Workload } from './testing/workload.ts';

const DAY = 1440;

/** So many days in which one minute of each hour is watched, and `texts` are done once a day. */
function lives(workload: Workload, days: number, texts: readonly string[], from = 0): void {
  for (let hour = 24 * from; hour < 24 * (from + days); hour++) {
    if (hour % 24 === 0) workload.does(60 * hour, 'a', texts);
    workload.model.watched('a', timeAt(60 * hour));
  }
}
const release = (workload: Workload, id: string, day: number): unknown =>
  workload.model.begin(facts(id, { paths: { '/app': `${id} app` } }), timeAt(day * DAY));
const known = ({ model }: Workload): string[] => model.profile().behaviours.map(({ object }) => object);

describe('what was not seen for very long', () => {
  it('is forgotten once several releases came since, and not before', () => {
    const workload = new Workload();
    release(workload, 'one', 0);
    lives(workload, 10, [...SERVES, 'open /app read /etc/old.conf']);
    for (const [index, id] of ['two', 'three'].entries()) release(workload, id, 20 + index);
    lives(workload, 200, SERVES, 10);
    expect(known(workload)).toContain('/etc/old.conf');
    release(workload, 'four', 210);
    lives(workload, 2, SERVES, 210);
    expect(known(workload)).not.toContain('/etc/old.conf');
    expect(known(workload)).toContain('/etc/app.conf');
  });

  it('is forgotten without releases after more than a year, so that what comes once a year stays', () => {
    const workload = new Workload();
    lives(workload, 2, [...SERVES, 'open /app read /etc/yearly.conf', 'open /app read /etc/once.conf']);
    lives(workload, 364, SERVES, 2);
    lives(workload, 1, [...SERVES, 'open /app read /etc/yearly.conf'], 366);
    lives(workload, 60, SERVES, 367);
    expect(known(workload)).toContain('/etc/yearly.conf');
    expect(known(workload)).not.toContain('/etc/once.conf');
  });

  it('is not what a clock that jumps makes old', () => {
    const workload = new Workload();
    for (const [index, id] of ['one', 'two', 'three', 'four'].entries()) release(workload, id, index);
    lives(workload, 5, SERVES);
    for (const day of [4000, 4001]) workload.model.watched('a', timeAt(day * DAY));
    lives(workload, 5, ['exec  /app'], 5);
    expect(known(workload)).toContain('/etc/app.conf');
  });

  it('stays where somebody declared it, answers for it or holds it', () => {
    const workload = new Workload();
    const [declared, accepted, held] = ['/etc/declared.conf', '/etc/accepted.conf', '/etc/held.conf'];
    const [one] = workload.does(0, 'a', [`open /app read ${accepted}`]);
    const [other] = workload.does(0, 'a', [`open /app read ${held}`]);
    workload.model.accept(one!.key, { owner: 'me', reason: 'so', expires: timeAt(9000 * DAY) }, timeAt(1));
    workload.model.hold(other!.key, 'i1');
    const { behaviour } = workload.does(0, 'a', [`open /app read ${declared}`])[0]!;
    workload.model.seed({ behaviours: [{ behaviour, origin: 'declared', reason: 'it says so' }] });
    lives(workload, 420, SERVES);
    expect(known(workload)).toEqual(expect.arrayContaining([declared, accepted]));
    expect(workload.model.describe(timeAt(420 * DAY)).pending.map(({ behaviour: { object } }) => object)).toContain(
      held,
    );
  });
});

describe('a full room', () => {
  const word = (index: number): string => [...`${index}`].map((digit) => 'bcdfghjklm'[Number(digit)]).join('x');

  it('is made free of what others imply, so that a workload with much of that settles all the same', () => {
    const workload = new Workload();
    // Its folder is known to have many: each of them is one more.
    for (let index = 0; index < 4000; index++)
      workload.does(Math.floor(index / 100), 'a', [`open /app write /srv/store/x${word(index)}/*`]);
    const others = Array.from({ length: 300 }, (_, index) => `open /app read /etc/site-${word(index)}.conf`);
    for (const replica of ['b', 'c']) workload.runs(replica, 50, 900, [...SERVES, ...others]);
    const profile = workload.model.describe(timeAt(900));
    expect(profile.dropped).toBe(0);
    // Whoever makes policies of it knows that not each file is listed.
    expect(profile.letGo).toBeGreaterThan(0);
    expect(workload.model.profile().partial).toBe(true);
    expect(known(workload)).toEqual(expect.arrayContaining(others.map((text) => text.split(' ')[3]!)));
    expect(workload.verdict(901, 'a', 'open /app write /srv/store/new/*')).not.toBe('deviation');
    expect(workload.isSettled('open')).toBe(true);
    expect(workload.verdict(902, 'a', 'open /app write /srv/other/new/*')).toBe('deviation');
    const other = workload.restored();
    expect(other.model.state()).toEqual(workload.model.state());
  });
});

describe('incidents', () => {
  it('hold together what they hold, seen or not, until the last of many ends', () => {
    const workload = new Workload();
    const [seen] = workload.does(0, 'a', ['exec /app /usr/bin/curl']);
    const unseen = 'exec /app /usr/bin/wget';
    const incidents = Array.from({ length: 9 }, (_, index) => `incident ${index}`);
    const { key } = workload.does(0, 'b', [unseen])[0]!;
    const fresh = new Workload();
    for (const incident of incidents) {
      workload.model.hold(seen!.key, incident);
      fresh.model.hold(key, incident);
    }
    for (const incident of incidents.slice(0, -1)) {
      expect(workload.model.letGo(incident)).toBe(true);
      expect(fresh.model.letGo(incident)).toBe(true);
    }
    expect(workload.model.describe(timeAt(1)).pending).toMatchObject([{ held: 'incident', incident: 'incident 8' }]);
    expect(fresh.restored().verdict(1, 'a', unseen)).toBe('deviation');
    expect(fresh.model.letGo('incident 8')).toBe(true);
    expect(fresh.verdict(1, 'a', unseen)).toBe('learning');
  });
});
