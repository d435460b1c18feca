import { describe, expect, it } from 'vitest';
import { BehaviourModel } from './behaviour-model.ts';
import { behaviourOf, facts, QUARTER, SERVES, settledWorkload, timeAt, Workload } from './testing/workload.ts';

describe('a new behaviour', () => {
  it('is expected while little was seen, and a deviation where nothing new is', () => {
    const workload = new Workload();
    expect(workload.verdict(0, 'a', 'exec /app /usr/bin/curl')).toBe('learning');
    const [said] = settledWorkload().does(701, 'a', ['exec /app /usr/bin/curl']);
    expect(said).toMatchObject({ verdict: 'deviation', isSettled: true, isGrave: false });
    expect(said!.surprise).toBeGreaterThan(15);
    expect(said!.reasons).toEqual(['seen here 0 times in 23 hours', '/usr/bin/curl is a network tool']);
  });

  it('is less of a surprise where others do so', () => {
    const workload = settledWorkload();
    workload.runs('a', 700, 701, SERVES);
    const alone = workload.does(702, 'a', ['connect /usr/bin/worker elsewhere:80/TCP'])[0]!;
    const shared = workload.does(702, 'a', ['connect /usr/bin/worker db.shop.svc.cluster.local:5432/TCP'])[0]!;
    expect(shared.surprise).toBeLessThan(alone.surprise);
    expect(shared.reasons).toContain('1 other program does so here');
  });

  it('is told with what other workloads do, and is no news where most of them do so', () => {
    const peers = { doing: () => ({ seen: 41, of: 43 }) };
    const model = new BehaviourModel({ subject: 'x', budget: QUARTER, peers });
    const said = (text: string) => model.take({ behaviours: [behaviourOf(text)], replica: 'a', time: timeAt(0) })[0]!;
    expect(said('exec /app /usr/bin/curl')).toMatchObject({ verdict: 'explained' });
    expect(said('exec /app /usr/bin/nc').reasons).toContain('41 of 43 other workloads that run /app do so');
    expect(said('exec /app /tmp/x foreign')).toMatchObject({ verdict: 'deviation', isGrave: true });
  });

  it.each([
    [
      'another file of a folder in which a program writes many',
      'open /app write /srv/data',
      (index: number) => `/f${index}x/*`,
    ],
    ['another host of a domain', 'connect /app', (index: number) => ` h${index}x.api.example.com:443/TCP`],
    ['another folder below one of many', 'open /app read /srv/modules', (index: number) => `/m${index}x/lib/*`],
  ])('is no deviation as %s', (_, start, endOf) => {
    const workload = new Workload();
    const many = Array.from({ length: 10 }, (_, index) => `${start}${endOf(index)}`);
    workload.runs('a', 0, 700, [...SERVES, ...many]);
    workload.runs('b', 0, 700, [...SERVES, ...many]);
    const [said] = workload.does(701, 'a', [`${start}${endOf(99)}`]);
    expect([said!.verdict, said!.reasons[0]]).toEqual(['explained', expect.stringContaining('others')]);
    // Where there are not many, it is.
    expect(settledWorkload().verdict(701, 'a', `${start}${endOf(99)}`)).toBe('deviation');
  });

  it.each([
    [
      'a program',
      SERVES.concat(Array.from({ length: 20 }, (_, index) => `exec /app /usr/bin/p${index}x`)),
      'exec /app /usr/bin/nmap',
    ],
    [
      'a listener',
      SERVES.concat(Array.from({ length: 20 }, (_, index) => `listen /app ${7000 + index}/TCP`)),
      'listen /app 7100/TCP',
    ],
    [
      'a class of destinations',
      SERVES.concat(Array.from({ length: 20 }, (_, index) => `connect /app h${index}x.shop.local:80/TCP`)),
      'connect /app internet:80/TCP',
    ],
    [
      'a file of the kernel',
      SERVES.concat(Array.from({ length: 20 }, (_, index) => `open /app read /proc/sys/n${index}x`)),
      'open /app read /proc/sys/kernel/core_pattern',
    ],
    [
      'a library',
      SERVES.concat(Array.from({ length: 20 }, (_, index) => `open /app read /usr/lib/l${index}x.so`)),
      'open /app read /usr/lib/evil.so',
    ],
    [
      'a hidden file',
      SERVES.concat(Array.from({ length: 20 }, (_, index) => `open /app read /srv/f/${index}x.conf`)),
      'open /app read /srv/f/.env',
    ],
  ])('is a deviation as %s, however many others there were', (_, texts, text) => {
    const workload = new Workload();
    workload.runs('a', 0, 700, texts);
    workload.runs('b', 0, 700, texts);
    expect(workload.verdict(701, 'a', text)).toBe('deviation');
  });

  it('is none as a name that chance chose, where others of its kind could be told to be so', () => {
    const workload = new Workload();
    const texts = [...SERVES, 'open /app create /srv/in/part-*/*'];
    workload.runs('a', 0, 700, texts);
    workload.runs('b', 0, 700, texts);
    expect(workload.verdict(701, 'a', 'open /app create /srv/in/part-AIZHU*/*')).toBe('explained');
    expect(workload.verdict(701, 'a', 'open /app create /srv/in/other-AIZHU*/*')).toBe('deviation');
  });

  it('is none where the same program does so under another parent that may start it', () => {
    const workload = new Workload();
    const texts = [
      ...SERVES,
      'exec /app /usr/bin/tool2',
      'exec /cron /usr/bin/tool2',
      'open /app>/usr/bin/tool2 read /etc/t.conf',
    ];
    workload.runs('a', 0, 700, texts);
    workload.runs('b', 0, 700, texts);
    expect(workload.verdict(701, 'a', 'open /cron>/usr/bin/tool2 read /etc/t.conf')).toBe('explained');
    expect(workload.verdict(701, 'a', 'open /bin/sh>/usr/bin/tool2 read /etc/t.conf')).toBe('deviation');
  });

  it('is none where a program that runs here reads what packages bring for everybody', () => {
    const workload = settledWorkload();
    const reads = (path: string): string => workload.verdict(701, 'a', `open /app>/usr/bin/worker read ${path}`);
    for (const path of ['/usr/share/zoneinfo/Etc/UTC', '/etc/locale.alias', '/etc/localtime'])
      expect(reads(path)).toBe('explained');
    for (const path of ['/usr/share/app/token.key', '/etc/locale.conf', '/etc/motd'])
      expect(reads(path)).toBe('deviation');
  });

  it('is none where nobody saw who started what is started here all the time, and only reads', () => {
    const workload = new Workload();
    const often = ['sha256sum', 'gzip', 'pg_dump'].map((name) => `exec /app /usr/bin/${name}`);
    const deeds = ['open /app>/usr/bin/sha256sum read /data/*', 'connect /app>/usr/bin/pg_dump db.local:5432/TCP'];
    for (const replica of ['a', 'b']) workload.runs(replica, 0, 700, [...often, ...deeds]);
    workload.does(600, 'a', ['exec /app /usr/bin/seldom']);
    workload.runs('a', 700, 2000, [...often, ...deeds]);
    expect(workload.isSettled('exec')).toBe(true);
    const start = (name: string): string => workload.verdict(2000, 'a', `exec  /usr/bin/${name}`);
    expect(start('sha256sum')).toBe('explained');
    // It does what it is told; it does more than to read; it is no habit; nobody here starts it.
    for (const name of ['gzip', 'pg_dump', 'seldom', 'cksum']) expect(start(name)).toBe('deviation');
  });

  it('is none where many programs here do so, and a deviation where it is more than reading', () => {
    const workload = new Workload();
    const texts = ['x', 'y', 'z'].flatMap((name) => [
      `exec /app /usr/bin/${name}`,
      `open /app>/usr/bin/${name} read /etc/hosts`,
      `open /app>/usr/bin/${name} write /etc/adjtime`,
    ]);
    const w = ['exec /app /usr/bin/w', 'open /app>/usr/bin/w read /srv/w/*'];
    workload.runs('a', 0, 700, [...SERVES, ...texts, ...w]);
    workload.runs('b', 0, 700, [...SERVES, ...texts, ...w]);
    expect(workload.verdict(701, 'a', 'open /app>/usr/bin/w read /etc/hosts')).toBe('explained');
    expect(workload.verdict(701, 'a', 'open /app>/usr/bin/w write /etc/adjtime')).toBe('deviation');
  });

  it.each([
    'connect /app db:5432/TCP',
    'connect /app db.shop:5432/TCP',
    'connect /app db.shop.svc.cluster.local:5432/UDP',
    'connect /app private:53/UDP',
    'privilege  mount remount /run/runc/*/*',
  ])('is none as what comes with what is known: %s', (text) => {
    expect(settledWorkload().verdict(701, 'a', text)).toBe('explained');
  });

  it.each([
    'connect /app db.shop.evil.example:5432/TCP',
    'connect /app db.shop.svc.cluster.local:80/TCP',
    'connect /app internet:53/UDP',
  ])('is one as what only looks so: %s', (text) => {
    expect(settledWorkload().verdict(701, 'a', text)).toBe('deviation');
  });

  it('that was stopped is told, and nothing is learned of it', () => {
    const workload = new Workload();
    const told = behaviourOf('exec /app /usr/bin/curl');
    const event = { source: 'sensor', time: timeAt(0), type: 'exec', prevention: 'stopped' } as const;
    for (const minute of [0, 1, 3000])
      workload.model.take({ behaviours: [told], replica: `r${minute}`, time: timeAt(minute), event });
    expect(workload.model.profile().behaviours).toEqual([]);
    expect(workload.model.describe(timeAt(1)).pending.map(({ incidences }) => incidences)).toEqual([0]);
    expect(workload.verdict(3001, 'a', 'exec /app /usr/bin/curl')).toBe('learning');
  });
});

describe('a prior', () => {
  const prior = (text: string, origin: 'declared' | 'recorded', parent = '') => ({
    behaviours: [{ behaviour: { ...behaviourOf(text).behaviour, parent }, origin, reason: 'the image says so' }],
  });

  it('makes what it says known from the first moment on, be it grave or not', () => {
    const workload = settledWorkload();
    workload.model.seed(prior('exec /app /srv/plugin foreign', 'recorded'));
    const [said] = workload.does(701, 'a', ['exec /app /srv/plugin foreign']);
    expect([said!.verdict, said!.reasons]).toEqual(['explained', ['the image says so']]);
    expect(workload.verdict(702, 'a', 'exec /app /srv/plugin foreign')).toBe('known');
    expect(workload.verdict(702, 'a', 'exec /app /srv/other foreign')).toBe('deviation');
  });

  it('that is declared holds for any parent, one that was recorded for its own', () => {
    const [declared, recorded] = [settledWorkload(), settledWorkload()];
    declared.model.seed(prior('listen /app 9000/TCP', 'declared'));
    recorded.model.seed(prior('listen /app 9000/TCP', 'recorded', '/init'));
    expect(declared.verdict(701, 'a', 'listen /bin/sh>/app 9000/TCP')).toBe('explained');
    expect(recorded.verdict(701, 'a', 'listen /bin/sh>/app 9000/TCP')).toBe('deviation');
  });

  it('told again stands in place of what was told before', () => {
    const workload = settledWorkload();
    workload.model.seed(prior('listen /app 9000/TCP', 'declared'));
    workload.model.seed(prior('listen /app 9001/TCP', 'declared'));
    expect(workload.verdict(701, 'a', 'listen /app 9000/TCP')).toBe('deviation');
    expect(workload.model.profile().behaviours.map(({ object }) => object)).toContain('9001/TCP');
  });
});

describe("somebody's word", () => {
  const word = { owner: 'ops', reason: 'the new backup', expires: timeAt(2000) };
  const text = 'exec /app /srv/backup foreign';

  it('makes exactly that behaviour good until its day, and not for what was seen meanwhile', () => {
    const workload = settledWorkload();
    const [said] = workload.does(701, 'a', [text]);
    expect(workload.model.accept(said!.key, word, timeAt(702))).toBe(true);
    expect(workload.verdict(703, 'a', text)).toBe('known');
    expect(workload.verdict(703, 'a', 'exec /app /srv/backup2 foreign')).toBe('deviation');
    expect(workload.model.describe(timeAt(704)).behaviours).toContainEqual(
      expect.objectContaining({ origin: 'accepted', reason: 'ops: the new backup', expires: timeAt(2000) }),
    );
    expect(workload.model.describe(timeAt(2000)).pending).toHaveLength(2);
    for (const replica of ['a', 'b', 'c']) workload.verdict(1999, replica, text);
    expect(workload.verdict(2000, 'a', text)).toBe('deviation');
  });

  it('is not taken for what nobody saw, or for a day that is over', () => {
    const workload = settledWorkload();
    expect(workload.model.accept('0123456789abcdef', word, timeAt(702))).toBe(false);
    const [said] = workload.does(701, 'a', [text]);
    expect(workload.model.accept(said!.key, word, timeAt(2001))).toBe(false);
    expect(workload.model.accept(said!.key, { ...word, expires: 'never' }, timeAt(702))).toBe(false);
  });
});

describe('what is made of a profile', () => {
  it('holds what is known, and of dimensions that are not settled nothing where that is asked for', () => {
    const workload = settledWorkload();
    workload.does(698, 'b', ['syscall /app dup2']);
    workload.does(699, 'a', ['exec /app /tmp/x foreign']);
    const all = workload.model.profile();
    expect(all).toMatchObject({ subject: 'shop/Deployment/web', container: 'web', origin: 'recorded', partial: false });
    expect(all.behaviours.map(({ object }) => object)).not.toContain('/tmp/x');
    expect(all.dimensions).toEqual(['exec', 'open', 'connect', 'listen', 'syscall', 'privilege']);
    const settled = workload.model.profile({ settledOnly: true });
    expect(settled.dimensions).toEqual(['exec', 'open', 'connect', 'listen', 'privilege']);
    expect(settled.behaviours).toEqual(all.behaviours.filter(({ dimension }) => dimension !== 'syscall'));
  });

  it('shows how it grew, and by what each behaviour is known', () => {
    const workload = settledWorkload();
    workload.model.begin(facts('one', { ports: ['8081/TCP'] }), timeAt(700));
    workload.does(701, 'a', ['listen /app 8081/TCP'], 'one');
    const { behaviours, growth, from, until } = workload.model.describe(timeAt(702));
    expect([from, until]).toEqual([timeAt(0), timeAt(701)]);
    expect(growth.at(-1)!.behaviours).toBe(SERVES.length + 2);
    const known = behaviours.find(({ behaviour }) => behaviour.object === '8081/TCP');
    expect(known).toMatchObject({ origin: 'declared', incidences: 1, replicas: 1, days: 1, releases: ['one'] });
  });
});
