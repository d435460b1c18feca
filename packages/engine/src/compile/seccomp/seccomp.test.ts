import { type Behaviour, type BehaviourProfile, GuardName, PRIVILEGE_GUARDS } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NAMESPACE_BITS } from './calls.ts';
import { compileSeccomp, gainingPrograms } from './compile-seccomp.ts';
import { seccompLets } from './seccomp-lets.ts';
import { type SeccompProfile, seccompRefuses } from './seccomp-profile.ts';

const SIGCHLD = 17;
const { profile } = compileSeccomp({ guards: PRIVILEGE_GUARDS });
const profileOf = (...behaviours: Pick<Behaviour, 'dimension' | 'object'>[]): BehaviourProfile => ({
  subject: 'shop/Deployment/web',
  origin: 'written',
  partial: false,
  dimensions: ['privilege'],
  behaviours: behaviours.map((behaviour) => ({ actor: '/bin/program', parent: '', ...behaviour })),
});

const byDefault: SeccompProfile = {
  defaultAction: 'SCMP_ACT_ERRNO',
  syscalls: [
    { names: ['read', 'unshare'], action: 'SCMP_ACT_ALLOW' },
    {
      names: ['clone'],
      action: 'SCMP_ACT_ALLOW',
      args: [{ index: 0, value: 0x7e020000, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
    },
  ],
};

describe('a seccomp profile of the guards of privileges', () => {
  it.each([
    ['unshare', [0x1000_0000]],
    ['unshare', [0x2_0000 | 0x4000_0000]],
    ['unshare', [0x80]],
    ['clone', [0x1000_0000 | SIGCHLD]],
    ['clone', [0x2000_0000]],
    ['clone3', []],
    ['setns', [3, 0]],
    ['mount', []],
    ['move_mount', []],
    ['umount2', []],
    ['ptrace', [16]],
    ['process_vm_writev', []],
    ['init_module', []],
    ['finit_module', []],
    ['bpf', [5]],
    ['keyctl', []],
    ['perf_event_open', []],
    ['personality', [0x4_0000]],
    ['personality', [0x8004_0000]],
    ['personality', [0xffff_fffe]],
  ] as const)('refuses %s %j', (name, args) => {
    expect(seccompRefuses(profile, { name, args })).toBe(true);
  });

  it.each([
    ['unshare', [0x400]],
    ['clone', [0x11_0000 | SIGCHLD]],
    // A thread, and a child whose end is told by a signal of a number that has the bit of a time namespace.
    ['clone', [0x3d_0f00]],
    ['clone', [0x80]],
    ['read', []],
    ['execve', []],
    ['setuid', [0]],
    ['socket', [2, 1, 0]],
    ['personality', [0]],
    ['personality', [8]],
    ['personality', [0xffff_ffff]],
  ] as const)('lets %s %j', (name, args) => {
    expect(seccompRefuses(profile, { name, args })).toBe(false);
  });

  it('holds for calls of 32 bits as well, on x86-64 and on arm64', () => {
    const machines = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'];
    expect(profile.architectures).toEqual(machines);
  });

  it('refuses every flag with a namespace in it, and lets every other', () => {
    const bits = Object.values(NAMESPACE_BITS).reduce((sum, bit) => sum | bit, 0);
    fc.assert(
      fc.property(fc.nat(0x7fff_ffff), (flags) => {
        expect(seccompRefuses(profile, { name: 'unshare', args: [flags] })).toBe((flags & bits) !== 0);
        expect(seccompRefuses(profile, { name: 'clone', args: [flags] })).toBe((flags & bits & ~0x80) !== 0);
      }),
    );
  });

  it('lets no personality but those without an unsafe bit, and the question which there is', () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), (value) => {
        const isSafe = value >>> 31 === 0 && (value & 0x74_0000) === 0;
        expect(seccompRefuses(profile, { name: 'personality', args: [value] })).toBe(!isSafe && value !== 0xffff_ffff);
      }),
    );
  });

  it('asks for a start without new privileges, where no program of the profile becomes root by its own bit', () => {
    expect(compileSeccomp({ guards: ['gains'] }).noNewPrivileges).toBe(true);
    expect(compileSeccomp({ guards: ['mounts'] }).noNewPrivileges).toBe(false);
    const { behaviours, ...rest } = profileOf({ dimension: 'privilege', object: 'uid 1000' });
    const sudo: Behaviour = { dimension: 'privilege', actor: '/bin/su', parent: '/bin/program', object: 'uid 0' };
    expect(gainingPrograms({ ...rest, behaviours: [...behaviours, sudo] })).toEqual(['/bin/su']);
    const withSudo: BehaviourProfile = { ...rest, behaviours: [...behaviours, sudo] };
    expect(compileSeccomp({ guards: ['gains'], profile: withSudo }).noNewPrivileges).toBe(false);
  });
});

describe('what a profile of behaviours holds', () => {
  it('is let, and only that', () => {
    const behaviours = profileOf(
      { dimension: 'privilege', object: 'unshare user' },
      { dimension: 'privilege', object: 'mount proc /proc' },
      { dimension: 'privilege', object: 'ptrace failed' },
    );
    const compiled = compileSeccomp({ guards: PRIVILEGE_GUARDS, profile: behaviours });
    const refuses = (name: string, ...args: number[]): boolean => seccompRefuses(compiled.profile, { name, args });
    expect([refuses('unshare', 0x1000_0000), refuses('unshare', 0x1002_0000), refuses('mount')]).toEqual([
      false,
      true,
      false,
    ]);
    expect([refuses('umount2'), refuses('ptrace'), refuses('setns')]).toEqual([true, true, true]);
    expect(compiled.gaps.map(({ guard }) => guard)).toEqual(['gains', 'namespaces', 'mounts']);
  });

  it('keeps from root where nothing runs as root', () => {
    const own = { dimension: 'privilege', object: 'uid 1000' } as const;
    const of = (...more: Pick<Behaviour, 'dimension' | 'object'>[]): SeccompProfile =>
      compileSeccomp({ guards: ['gains'], profile: profileOf(own, ...more) }).profile;
    expect(seccompRefuses(of(), { name: 'setresuid', args: [1000, 0, 1000] })).toBe(true);
    expect(seccompRefuses(of(), { name: 'setuid32', args: [0] })).toBe(true);
    expect(seccompRefuses(of(), { name: 'setuid', args: [33] })).toBe(false);
    expect(seccompRefuses(of({ dimension: 'privilege', object: 'uid 0' }), { name: 'setuid', args: [0] })).toBe(false);
    expect(seccompRefuses(of({ dimension: 'privilege', object: 'setuid 0' }), { name: 'setuid', args: [0] })).toBe(
      false,
    );
  });
});

describe('the gap report', () => {
  it('names each guard that seccomp cannot hold, wholly or in part', () => {
    const { gaps } = compileSeccomp({ guards: GuardName.options });
    expect(gaps.filter(({ whole }) => whole).map(({ guard }) => guard)).toEqual([
      'programs',
      'starts',
      'sockets',
      'credentials',
    ]);
    expect(gaps.filter(({ whole }) => !whole).map(({ guard }) => guard)).toEqual(['connections', 'gains']);
  });
});

describe('raw sockets', () => {
  it.each([
    [[17, 3, 0], true],
    [[17, 2, 0], true],
    [[2, 3, 1], true],
    [[2, 3 | 0x80800, 1], true],
    [[40, 1, 0], true],
    [[2, 1, 0], false],
    [[2, 2, 1], false],
    [[1, 1, 0], false],
    [[16, 3, 0], false],
    [[10, 3, 58], true],
  ])('are refused with the guard of connections: socket %j', (args, isRefused) => {
    const compiled = compileSeccomp({ guards: ['connections'] });
    expect(seccompRefuses(compiled.profile, { name: 'socket', args })).toBe(isRefused);
  });
});

describe('another profile', () => {
  it.each([
    [{ name: 'mount' }, true],
    [{ name: 'unshare', args: [0x10000000] }, false],
    [{ name: 'clone', args: [0x10000000] }, true],
    [{ name: 'clone', args: [17] }, false],
    // Nothing is known of the argument: it may be let.
    [{ name: 'clone' }, false],
  ])('is read as runtimes read it: %j', (call, isRefused) => {
    expect(seccompRefuses(byDefault, call)).toBe(isRefused);
  });
});

describe('whether a guard is held by the profile of a running container', () => {
  it('is so where it lets none of the calls', () => {
    expect(PRIVILEGE_GUARDS.map((guard) => seccompLets(profile, guard))).toEqual([undefined, [], [], [], []]);
    expect(seccompLets({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] }, 'tracing')).toContain('ptrace');
    expect(seccompLets(byDefault, 'namespaces')).toEqual(['unshare']);
  });
});
