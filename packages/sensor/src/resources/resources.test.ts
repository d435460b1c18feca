import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContainerMeter } from './index.ts';
import { oldFolders, readCounters } from './read-counters.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'resources-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(folder: string, files: Record<string, string>): string {
  mkdirSync(join(root, folder), { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, folder, name), content);
  return join(root, folder);
}

const UNIFIED = {
  'cpu.stat': 'usage_usec 1500000\nuser_usec 1000000\n',
  'memory.current': '4096\n',
  'pids.current': '7\n',
  'io.stat': '8:0 rbytes=100 wbytes=200 rios=1\n8:16 rbytes=11 wbytes=0 rios=1\n',
};

describe('what a container uses', () => {
  it('is read from the unified hierarchy', () => {
    expect(readCounters({ unified: write('c', UNIFIED), old: new Map() }, undefined, '')).toEqual({
      cpu: 1_500_000,
      memory: 4096,
      tasks: 7,
      read: 111,
      written: 200,
    });
  });

  it('is read from the old hierarchies, where controllers are there', () => {
    const old = new Map([
      ['cpuacct', write('cpu', { 'cpuacct.usage': '2000000\n' })],
      ['memory', write('memory', { 'memory.usage_in_bytes': '8192\n' })],
      ['blkio', write('blkio', { 'blkio.throttle.io_service_bytes': '8:0 Read 5\n8:0 Write 6\nTotal 11\n' })],
    ]);
    expect(readCounters({ unified: write('c', {}), old }, undefined, '')).toEqual({
      cpu: 2000,
      memory: 8192,
      read: 5,
      written: 6,
    });
  });

  it('is told as what was added since it was told last', () => {
    const folder = write('c', UNIFIED);
    const meter = new ContainerMeter(folder, 1000);
    write('c', {
      'cpu.stat': 'usage_usec 2000000\n',
      'io.stat': '8:0 rbytes=150 wbytes=200 rios=1\n',
      'memory.current': '1\n',
    });
    expect(meter.take(16_000)).toEqual({ since: 1000, usage: { cpu: 0.5, memory: 1, tasks: 7, read: 39, written: 0 } });
    expect(meter.take(31_000)).toEqual({ since: 16_000, usage: { cpu: 0, memory: 1, tasks: 7, read: 0, written: 0 } });
  });

  it('is nothing where its cgroup is gone', () => {
    expect(new ContainerMeter(join(root, 'gone'), 0).take(1)).toBeUndefined();
  });

  it('lies, in the old hierarchies, where a process says and they are mounted', () => {
    const mounts = [
      '30 1 0:5 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
      '31 1 0:6 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
      '32 1 0:7 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
    ].join('\n');
    expect(oldFolders('4:memory:/libpod-1\n3:cpu,cpuacct:/libpod-1\n0::/libpod-1', mounts)).toEqual(
      new Map([
        ['memory', '/sys/fs/cgroup/memory/libpod-1'],
        ['cpu', '/sys/fs/cgroup/cpu,cpuacct/libpod-1'],
        ['cpuacct', '/sys/fs/cgroup/cpu,cpuacct/libpod-1'],
      ]),
    );
  });
});
