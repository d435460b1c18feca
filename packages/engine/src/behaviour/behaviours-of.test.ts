import type { RuntimeEvent } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behavioursOf, behaviourText, fileObject, peerObject, portObject, programPath } from './index.ts';

const NGINX = { path: '/usr/sbin/nginx', arguments: '', inImage: true };
const event = (type: RuntimeEvent['type'], facts: Partial<RuntimeEvent> = {}): RuntimeEvent => ({
  source: 'sensor',
  time: '2026-11-22T10:00:00.000Z',
  type,
  process: NGINX,
  parent: { path: '/entrypoint.sh', arguments: '' },
  ...facts,
});
const shown = (facts: RuntimeEvent): string[] =>
  behavioursOf(facts).map(({ dimension, actor, parent, access, object, inImage }) =>
    [dimension, `${parent}>${actor}`, access, object, inImage].filter((part) => part !== undefined).join(' '),
  );

describe('behaviours of an event', () => {
  it.each<[string, RuntimeEvent, string[]]>([
    ['a program', event('exec'), ['exec >/entrypoint.sh /usr/sbin/nginx true']],
    [
      'a program and its user',
      event('exec', { process: { ...NGINX, uid: 101 } }),
      ['exec >/entrypoint.sh /usr/sbin/nginx true', 'privilege /entrypoint.sh>/usr/sbin/nginx uid 101'],
    ],
    [
      "a container's first program",
      { ...event('exec'), parent: undefined } as unknown as RuntimeEvent,
      ['exec > /usr/sbin/nginx true'],
    ],
    [
      'an opened file',
      event('open', { file: { path: '/etc/nginx/nginx.conf', access: 'read' } }),
      ['open /entrypoint.sh>/usr/sbin/nginx read /etc/nginx/nginx.conf'],
    ],
    [
      'a program of no file, which is nobody that is known',
      event('open', {
        process: { path: '/', arguments: '' },
        parent: undefined,
        file: { path: '/sys/x', access: 'read' },
      }),
      ['open > read /sys/x'],
    ],
    ['a file that could not be opened', event('open', { file: { path: '/etc/shadow' }, failure: 'EACCES' }), []],
    [
      'a renamed file',
      event('change', { call: 'renameat2', file: { path: '/data/new/a', from: '/data/old/a' } }),
      [
        'open /entrypoint.sh>/usr/sbin/nginx delete /data/old/*',
        'open /entrypoint.sh>/usr/sbin/nginx create /data/new/*',
      ],
    ],
    [
      'a link',
      event('change', { call: 'symlinkat', file: { path: '/etc/x.conf', from: '/y' } }),
      ['open /entrypoint.sh>/usr/sbin/nginx create /etc/x.conf'],
    ],
    [
      'a removed file',
      event('change', { call: 'unlink', file: { path: '/var/log/a.log', access: 'delete' } }),
      ['open /entrypoint.sh>/usr/sbin/nginx delete /var/log/*'],
    ],
    [
      'a link to a secret',
      event('change', { call: 'symlinkat', file: { path: '/tmp/x', from: '/etc/shadow' } }),
      ['open /entrypoint.sh>/usr/sbin/nginx create /tmp/*', 'open /entrypoint.sh>/usr/sbin/nginx read /etc/shadow'],
    ],
    [
      'a file that may be run from now on',
      event('change', { call: 'fchmodat', callArguments: '744', file: { path: '/tmp/x' } }),
      ['open /entrypoint.sh>/usr/sbin/nginx write /tmp/*', 'privilege /entrypoint.sh>/usr/sbin/nginx chmod +x /tmp/*'],
    ],
    [
      'a file that may be run as its owner from now on',
      event('change', { call: 'chmod', callArguments: '104755', file: { path: '/srv/x' } }),
      ['open /entrypoint.sh>/usr/sbin/nginx write /srv/*', 'privilege /entrypoint.sh>/usr/sbin/nginx chmod +s /srv/*'],
    ],
    [
      'a file that only may be read',
      event('change', { call: 'fchmod', callArguments: '644', file: { path: '/srv/x' } }),
      ['open /entrypoint.sh>/usr/sbin/nginx write /srv/*'],
    ],
    [
      'a connection',
      event('connect', {
        peer: { address: '10.1.2.3', port: 5432, protocol: 'TCP', name: 'db.shop.svc.cluster.local' },
      }),
      ['connect /entrypoint.sh>/usr/sbin/nginx db.shop.svc.cluster.local:5432/TCP'],
    ],
    [
      'a socket that is a file',
      event('connect', { file: { path: '/var/run/docker.sock' } }),
      ['connect /entrypoint.sh>/usr/sbin/nginx unix:/run/docker.sock'],
    ],
    [
      'a listener',
      event('listen', { local: { address: '0.0.0.0', port: 8080 } }),
      ['listen /entrypoint.sh>/usr/sbin/nginx 8080/TCP'],
    ],
    [
      'one for datagrams',
      event('listen', { local: { address: '0.0.0.0', port: 53, protocol: 'UDP' } }),
      ['listen /entrypoint.sh>/usr/sbin/nginx 53/UDP'],
    ],
    [
      'a caller',
      event('accept', {
        local: { address: '0.0.0.0', port: 8080 },
        peer: { address: '10.0.0.9', port: 40_000, protocol: 'TCP' },
      }),
      ['listen /entrypoint.sh>/usr/sbin/nginx 8080/TCP'],
    ],
    [
      'a namespace',
      event('namespace', { call: 'unshare', callArguments: 'user mount' }),
      ['privilege /entrypoint.sh>/usr/sbin/nginx unshare user mount'],
    ],
    [
      'a mount that was refused',
      event('mount', { call: 'mount', callArguments: 'proc', file: { path: '/mnt/x' }, failure: 'EPERM' }),
      ['privilege /entrypoint.sh>/usr/sbin/nginx mount proc /mnt/* failed'],
    ],
    [
      'another user',
      event('privilege', { call: '__x64_sys_setuid', callArguments: '1000680000' }),
      ['privilege /entrypoint.sh>/usr/sbin/nginx setuid *'],
    ],
    [
      'a capability',
      event('privilege', { call: 'cap_net_raw' }),
      ['capability /entrypoint.sh>/usr/sbin/nginx CAP_NET_RAW'],
    ],
    ['a system call', event('syscall', { call: 'socket' }), ['syscall /entrypoint.sh>/usr/sbin/nginx socket']],
    ['a powerful one', event('syscall', { call: 'bpf' }), ['privilege /entrypoint.sh>/usr/sbin/nginx bpf']],
    ['an end', event('exit', { exitCode: 0 }), []],
    ['a loss', event('loss', { lost: 3 }), []],
    ["somebody's alert", event('alert', { alert: { rule: 'r', priority: 'p', message: 'm', tags: [] } }), []],
  ])('are those of %s', (_, given, expected) => {
    expect(shown(given)).toEqual(expected);
  });

  it('stay the same under other pids, times, containers and hosts', () => {
    const facts = fc.record({ pid: fc.nat(), uid: fc.constant(0), startTime: fc.string(), executionId: fc.string() });
    fc.assert(
      fc.property(facts, fc.nat(4_000_000), fc.date({ noInvalidDate: true }), fc.string(), (process, pid, time, id) => {
        const given = (number: number): RuntimeEvent => ({
          ...event('open', { file: { path: `/proc/${number}/fd/${number + 1}`, access: 'read' } }),
        });
        const other = { ...given(pid), time: time.toISOString(), node: id, container: { id } };
        expect(shown({ ...other, process: { ...NGINX, ...process } })).toEqual(shown(given(1)));
      }),
    );
  });
});

describe('a file that is many programs', () => {
  it('is told apart by which one was started', () => {
    const busybox = { path: '/bin/busybox', arguments: '', applet: 'wget', inImage: true };
    const [start] = behavioursOf(event('exec', { process: busybox }));
    expect(start).toEqual({
      dimension: 'exec',
      actor: '/entrypoint.sh',
      parent: '',
      object: '/bin/busybox',
      inImage: true,
      applet: 'wget',
    });
    const [read] = behavioursOf(event('open', { process: busybox, file: { path: '/etc/shadow', access: 'read' } }));
    expect(read).toMatchObject({ actor: '/bin/busybox', applet: 'wget', object: '/etc/shadow' });
  });
});

describe('a file', () => {
  it.each([
    ['/var/log/nginx/access.log', '/var/log/nginx/*'],
    ['/var/log/nginx/access.log.17.gz', '/var/log/nginx/*'],
    ['/usr/lib/x86_64-linux-gnu/libssl.so.3', '/usr/lib/x86_64-linux-gnu/libssl.so.3'],
    ['/usr/bin/python3.11', '/usr/bin/python3.11'],
    ['/opt/app/lib/core-1.2.jar', '/opt/app/lib/core-1.2.jar'],
    ['/etc/passwd', '/etc/passwd'],
    ['/etc/php/8.2/php.ini', '/etc/php/*/php.ini'],
    ['/proc/4711/environ', '/proc/*/environ'],
    ['/proc/4711/task/4712/comm', '/proc/*/task/*/comm'],
    ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/core_pattern'],
    ['/sys/fs/cgroup/memory/release_agent', '/sys/fs/cgroup/memory/release_agent'],
    ['/dev/pts/7', '/dev/pts/*'],
    ['/dev/shm/sem.3f2a', '/dev/shm/*'],
    ['/tmp/tmpab12cd34/deep/file', '/tmp/*'],
    ['/tmp/.hidden', '/tmp/.hidden'],
    ['/tmp/.hidden/deep/file', '/tmp/.hidden/*'],
    ['/tmp/.ZendSem.abcdef', '/tmp/.ZendSem.*'],
    ['/tmp/.s.PGSQL.5432', '/tmp/.s.PGSQL.*'],
    ['/tmp/repository/.eslintrc', '/tmp/*'],
    ['/tmp/.ssh/authorized_keys', '/tmp/.ssh/authorized_keys'],
    ['/tmp/x/.ssh/id_rsa', '/tmp/*/.ssh/id_rsa'],
    ['/dev/shm/a/b/release_agent', '/dev/shm/*/release_agent'],
    ['/tmp/.bash_history', '/tmp/.bash_history'],
    ['/root/.ssh/id_ed25519', '/root/.ssh/id_*'],
    ['/root/.bashrc', '/root/.bashrc'],
    ['/home/u/.aws/credentials', '/home/u/.aws/credentials'],
    [
      '/var/run/secrets/kubernetes.io/serviceaccount/..2026_11_22_10_00_00.123456789/token',
      '/run/secrets/kubernetes.io/serviceaccount/token',
    ],
    ['/config/..2026_11_22_10_00_00.123456789/app.toml', '/config/app.toml'],
    ['/data/2026-11-22T10:00:00Z/3f2a9c1e-aaaa-4bbb-8ccc-0123456789ab/part', '/data/*/*/*'],
    ['/var/cache/nginx/3/f2/0a1b2c3d4e5f60718293a4b5c6d7e8f9', '/var/cache/nginx/*/*/*'],
    ['/repo/.git/objects/ab/3f2a9c1e0a1b2c3d4e5f60718293a4b5c6d7e8', '/repo/.git/objects/*/*'],
    ['/cache/ab/cd/0a1b2c3d4e5f6071', '/cache/*/*/*'],
    ['/repo/.git/objects/ab/tmp_obj_q8Zx1f', '/repo/.git/objects/*/*'],
    ['/repo/.git/objects/incoming-qvgGDF/ab/tmp_obj_q8Zx1f', '/repo/.git/objects/incoming-*/*/*'],
    ['/srv/x/incoming-eZwrZx/part', '/srv/x/incoming-*/*'],
    ['/srv/x/build-LAx2gN/part', '/srv/x/build-*/*'],
    ['/srv/x/sess_RIUSzW/part', '/srv/x/sess_*/*'],
    ['/srv/x/my-getFileName/part', '/srv/x/my-getFileName/*'],
    ['/srv/x/my-HTTPServer/part', '/srv/x/my-HTTPServer/*'],
    ['/srv/x/app-Production2/part', '/srv/x/app-Production*/*'],
    ['/srv/x/app-PRODUCTION/part', '/srv/x/app-PRODUCTION/*'],
    ['/data/db/journal', '/data/db/*'],
    ['/srv/a/../bb//./c', '/srv/bb/*'],
    ['/x', '/*'],
    ['pipe:[12345]', 'pipe:[*]'],
  ])('is named by what does not change: %s is %s', (path, object) => {
    expect(fileObject(path)).toBe(object);
  });

  it('that runs is called as the image calls it, and without what is by chance elsewhere', () => {
    expect(programPath('/usr/lib/jvm/java-17/bin/java', true)).toBe('/usr/lib/jvm/java-17/bin/java');
    expect(programPath('/tmp/build-x8f7q2/run', false)).toBe('/tmp/build-*/run');
    expect(programPath('/memfd:a1b2c3 (deleted)', false, true)).toBe('/memfd:*');
    expect(programPath('/x (deleted)', true)).toBe('/x (deleted)');
  });

  const name = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
    fc.stringMatching(/^[a-z0-9._*-]{1,24}$/),
    fc.constantFrom(
      'tmp',
      'proc',
      'etc',
      'bin',
      '.ssh',
      'lib.so.1',
      'x.p12',
      '..',
      '..data',
      '..2026_11_22_10_00_00.1',
      '.tmpabcd1234',
    ),
  );
  it('is named the same when its name is named again', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 12 }), fc.boolean(), (names, inImage) => {
        const object = fileObject(`/${names.join('/')}`, inImage);
        expect(fileObject(object, inImage)).toBe(object);
        const program = programPath(`/${names.join('/')}`, inImage);
        expect(programPath(program, inImage)).toBe(program);
      }),
      { numRuns: 1000 },
    );
  });

  it('is named in little time, however hostile it is', () => {
    for (const hostile of [
      '*-'.repeat(2048),
      '1a'.repeat(2048),
      '-1'.repeat(2048),
      '/.'.repeat(2048),
      'a/'.repeat(2048),
    ])
      expect(fileObject(`/${hostile}`).length).toBeLessThanOrEqual(4100);
  });
});

describe('a peer', () => {
  const peer = (address: string, name?: string): string =>
    peerObject({ address, port: 443, protocol: 'TCP', ...(name !== undefined && { name }) });

  it.each([
    ['93.184.216.34', undefined, 'internet:443/TCP'],
    ['2606:2800::1', undefined, 'internet:443/TCP'],
    ['10.0.0.1', undefined, 'private:443/TCP'],
    ['172.31.0.1', undefined, 'private:443/TCP'],
    ['172.32.0.1', undefined, 'internet:443/TCP'],
    ['100.64.0.1', undefined, 'private:443/TCP'],
    ['fd12::1', undefined, 'private:443/TCP'],
    ['::ffff:10.0.0.1', undefined, 'private:443/TCP'],
    ['127.0.0.53', undefined, 'loopback:443/TCP'],
    ['::1', undefined, 'loopback:443/TCP'],
    ['169.254.1.1', undefined, 'link-local:443/TCP'],
    ['fe80::1', undefined, 'link-local:443/TCP'],
    ['ff02::1', undefined, 'multicast:443/TCP'],
    ['169.254.169.254', undefined, '169.254.169.254:443/TCP'],
    ['nonsense', undefined, 'unknown:443/TCP'],
    ['10.0.0.1', 'API.Example.', 'api.example:443/TCP'],
    ['10.0.0.1', 'ip-10-0-0-1.internal', 'ip-*.internal:443/TCP'],
    ['10.0.0.1', 'd111111abcdef8.cloudfront.net', '*.cloudfront.net:443/TCP'],
    ['10.0.0.1', 'db-0.db', 'db-0.db:443/TCP'],
  ])('is a name, or the class of its address: %s %s is %s', (address, name, object) => {
    expect(peer(address, name)).toBe(object);
  });

  it('has no port that was given by chance', () => {
    expect([
      portObject(8080),
      portObject(41_234),
      portObject(50_051),
      portObject(61_616),
      portObject(53, 'udp'),
    ]).toEqual(['8080/TCP', '*/TCP', '50051/TCP', '61616/TCP', '53/UDP']);
  });
});

describe('the text of a behaviour', () => {
  it('is the same for the same behaviour however its fields are ordered', () => {
    const [one] = behavioursOf(event('exec'));
    const turned = Object.fromEntries(Object.entries(one!).reverse()) as NonNullable<typeof one>;
    expect(behaviourText(turned)).toBe(behaviourText(one!));
  });
});
