import { describe, expect, it } from 'vitest';
import { findAbilities, type HostFiles } from './index.ts';

const FILES: Readonly<Record<string, string>> = {
  '/proc/sys/kernel/osrelease': '6.1.0-30-amd64\n',
  '/sys/kernel/btf/vmlinux': '',
  '/proc/self/status': 'Name:\tnode\nCapEff:\t000001ffffffffff\n',
  '/usr/lib/x86_64-linux-gnu/libbpf.so.1': '',
  '/proc/self/mountinfo': '25 1 0:6 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw\n',
};

function hostWith(changes: Readonly<Record<string, string | undefined>>): HostFiles {
  const files = { ...FILES, ...changes };
  return { exists: (path) => files[path] !== undefined, read: (path) => files[path] ?? '' };
}

describe('what the sensor can do', () => {
  it('lacks nothing on a host as they are usual', () => {
    const { missing, stops, onlyTells } = findAbilities('linux x64', hostWith({}));
    expect(missing).toEqual([]);
    expect([stops.length > 0, onlyTells.length > 0]).toEqual([true, true]);
  });

  it('stops more where BPF-LSM is on, and says why not where it is not', () => {
    const modules = { '/sys/kernel/security/lsm': 'lockdown,capability,landlock,yama,apparmor,bpf\n' };
    const without = findAbilities('linux x64', hostWith({}));
    const { stops, onlyTells } = findAbilities('linux x64', hostWith(modules));
    expect([onlyTells, stops.length > without.stops.length]).toEqual([[], true]);
    expect(without.onlyTells.join(' ')).toContain('killed after');
  });

  it.each([
    ['an old kernel', { '/proc/sys/kernel/osrelease': '5.10.0-8' }, 'too old'],
    ['no types', { '/sys/kernel/btf/vmlinux': undefined }, 'BTF'],
    ['no rights', { '/proc/self/status': 'CapEff:\t0000000000000000\n' }, 'sudo'],
    ['no library', { '/usr/lib/x86_64-linux-gnu/libbpf.so.1': undefined }, 'apt install libbpf1'],
    ['no unified cgroups', { '/proc/self/mountinfo': '' }, 'not mounted'],
  ])('says what to do where there is %s', (_, changes, words) => {
    const { missing } = findAbilities('linux x64', hostWith(changes));
    expect(missing).toEqual([expect.stringContaining(words)]);
  });

  it.each([
    ['6.1.0-56-arm64', true],
    ['6.4.0-1-arm64', false],
  ])('stops less on arm64 before Linux 6.4, whatever its modules are: %s', (release, isLess) => {
    const files = { '/proc/sys/kernel/osrelease': release, '/sys/kernel/security/lsm': 'capability,bpf\n' };
    const { missing, onlyTells } = findAbilities('linux arm64', hostWith(files));
    expect([missing, onlyTells.length > 0]).toEqual([[], isLess]);
    expect(findAbilities('linux x64', hostWith(files)).onlyTells).toEqual([]);
  });

  it('is nothing elsewhere', () => {
    expect(findAbilities('darwin arm64', hostWith({})).missing).toEqual([expect.stringContaining('darwin arm64')]);
  });
});
