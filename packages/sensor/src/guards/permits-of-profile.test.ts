import type { Behaviour, BehaviourProfile } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { permitsOfProfile } from './permits-of-profile.ts';

const profileOf = (...behaviours: Partial<Behaviour>[]): BehaviourProfile => ({
  subject: 'shop/Deployment/web',
  origin: 'recorded',
  partial: false,
  dimensions: ['exec', 'open', 'connect', 'privilege'],
  behaviours: behaviours.map((one) => ({
    dimension: 'exec',
    actor: '/usr/sbin/nginx',
    parent: '',
    object: '',
    ...one,
  })),
});

describe('what a profile lets', () => {
  it.each([
    [
      { dimension: 'exec', actor: '', object: '/usr/sbin/nginx' },
      { guard: 'starts', object: '/usr/sbin/nginx' },
    ],
    [
      { dimension: 'exec', object: '/bin/date' },
      { guard: 'starts', actor: '/usr/sbin/nginx', object: '/bin/date' },
    ],
    [
      { dimension: 'open', object: '/etc/ssl/private/web.key', access: 'read' },
      { guard: 'credentials', actor: '/usr/sbin/nginx', object: '/etc/ssl/private/web.key' },
    ],
    [
      { dimension: 'privilege', object: 'unshare user mount' },
      { guard: 'namespaces', actor: '/usr/sbin/nginx' },
    ],
    [
      { dimension: 'privilege', object: 'mount proc /proc' },
      { guard: 'mounts', actor: '/usr/sbin/nginx' },
    ],
    [
      { dimension: 'privilege', object: 'ptrace' },
      { guard: 'tracing', actor: '/usr/sbin/nginx' },
    ],
    [
      { dimension: 'privilege', object: 'setresuid 0 0 0' },
      { guard: 'gains', actor: '/usr/sbin/nginx' },
    ],
    [
      { dimension: 'syscall', object: 'bpf' },
      { guard: 'kernel', actor: '/usr/sbin/nginx' },
    ],
  ] as const)('is a permit for just that: %j', (behaviour, permit) => {
    expect(permitsOfProfile(profileOf(behaviour)).permits).toEqual([permit]);
  });

  it.each([
    { dimension: 'exec', object: '/tmp/x', inImage: false },
    { dimension: 'exec', object: '/tmp/*' },
    { dimension: 'privilege', object: 'unshare user failed' },
    { dimension: 'privilege', object: 'uid 1000' },
    { dimension: 'capability', object: 'CAP_SYS_ADMIN' },
    { dimension: 'syscall', object: 'socket' },
  ] as const)('is nothing that failed, lay not in the image, or gives no power: %j', (behaviour) => {
    expect(permitsOfProfile(profileOf(behaviour)).permits).toEqual([]);
  });

  it('is a program that becomes root by its own bit', () => {
    const { permits } = permitsOfProfile(
      profileOf(
        { dimension: 'privilege', actor: '/bin/sh', object: 'uid 1000' },
        { dimension: 'privilege', actor: '/usr/bin/sudo', parent: '/bin/sh', object: 'uid 0' },
      ),
    );
    expect(permits).toEqual([{ guard: 'gains', object: '/usr/bin/sudo' }]);
  });

  it('is an address, a class of addresses, and for names their port alone, which is said', () => {
    const { allowed, gaps } = permitsOfProfile(
      profileOf(
        { dimension: 'connect', object: '169.254.169.254:80/TCP' },
        { dimension: 'connect', object: 'loopback:*/TCP' },
        { dimension: 'connect', object: 'db.shop:5432/TCP' },
      ),
    );
    expect(allowed.map(({ bits, port }) => [bits, port])).toEqual([
      [128, 80],
      [104, 0],
      [128, 0],
      [96, 5432],
      [0, 5432],
    ]);
    expect(gaps).toEqual([expect.stringContaining('db.shop')]);
  });

  it('is a socket, by itself and as it is written', () => {
    expect(
      permitsOfProfile(profileOf({ dimension: 'connect', actor: '', object: 'unix:/run/app.sock' })).permits,
    ).toEqual([
      { guard: 'sockets', object: '/run/app.sock' },
      { guard: 'sockets', object: '/run/app.sock', isText: true },
    ]);
  });
});
