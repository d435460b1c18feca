import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectEvents, parseEventBody } from '../read-events.ts';
import { AuditdStream } from './auditd-stream.ts';

const CALL = 'ppid=41 pid=42 auid=1000 uid=1000 gid=1000 euid=0 suid=0 tty=pts1 ses=3';
const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
/** Records of one event, as auditd writes them. */
const records = (serial: number, ...lines: string[]) =>
  lines.map((line) => line.replace(' ', ` msg=audit(1767225600.${String(serial).padStart(3, '0')}:${serial}): `));
const read = (lines: string[]) => parseEventBody(`${lines.join('\n')}\n`);
const syscall = (number: number, more = '') =>
  `type=SYSCALL arch=c000003e syscall=${number} success=yes exit=0 a0=5 a1=0 a2=0 ${CALL} comm="sh" exe="/usr/bin/dash" ${more}`;

const EXEC = records(
  101,
  syscall(59),
  `type=EXECVE argc=3 a0="sh" a1="-c" a2=${hex('echo "hello world"')}`,
  'type=CWD cwd="/srv"',
  'type=PATH item=0 name="./start.sh" inode=7 dev=fd:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL',
  'type=PATH item=1 name="/bin/sh" inode=8 dev=fd:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL',
  `type=PROCTITLE proctitle=${hex('sh\0-c\0echo')}`,
);

describe('an audit log of Linux', () => {
  it('is told by its first line, with the name of the node before it or comments', () => {
    for (const head of [EXEC[0], `node=web ${EXEC[0]}`, `# kept by hand\n\n${EXEC[0]}`, `----\n`])
      expect(detectEvents(`${head}\n`)).toBe(head === '----\n' ? undefined : 'auditd');
  });

  it('tells a program that starts, with arguments that are written as hexadecimal digits', () => {
    expect(read(EXEC)).toEqual({
      events: [
        {
          source: 'auditd',
          time: '2026-01-01T00:00:00.101Z',
          type: 'exec',
          process: {
            path: '/usr/bin/dash',
            arguments: '-c echo "hello world"',
            pid: 42,
            uid: 0,
            workingDirectory: '/srv',
          },
        },
      ],
      unknowns: [],
    });
  });

  it('puts together a long argument that comes in pieces over several records', () => {
    const pieces = records(
      102,
      syscall(59),
      `type=EXECVE argc=2 a0="echo" a1_len=8 a1[0]=${hex('abcd')}`,
      `type=EXECVE a1[1]=${hex('efgh')}`,
    );
    expect(read(pieces).events[0]?.process?.arguments).toBe('abcdefgh');
  });

  it('keeps events apart whose records are mixed, whatever their order', () => {
    const opens = records(
      103,
      syscall(257),
      'type=CWD cwd="/etc"',
      'type=PATH item=0 name="passwd" nametype=NORMAL',
      'type=PROCTITLE proctitle="cat"',
    );
    const mixed = EXEC.flatMap((line, index) => [line, ...opens.slice(index, index + 1)]);
    const { events, unknowns } = read(mixed);
    expect(unknowns).toEqual([]);
    expect(events.map(({ type }) => type).sort()).toEqual(['exec', 'open']);
    expect(events.find(({ type }) => type === 'open')?.file).toEqual({ path: '/etc/passwd', access: 'read' });
  });

  it.each<[string, number, string[], object]>([
    [
      'made',
      257,
      ['item=0 name="/tmp" nametype=PARENT', 'item=1 name="/tmp/x" nametype=CREATE'],
      { path: '/tmp/x', access: 'create' },
    ],
    [
      'removed',
      263,
      ['item=0 name="/tmp" nametype=PARENT', 'item=1 name="/tmp/x" nametype=DELETE'],
      { path: '/tmp/x', access: 'delete' },
    ],
    [
      'renamed',
      82,
      ['item=2 name="/tmp/a" nametype=DELETE', 'item=3 name="/tmp/b" nametype=CREATE'],
      { path: '/tmp/b', access: 'write', from: '/tmp/a' },
    ],
    [
      'named with a line break',
      257,
      [`item=0 name=${hex('/tmp/a\nb')} nametype=NORMAL`],
      { path: '/tmp/a\\u000ab', access: 'read' },
    ],
  ])('tells a file that is %s', (_, number, paths, file) => {
    const { events } = read(records(104, syscall(number), ...paths.map((path) => `type=PATH ${path}`)));
    expect(events[0]?.file).toEqual(file);
  });

  it.each([
    ['IPv4', '02000050C0000207', { peer: { address: '192.0.2.7', port: 80, protocol: 'TCP' } }],
    ['IPv4 of a big-endian machine', '00020050C0000207', { peer: { address: '192.0.2.7', port: 80, protocol: 'TCP' } }],
    [
      'IPv6',
      `0A0001BB00000000${'20010DB8'.padEnd(31, '0')}1`,
      { peer: { address: '2001:db8::1', port: 443, protocol: 'TCP' } },
    ],
    [
      'a mapped address',
      `0A00005000000000${'0'.repeat(20)}FFFF0A000001`,
      { peer: { address: '10.0.0.1', port: 80, protocol: 'TCP' } },
    ],
    ['a socket that is a file', `0100${hex('/var/run/docker.sock')}00`, { file: { path: '/var/run/docker.sock' } }],
    ['an abstract socket', `010000${hex('shim')}`, { file: { path: '@shim' } }],
    ['a family without ends', '100000000000000000000000', {}],
    ['a broken address', 'XYZ', {}],
  ])('tells where a connection leads: %s', (_, saddr, expected) => {
    const { events } = read(records(105, syscall(42), `type=SOCKADDR saddr=${saddr}`));
    const { peer, file } = events[0] ?? {};
    expect({ ...(peer && { peer }), ...(file && { file }) }).toEqual(expected);
  });

  it('tells why a call failed, and takes a connection that does not wait for one that began', () => {
    const failed = (exit: number) => syscall(42).replace('success=yes exit=0', `success=no exit=${exit}`);
    expect(read(records(106, failed(-13))).events[0]?.failure).toBe('EACCES');
    expect(read(records(107, failed(-115))).events[0]?.failure).toBeUndefined();
  });

  it('names the parent where the log told of it before', () => {
    const child = records(108, syscall(257).replace('ppid=41 pid=42', 'ppid=42 pid=43'));
    expect(read([...EXEC, ...child]).events[1]?.parent).toEqual({ path: '/usr/bin/dash', arguments: '', pid: 42 });
  });

  it.each([
    [272, 'namespace', 'unshare'],
    [165, 'mount', 'mount'],
    [313, 'module', 'finit_module'],
    [101, 'privilege', 'ptrace'],
    [999, 'syscall', 'system call 999'],
  ])('takes system call %d for %s', (number, type, call) => {
    expect(read(records(109, syscall(number))).events[0]).toMatchObject({ type, call });
  });

  it('reads numbers by the architecture that the record names', () => {
    const arm = syscall(221).replace('c000003e', 'c00000b7');
    expect(read(records(110, arm)).events[0]?.type).toBe('exec');
    expect(read(records(111, syscall(59).replace('c000003e', '40000003'))).events[0]).toMatchObject({
      type: 'syscall',
      call: 'system call 59',
    });
  });

  it('passes over what tells of no system call, and what enriches a record', () => {
    const login =
      'type=USER_LOGIN msg=audit(1767225600.111:112): pid=9 uid=0 msg=\'op=login acct="root" exe="/usr/sbin/sshd" res=success\'';
    expect(read([login])).toEqual({ events: [], unknowns: [] });
    const enriched = records(113, `${syscall(59)}\u001dARCH=x86_64 SYSCALL=execve UID="root" exe="/made/up"`);
    expect(read(enriched).events[0]?.process?.path).toBe('/usr/bin/dash');
  });

  it('says what is broken, and takes the rest', () => {
    const orphan = records(114, 'type=PATH item=0 name="/tmp/x" nametype=NORMAL');
    const { events, unknowns } = read([...EXEC, 'no record at all', ...orphan, EXEC[0]?.slice(0, 40) ?? '']);
    expect(events).toHaveLength(1);
    expect(unknowns.map(({ place }) => place?.line)).toEqual([7, 9, 8]);
  });

  it('holds few events that do not end, and tells them when others are much later', () => {
    const stream = new AuditdStream();
    const open = (serial: number, seconds: number) =>
      `type=SYSCALL msg=audit(${1_767_225_600 + seconds}.000:${serial}): arch=c000003e syscall=257 success=yes exit=3 pid=1 exe="/bin/a"\n`;
    expect(stream.push(open(1, 0) + open(2, 0))).toEqual([]);
    expect(stream.push(open(3, 10))).toHaveLength(2);
    let told = 0;
    for (let serial = 4; serial < 20_000; serial += 1) told += stream.push(open(serial, 10)).length;
    expect(told).toBeGreaterThan(15_000);
  });

  it('never throws, whatever comes and however it is cut', () => {
    const line = fc.oneof(
      fc.constantFrom(...EXEC, 'type=EOE', 'node=x type=PATH msg=audit(1.000:1): item=x name=0'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 50 }), (lines, size) => {
        const text = lines.join('\n');
        const stream = new AuditdStream();
        for (let at = 0; at < text.length; at += size) stream.push(text.slice(at, at + size));
        stream.end();
      }),
    );
  });

  it('gives the same however it is cut', () => {
    const whole = read(EXEC).events;
    const text = EXEC.join('\n');
    for (let size = 1; size < 80; size += 7) {
      const stream = new AuditdStream();
      const pieces = [];
      for (let at = 0; at < text.length; at += size) pieces.push(...stream.push(text.slice(at, at + size)));
      pieces.push(...stream.end());
      expect(pieces.flatMap((piece) => ('event' in piece ? [piece.event] : []))).toEqual(whole);
    }
  });
});
