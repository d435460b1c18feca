import { describe, expect, it } from 'vitest';
import { behaviourKey } from '../behaviour-key.ts';
import { facts, SERVES, timeAt, Workload } from './testing/workload.ts';

const OLD = facts('old', {
  paths: {
    '/app': 'a1 shop',
    '/usr/bin/worker': 'w1 shop',
    '/usr/bin/python3.9': 'p1 python3.9',
    '/usr/lib/python3.9/lib-dynload/_ssl.so': 's1 python3.9',
    '/usr/lib/x86_64-linux-gnu/libssl.so.1.1': 'l1 libssl1.1',
    '/usr/lib/php/20190902/opcache.so': 'o1 php',
    '/bin/sh': 'sh dash',
    '/usr/bin/curl': 'cu curl',
  },
  components: { shop: '1.0', 'python3.9': '3.9.2', 'libssl1.1': '1.1.1', php: '7.4', dash: '0.5', curl: '7' },
  ports: ['8080/TCP'],
});
const NEW = facts('new', {
  paths: {
    '/app': 'a2 shop',
    '/usr/bin/worker': 'w1 shop',
    '/usr/bin/exporter': 'e1 shop',
    '/usr/bin/python3.11': 'p2 python3.11',
    '/usr/lib/python3.11/lib-dynload/_ssl.so': 's2 python3.11',
    '/usr/lib/x86_64-linux-gnu/libssl.so.3': 'l2 libssl3',
    '/usr/lib/php/20220829/opcache.so': 'o2 php',
    '/usr/bin/sh': 'sh2 dash',
    '/usr/bin/curl': 'cu curl',
  },
  components: { shop: '2.0', 'python3.11': '3.11.2', libssl3: '3.0', php: '8.2', dash: '0.6', curl: '7' },
  ports: ['8080/TCP', '9100/TCP'],
  peers: ['cache.shop:6379'],
  capabilities: ['CAP_NET_BIND_SERVICE'],
});
const DOES = [
  ...SERVES,
  'exec /app /usr/bin/python3.9',
  'open /app>/usr/bin/python3.9 read /usr/lib/python3.9/lib-dynload/_ssl.so',
  'open /app>/usr/bin/python3.9 read /usr/lib/python3.9/email/*',
  'open /app read /usr/lib/x86_64-linux-gnu/libssl.so.1.1',
  'open /app read /usr/lib/php/20190902/opcache.so',
  'exec /usr/bin/worker /bin/sh',
  'open /usr/bin/worker>/bin/sh read /srv/x/*',
];

function upgraded(): Workload {
  const workload = new Workload();
  workload.model.begin(OLD, timeAt(0));
  workload.runs('a', 0, 700, DOES, 'old');
  workload.runs('b', 0, 700, DOES, 'old');
  workload.model.begin(NEW, timeAt(700));
  workload.runs('c', 700, 702, SERVES, 'new');
  return workload;
}

describe('a release', () => {
  it('that ran before anybody read what is in it is the same once it is read, and explained then', () => {
    const workload = new Workload();
    workload.model.begin(OLD, timeAt(0));
    workload.runs('a', 0, 700, DOES, 'old');
    workload.model.begin({ ...facts('registry.example/shop:2', {}), filesKnown: false }, timeAt(700));
    workload.runs('b', 700, 710, SERVES, 'registry.example/shop:2');
    const difference = workload.model.begin(NEW, timeAt(710), 'registry.example/shop:2');
    expect(difference?.changes).toContainEqual(
      expect.objectContaining({ kind: 'executable', change: 'added', name: '/usr/bin/exporter' }),
    );
    workload.runs('b', 710, 720, SERVES, 'new');
    const { releases } = workload.model.describe(timeAt(720));
    expect(releases.map(({ facts: { id } }) => id).sort()).toEqual(['new', 'old']);
    expect(releases.find(({ facts: { id } }) => id === 'new')).toMatchObject({ since: timeAt(700), replicas: 1 });
    expect(workload.verdict(721, 'b', 'exec /app /usr/bin/exporter', 'new')).toBe('explained');
  });

  it('is an explained difference: what changed is said, in a stable order', () => {
    const workload = new Workload();
    expect(workload.model.begin(OLD, timeAt(0))).toBeUndefined();
    const { from, to, changes, incomplete } = workload.model.begin(NEW, timeAt(1))!;
    expect([from, to, incomplete]).toEqual(['old', 'new', []]);
    expect(changes.map(({ kind, change, name }) => `${kind} ${change} ${name}`)).toEqual(
      [
        'port added 9100/TCP',
        'peer added cache.shop:6379',
        'capability added CAP_NET_BIND_SERVICE',
        'component removed libssl1.1',
        'component added libssl3',
        'component altered php',
        'component added python3.11',
        'component removed python3.9',
        'component altered shop',
        'component altered dash',
        'executable altered /app',
        'executable added /usr/bin/sh',
        'executable removed /bin/sh',
        'executable added /usr/bin/exporter',
        'executable added /usr/bin/python3.11',
        'executable removed /usr/bin/python3.9',
        'library added /usr/lib/php/20220829/opcache.so',
        'library removed /usr/lib/php/20190902/opcache.so',
        'library added /usr/lib/python3.11/lib-dynload/_ssl.so',
        'library removed /usr/lib/python3.9/lib-dynload/_ssl.so',
        'library added /usr/lib/x86_64-linux-gnu/libssl.so.3',
        'library removed /usr/lib/x86_64-linux-gnu/libssl.so.1.1',
      ].sort((a, b) => orderOf(a) - orderOf(b) || (nameOf(a) < nameOf(b) ? -1 : 1)),
    );
  });

  it.each([
    [
      'a program that is new',
      'exec /app /usr/bin/exporter',
      '/usr/bin/exporter is of shop, which went from 1.0 to 2.0',
    ],
    [
      'a program of another version',
      'exec /app /usr/bin/python3.11',
      'it did so with /usr/bin/python3.9 before the release',
    ],
    ['its libraries', 'open /app>/usr/bin/python3.11 read /usr/lib/python3.11/lib-dynload/_ssl.so', 'is in the image'],
    [
      'its files',
      'open /app>/usr/bin/python3.11 read /usr/lib/python3.11/email/*',
      'it did so with /usr/bin/python3.9',
    ],
    [
      'a library of another version',
      'open /app read /usr/lib/x86_64-linux-gnu/libssl.so.3',
      'is in the image, of libssl3',
    ],
    ['a folder of another version', 'open /app read /usr/lib/php/20220829/opcache.so', 'is in the image, of php'],
    ['a program that was moved below /usr', 'exec /usr/bin/worker /usr/bin/sh', 'it did so with /bin/sh before'],
    ['what it does', 'open /usr/bin/worker>/usr/bin/sh read /srv/x/*', 'it did so with /bin/sh before'],
    ['a port of the manifest', 'listen /app 9100/TCP', 'the image or the manifest declares port 9100/TCP'],
    ['a peer of the manifest', 'connect /app cache.shop.svc.cluster.local:6379/TCP', 'cache.shop is a peer'],
    ['a capability of the manifest', 'capability /app CAP_NET_BIND_SERVICE', 'the manifest adds CAP_NET_BIND_SERVICE'],
    ['a file that the altered program reads', 'open /app read /etc/other.conf', '/app is of shop, which went from'],
  ])('explains %s', (_, text, by) => {
    const workload = upgraded();
    const [said] = workload.does(703, 'c', [text], 'new');
    expect(said!.verdict).toBe('explained');
    expect(said!.reasons[0]).toContain(by);
    expect(workload.verdict(704, 'c', text, 'new')).toBe('known');
    const [, release] = workload.model.describe(timeAt(705)).releases;
    expect(release!.explained.map((one) => one.key)).toContain(said!.key);
  });

  it.each([
    ['a shell, though what starts it was altered', 'exec /app /usr/bin/sh'],
    ['a tool that was there before', 'exec /app /usr/bin/curl'],
    ['a program that is not in the image', 'exec /app /tmp/x foreign'],
    ['what an altered shell is told to do', 'open /usr/bin/sh write /srv/x/*'],
    ['what an altered shell starts', 'exec /usr/bin/sh /usr/bin/worker'],
    ['a file that the altered program writes into the root folder', 'open /app create /*'],
    ['a log that it did not write', 'open /app delete /var/log/other/*'],
    ['a hidden file that it writes', 'open /app create /srv/x/.hidden'],
    ['a peer that nobody names', 'connect /app internet:443/TCP'],
    ['a port that nobody declares', 'listen /app 4444/TCP'],
    ['a host of the same beginning', 'connect /app cache.shop.evil.example:6379/TCP'],
    ['a change of the system by the altered program', 'open /app write /etc/passwd'],
    ['credentials read by a tool', 'open /usr/bin/curl read /root/.ssh/id_rsa'],
    ['a library that is not in the image', 'open /usr/bin/worker read /usr/lib/evil.so'],
  ])('makes no excuse for %s', (_, text) => {
    const workload = upgraded();
    expect(workload.verdict(703, 'c', text, 'new')).toBe('deviation');
    const [, release] = workload.model.describe(timeAt(705)).releases;
    expect(release!.unexplained).toHaveLength(1);
    // The same as it would have been before.
    const before = new Workload();
    before.model.begin(OLD, timeAt(0));
    before.runs('a', 0, 700, DOES, 'old');
    before.runs('b', 0, 700, DOES, 'old');
    expect(before.verdict(703, 'a', text, 'old')).toBe('deviation');
  });

  describe('that is started with another environment', () => {
    const paths = { '/usr/bin/node': 'n1 nodejs', '/usr/sbin/cron': 'c1 cron', '/usr/sbin/unix_chkpwd': 'u1 pam' };
    const more = { paths, entrypoint: ['node', '/srv/server.js'] };
    const first = [...SERVES, 'exec  /usr/bin/node', 'exec  /usr/sbin/cron', 'open /usr/sbin/cron create /run/*'];
    const begun = (): Workload => {
      const workload = new Workload();
      workload.model.begin(facts('one', more), timeAt(0));
      for (const replica of ['a', 'b']) workload.runs(replica, 0, 700, first, 'one');
      const altered = { ...paths, '/usr/sbin/cron': 'c2 cron' };
      workload.model.begin(facts('two', { ...more, paths: altered, environment: { LOG_FILE: 'x' } }), timeAt(700));
      workload.runs('c', 700, 702, first, 'two');
      return workload;
    };

    it.each([
      'open /usr/bin/node create /var/lib/api/*',
      'open /usr/bin/node>/usr/bin/node write /srv/log/*',
      'exec /usr/sbin/cron /usr/sbin/unix_chkpwd',
      'open /usr/sbin/cron write /run/*',
    ])('explains what its program does with data by it, and what logins ask of their helpers: %s', (text) => {
      expect(begun().verdict(703, 'c', text, 'two')).toBe('explained');
    });

    it.each([
      'open /usr/bin/node create /etc/cron.d/x',
      'open /usr/bin/node create /srv/.hidden',
      'open /bin/sh>/usr/bin/node create /srv/log/*',
      'open /usr/bin/perl create /srv/log/*',
      'open /usr/sbin/cron delete /run/*',
      'open /usr/sbin/cron write /srv/*',
      'exec /usr/bin/node /usr/sbin/unix_chkpwd',
    ])('makes no excuse for %s', (text) => {
      expect(begun().verdict(703, 'c', text, 'two')).toBe('deviation');
    });
  });

  it('knows the programs of its image where what tells of them does not', () => {
    const workload = new Workload();
    const told = (object: string) => {
      const behaviour = { dimension: 'exec', actor: '/app', parent: '', object } as const;
      const behaviours = [{ key: behaviourKey(behaviour), behaviour }];
      return workload.model.take({ behaviours, replica: 'a', time: timeAt(1) })[0]!.verdict;
    };
    workload.model.begin(
      facts('x', { paths: { '/app': 'a' }, mounts: [{ path: '/scripts', readOnly: true }] }),
      timeAt(0),
    );
    expect([told('/usr/bin/x'), told('/scripts/x'), told('/app')]).toEqual(['deviation', 'learning', 'learning']);
    workload.model.begin(facts('y'), timeAt(1));
    workload.model.take({ behaviours: [], replica: 'a', time: timeAt(1), release: 'y' });
    expect(told('/usr/bin/y')).toBe('learning');
  });

  it('explains nothing of images that nobody read, and says so', () => {
    const workload = new Workload();
    workload.model.begin(facts('old'), timeAt(0));
    const difference = workload.model.begin(facts('new', { imageDigest: 'sha256:2' }), timeAt(1));
    expect(difference!.changes).toEqual([]);
    expect(difference!.incomplete).toEqual([
      'the files of both releases are not known: what was added or altered among them explains nothing',
    ]);
  });

  it('counts the changes that it has no room to list, and explains by them all the same', () => {
    const pathsOf = (text: string) =>
      Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`/usr/lib/lib${at}.so`, `${text}${at} lib${at}`]));
    const workload = new Workload();
    workload.model.begin(facts('old', { paths: { '/app': 'a1', ...pathsOf('a') } }), timeAt(0));
    const difference = workload.model.begin(facts('new', { paths: { '/app': 'a2', ...pathsOf('b') } }), timeAt(1))!;
    expect([difference.changes.length, difference.incomplete]).toEqual([901, []]);
    const kept = workload.model.describe(timeAt(1)).releases[1]!.difference!;
    expect([kept.changes.length + kept.unlisted!, kept.incomplete]).toEqual([901, []]);
    expect(workload.restored().verdict(2, 'a', 'open /app read /usr/lib/lib899.so', 'new')).toBe('explained');
  });

  it('runs beside the one before it: each replica is judged by its own', () => {
    const workload = upgraded();
    expect(workload.verdict(703, 'c', 'listen /app 9100/TCP', 'new')).toBe('explained');
    const other = upgraded();
    expect(other.verdict(703, 'a', 'listen /app 9100/TCP', 'old')).toBe('deviation');
    expect(other.verdict(704, 'c', 'listen /app 9100/TCP', 'new')).toBe('explained');
  });

  it('every ten minutes is explained by those before it, too, which had no time to show what they changed', () => {
    const workload = new Workload();
    workload.model.begin(OLD, timeAt(0));
    workload.runs('a', 0, 700, DOES, 'old');
    workload.runs('b', 0, 700, DOES, 'old');
    let paths: Record<string, string> = { '/app': 'a1 shop', '/usr/bin/worker': 'w1 shop' };
    for (let release = 0; release < 30; release++) {
      const minute = 700 + 10 * release;
      paths = { ...paths, [`/usr/bin/job${release}`]: `j${release} shop` };
      workload.model.begin(facts(`r${release}`, { paths }), timeAt(minute));
      workload.runs(`pod${release}`, minute, minute + 10, SERVES, `r${release}`);
      if (release === 0) continue;
      expect(workload.verdict(minute + 9, `pod${release}`, `exec /app /usr/bin/job${release - 1}`, `r${release}`)).toBe(
        'explained',
      );
      expect(workload.verdict(minute + 9, `pod${release}`, `exec /app /usr/bin/evil${release}x`, `r${release}`)).toBe(
        'deviation',
      );
    }
    expect(workload.isSettled('listen')).toBe(true);
    expect(workload.model.describe(timeAt(2000)).releases.length).toBeLessThanOrEqual(16);
  });

  it('is vouched for by its canaries: what three of them do for an hour is its doing', () => {
    const workload = upgraded();
    const text = 'exec /usr/bin/worker /usr/bin/migrate';
    for (const replica of ['c', 'd', 'e']) expect(workload.verdict(710, replica, text, 'new')).toBe('deviation');
    expect(workload.verdict(769, 'c', text, 'new')).toBe('deviation');
    const [said] = workload.does(771, 'd', [text], 'new');
    expect([said!.verdict, said!.reasons]).toEqual(['explained', ['3 replicas of the release do so']]);
    expect(workload.verdict(772, 'f', text, 'new')).toBe('known');
    // Not by as many for what is never learned by repetition.
    const grave = 'exec /usr/bin/worker /tmp/x foreign';
    for (const minute of [710, 800])
      for (const replica of ['c', 'd', 'e', 'f']) workload.verdict(minute, replica, grave, 'new');
    expect(workload.verdict(900, 'g', grave, 'new')).toBe('deviation');
  });
});

const KINDS = ['port', 'peer', 'capability', 'component', 'executable', 'library'];
const orderOf = (line: string): number => KINDS.indexOf(line.split(' ')[0]!);
const nameOf = (line: string): string => line.split(' ')[2]!;
