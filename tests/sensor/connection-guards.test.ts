import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { findCgroupRoot } from '@breakwater/sensor/containers';
import { KernelWatch } from '@breakwater/sensor/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR } from './sample-container.ts';

describe.skipIf(NO_SENSOR !== '')(inContainers('what guards connections'), () => {
  const folder = join(NO_SENSOR === '' ? findCgroupRoot() : '', `breakwater-guards-${process.pid}`);
  const watched = { cgroup: 1, container: 1, runtime: 0 };
  let kernel: KernelWatch;

  beforeEach(async () => {
    mkdirSync(folder);
    kernel = await KernelWatch.open({ cgroupRoot: folder, bufferSize: 65_536, newContainers: {}, tellsCalls: false });
  });
  afterEach(() => {
    kernel.close();
    if (existsSync(folder)) rmdirSync(folder);
  });

  it('holds once somebody is guarded so', () => {
    kernel.watch({ ...watched, guard: { connections: 'block' } });
    expect(kernel.guardsConnections).toBe(true);
  });

  it('is said to hold nothing where the kernel refuses it by then, and who is guarded otherwise is watched', () => {
    rmdirSync(folder);
    kernel.watch({ ...watched, guard: { programs: 'block' } });
    expect(kernel.guardsConnections).toBe(true);
    kernel.watch({ ...watched, guard: { connections: 'block', programs: 'block' } });
    expect([kernel.guardsConnections, kernel.guardsUnixNames]).toEqual([false, false]);
    expect([kernel.guardAgain(), kernel.guardsConnections]).toEqual([false, false]);
  });
});
