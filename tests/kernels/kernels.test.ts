import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { KERNEL_PACKAGES, NO_KERNELS, runUnder } from './virtual-machine.ts';

interface Told {
  type: string;
  prevention: string;
  guards: string[];
  failure?: string;
  call?: string;
  program?: string;
}

interface Result {
  name: string;
  made?: boolean;
  output?: string;
  told?: Told[];
  types?: string[];
  heard?: number;
  lsm?: string[];
  used?: string[];
}

const PACKAGES = NO_KERNELS === '' ? KERNEL_PACKAGES : [];

describe.skipIf(PACKAGES.length > 0)(`the sensor under other kernels (left out: ${NO_KERNELS})`, () => {
  it('is tested where there are some', () => expect(NO_KERNELS).not.toBe(''));
});

describe.each(PACKAGES.map((path) => [basename(path), path]))('the same object under %s', (_, path) => {
  const results = new Map<string, Result>();
  let printed = '';

  beforeAll(async () => {
    printed = await runUnder(path, 'in-guest.ts');
    for (const [, text = ''] of printed.matchAll(/RESULT (\{.*\})/g)) {
      const result: Result = JSON.parse(text);
      results.set(result.name, result);
    }
  });

  const of = (name: string): Result => results.get(name) ?? { name };

  it('is loaded, and its hooks of BPF-LSM are asked', () => {
    expect(printed).toContain('"name":"ended"');
    expect(of('abilities').lsm?.toSorted()).toEqual(
      ['programs', 'starts', 'sockets', 'credentials', 'gains', 'namespaces', 'mounts', 'tracing', 'kernel'].sort(),
    );
  });

  it('tells what a container does, and lets it', () => {
    expect(of('nothing')).toMatchObject({ made: true, told: [] });
    expect(of('nothing').types).toEqual(expect.arrayContaining(['exec', 'open', 'exit']));
  });

  it('tells which capabilities a container needs, and which calls it makes', () => {
    expect(of('abilities').used).toEqual(['capabilities']);
    expect(of('use').used).toEqual(expect.arrayContaining(['CAP_CHOWN', 'umask', 'execve']));
    for (const name of ['CAP_SYS_ADMIN', 'CAP_MKNOD', 'mount']) expect(of('use').used).not.toContain(name);
  });

  it.each([
    ['namespaces', 'namespaces', 'unshare'],
    ['clone', 'namespaces', 'clone'],
    ['clone3', 'namespaces', 'clone3'],
    ['setns', 'namespaces', 'setns'],
    ['mount', 'mounts', 'mount'],
    ['fsopen', 'mounts', 'fsopen'],
    ['ptrace', 'tracing', 'ptrace'],
    ['read-memory', 'tracing', 'process_vm_readv'],
    ['module', 'kernel', 'init_module'],
    ['bpf', 'kernel', 'bpf'],
    ['i386-namespaces', 'namespaces', 'unshare'],
  ])('refuses what gives power, before its effect: %s', (name, guard, call) => {
    expect(of(name)).toMatchObject({ made: false, output: `${name} failed\n` });
    expect(of(name).told).toContainEqual(expect.objectContaining({ prevention: 'stopped', guards: [guard], call }));
  });

  it('lets the same call where no guard is, and tells of it where one only audits', () => {
    expect(of('unguarded')).toMatchObject({ made: true, told: [] });
    expect(of('audited')).toMatchObject({ made: true, told: [{ prevention: 'audited', guards: ['namespaces'] }] });
  });

  it.each([
    ['setuid-bit', 'gains', '/app/attack-setuid'],
    ['dropped', 'programs', '/tmp/x'],
    ['script', 'programs', '/tmp/x'],
    ['memory', 'programs', '/proc/self/fd/3'],
    ['loader', 'programs', '/lib64/ld-linux-x86-64.so.2'],
    ['starts', 'starts', '/app/attack'],
  ])('refuses to start a program: %s', (name, guard, program) => {
    expect(of(name).made).toBe(false);
    expect(of(name).output).not.toContain('succeeded');
    expect(of(name).told).toContainEqual(
      expect.objectContaining({ type: 'exec', prevention: 'stopped', guards: [guard], program, failure: 'EPERM' }),
    );
  });

  it.each(['credential-moved', 'credential-linked', 'credentials-moved'])(
    'refuses to give a credential another name: %s',
    (name) => {
      expect(of(name).made).toBe(false);
      expect(of(name).told).toContainEqual(expect.objectContaining({ prevention: 'stopped', guards: ['credentials'] }));
    },
  );

  it('refuses sockets that no address guards', () => {
    expect(of('packet-socket')).toMatchObject({
      made: false,
      told: [{ prevention: 'stopped', guards: ['connections'] }],
    });
  });

  it('refuses to open a credential', () => {
    expect(of('credential')).toMatchObject({
      made: false,
      told: [{ type: 'open', prevention: 'stopped', guards: ['credentials'], failure: 'EPERM' }],
    });
  });

  it("refuses a connection to the runtime's socket, and to a server: neither hears anything", () => {
    expect(of('runtime-socket')).toMatchObject({ made: false, told: [{ prevention: 'stopped', guards: ['sockets'] }] });
    expect(of('heard by the socket').heard).toBe(0);
    expect(of('connection')).toMatchObject({ made: false, told: [{ prevention: 'stopped', guards: ['connections'] }] });
    expect(of('heard by the server').heard).toBe(0);
  });

  it('lets what is permitted: by guard, program, parent and file', () => {
    expect(of('permitted-start')).toMatchObject({ made: true, told: [] });
    expect(of('permitted')).toMatchObject({ made: true, told: [], output: 'namespaces succeeded\nsecret\n' });
  });
});
