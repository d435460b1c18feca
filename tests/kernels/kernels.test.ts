import { beforeAll, describe, expect, it } from 'vitest';
import { hasHooks, isMade, KERNELS, MACHINES, POWERS, type Result, resultsUnder } from './results.ts';

const LACKING = MACHINES.filter(({ lacks }) => lacks !== '').map(({ processor, lacks }) => [processor, lacks] as const);

describe.each(LACKING)('the sensor under other kernels for %s (left out: %s)', (_, lacks) => {
  it.skip('is tested where there are some', () => expect(lacks).toBe(''));
});

describe.each(KERNELS.filter(hasHooks))('the same object under %s', (...kernel) => {
  let of: (name: string) => Result;

  beforeAll(async () => {
    of = await resultsUnder(kernel);
  });

  it('is loaded, and its hooks of BPF-LSM are asked', () => {
    expect(of('abilities').lsm?.toSorted()).toEqual(
      ['programs', 'starts', 'sockets', 'credentials', 'gains', 'namespaces', 'mounts', 'tracing', 'kernel'].sort(),
    );
  });

  it('tells what a container does, and lets it', () => {
    expect(of('nothing')).toMatchObject({ made: true, told: [] });
    expect(of('nothing').types).toEqual(expect.arrayContaining(['exec', 'open', 'exit']));
    expect(of('nothing').opened).toContain('/etc/passwd');
    expect(of('reached')).toMatchObject({ told: [], peers: ['127.0.0.1:4444'] });
  });

  it.runIf(isMade('i386-connect', kernel))(
    'tells whom programs of 32 bits speak to by the one call for sockets',
    () => {
      expect(of('i386-connect')).toMatchObject({ made: true, told: [], peers: ['127.0.0.1:4444'] });
      expect(of('i386-send')).toMatchObject({ made: true, told: [], peers: ['127.0.0.1:4445', '127.0.0.1:4446'] });
    },
  );

  it('tells which capabilities a container needs, and which calls it makes', () => {
    expect(of('abilities').used).toEqual(['capabilities']);
    expect(of('use').used).toEqual(expect.arrayContaining(['CAP_CHOWN', 'umask', 'execve', 'wait4']));
    for (const name of ['CAP_SYS_ADMIN', 'CAP_MKNOD', 'mount']) expect(of('use').used).not.toContain(name);
  });

  it.runIf(isMade('arm-nothing', kernel))('tells what programs of 32 bits do', () => {
    expect(of('arm-nothing')).toMatchObject({ made: true, told: [] });
    expect(of('arm-nothing').opened).toContain('/tmp/proof');
  });

  it('tells of files that are opened by no path', () => {
    expect(of('handle')).toMatchObject({ made: true, output: 'handle succeeded\n' });
    expect(of('handle').opened).toContain('/run/handled');
  });

  it.each(POWERS.filter(([name]) => isMade(name, kernel)))(
    'refuses what gives power, before its effect: %s',
    (name, guard, call) => {
      expect(of(name)).toMatchObject({ made: false, output: `${name} failed\n` });
      expect(of(name).told).toContainEqual(expect.objectContaining({ prevention: 'stopped', guards: [guard], call }));
    },
  );

  it('lets the same call where no guard is, and tells of it where one only audits', () => {
    expect(of('unguarded')).toMatchObject({ made: true, told: [] });
    expect(of('audited')).toMatchObject({ made: true, told: [{ prevention: 'audited', guards: ['namespaces'] }] });
  });

  it.each([
    ['setuid-bit', 'gains', '/app/attack-setuid'],
    ['dropped', 'programs', '/tmp/x'],
    ['script', 'programs', '/tmp/x'],
    ['memory', 'programs', '/proc/self/fd/3'],
    ['loader', 'programs', expect.stringMatching(/^\/lib(64)?\/ld-linux-/)],
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
