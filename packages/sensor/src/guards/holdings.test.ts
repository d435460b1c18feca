import { compileSeccomp } from '@breakwater/engine/compile/seccomp';
import { GuardName, PRIVILEGE_GUARDS } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { boundsOfStatus, type ContainerBounds, seccompOfBundle } from './bounds.ts';
import { holdingsOf, type KernelMeans } from './holdings.ts';

const ALL = Object.fromEntries(GuardName.options.map((name) => [name, 'block' as const]));
const PLAIN: KernelMeans = { lsm: new Set(), guardsConnections: true, guardsUnixNames: true };
const LSM: KernelMeans = {
  lsm: new Set(GuardName.options.filter((name) => name !== 'connections')),
  guardsConnections: true,
  guardsUnixNames: false,
};
const UNBOUND: ContainerBounds = { noNewPrivileges: false, capabilities: 0xa80425fbn, seccomp: 'none' };

const mechanisms = (means: KernelMeans, bounds?: ContainerBounds): Record<string, string> =>
  Object.fromEntries(holdingsOf(ALL, means, bounds).map(({ guard, mechanism }) => [guard, mechanism]));

describe('what a guard is worth', () => {
  it('is prevention everywhere where BPF-LSM is asked', () => {
    const holdings = holdingsOf(ALL, LSM, UNBOUND);
    expect(holdings.filter(({ prevents }) => !prevents)).toEqual([]);
    expect(new Set(holdings.map(({ mechanism }) => mechanism))).toEqual(new Set(['bpf-lsm', 'cgroup']));
  });

  it('is nothing where the kernel refuses what guards connections', () => {
    const holdings = holdingsOf({ connections: 'block' }, { ...LSM, guardsConnections: false }, UNBOUND);
    const note = expect.stringContaining('refuses them now');
    expect(holdings).toEqual([expect.objectContaining({ mechanism: 'told', prevents: false, note })]);
  });

  it('is never called prevention where a process is killed after its call, and the note says how to come to it', () => {
    const holdings = holdingsOf(ALL, PLAIN, UNBOUND);
    const after = holdings.filter(({ mechanism }) => mechanism === 'killed-after');
    expect(after.map(({ guard }) => guard)).toEqual(['credentials', 'namespaces', 'mounts', 'tracing', 'kernel']);
    expect(after.some(({ prevents, outlives }) => prevents || outlives)).toBe(false);
    expect(after.find(({ guard }) => guard === 'mounts')?.note).toContain('--write-seccomp');
  });

  it("is prevention by the container's own seccomp profile, which outlives the sensor", () => {
    const { profile } = compileSeccomp({ guards: PRIVILEGE_GUARDS });
    const bounds = { ...UNBOUND, noNewPrivileges: true, seccomp: profile };
    expect(mechanisms(PLAIN, bounds)).toMatchObject({
      gains: 'no-new-privileges',
      namespaces: 'seccomp',
      mounts: 'seccomp',
      tracing: 'seccomp',
      kernel: 'seccomp',
      programs: 'exec',
      connections: 'cgroup',
    });
    const outliving = holdingsOf(ALL, LSM, bounds).filter(({ outlives }) => outlives);
    expect(outliving.map(({ guard }) => guard)).toEqual(['namespaces', 'mounts', 'tracing', 'kernel']);
  });

  it('is said of a profile that lets some of the calls, by their names', () => {
    const profile = seccompOfBundle({
      linux: {
        seccomp: {
          defaultAction: 'SCMP_ACT_ERRNO',
          syscalls: [{ names: ['read', 'ptrace'], action: 'SCMP_ACT_ALLOW' }],
        },
      },
    });
    const holdings = holdingsOf(ALL, PLAIN, { ...UNBOUND, seccomp: profile ?? 'none' });
    expect(holdings.find(({ guard }) => guard === 'tracing')).toMatchObject({
      mechanism: 'killed-after',
      note: expect.stringContaining('lets ptrace'),
    });
    expect(holdings.find(({ guard }) => guard === 'mounts')?.mechanism).toBe('seccomp');
  });

  it('is no prevention while it only tells', () => {
    expect(holdingsOf({ programs: 'audit', mounts: 'audit' }, LSM, UNBOUND).map(({ prevents }) => prevents)).toEqual([
      false,
      false,
    ]);
  });
});

describe('what a running container is bound by', () => {
  it('is read from its process', () => {
    const status = 'Name:\tsh\nCapBnd:\t00000000a80425fb\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n';
    expect(boundsOfStatus(status)).toEqual({ noNewPrivileges: true, capabilities: 0xa80425fbn, seccomp: 'unknown' });
    expect(boundsOfStatus('NoNewPrivs:\t0\nSeccomp:\t0\n')).toEqual({
      noNewPrivileges: false,
      capabilities: undefined,
      seccomp: 'none',
    });
  });

  it.each([undefined, 7, {}, { linux: { seccomp: { syscalls: [] } } }, { linux: [] }])(
    'is unknown of a bundle like %j',
    (bundle) => {
      expect(seccompOfBundle(bundle)).toBeUndefined();
    },
  );
});
