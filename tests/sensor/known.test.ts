import { closeSync, openSync } from 'node:fs';
import { findCgroupRoot } from '@breakwater/sensor/containers';
import { KernelWatch } from '@breakwater/sensor/kernel';
import { describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR } from './sample-container.ts';

describe.skipIf(NO_SENSOR !== '')(inContainers('what the kernel knows'), () => {
  it('is known until it is let go of, each by itself', async () => {
    const cgroupRoot = openSync(findCgroupRoot(), 'r');
    try {
      const kernel = await KernelWatch.open({ cgroupRoot, bufferSize: 65_536, newContainers: {}, tellsCalls: false });
      const [one, other] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
      for (const key of [one, other]) kernel.markKnown(key);
      kernel.unmarkKnown(one);
      const counts = [kernel.countOf(one), kernel.countOf(other)];
      kernel.markKnown(one);
      counts.push(kernel.countOf(one));
      kernel.close();
      expect(counts).toEqual([undefined, 0, 0]);
    } finally {
      closeSync(cgroupRoot);
    }
  });
});
