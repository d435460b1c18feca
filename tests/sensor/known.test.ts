import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findCgroupRoot } from '@breakwater/sensor/containers';
import { type KernelRecord, KernelWatch } from '@breakwater/sensor/kernel';
import { describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR } from './sample-container.ts';

async function withKernel(use: (kernel: KernelWatch) => void): Promise<void> {
  const options = { cgroupRoot: findCgroupRoot(), bufferSize: 65_536, newContainers: {}, tellsCalls: false };
  const kernel = await KernelWatch.open(options);
  use(kernel);
  kernel.close();
}

/** Two words, as a key has them. */
const keyOf = (actor: number, object: number): Buffer => {
  const key = Buffer.alloc(16);
  key.writeUInt32LE(actor, 0);
  key.writeUInt32LE(object, 8);
  return key;
};

describe.skipIf(NO_SENSOR !== '')(inContainers('what the kernel knows'), () => {
  it.each([
    ['of different slots', Buffer.alloc(16, 1), keyOf(1, 3)],
    ['of the same slot', keyOf(1, 2), keyOf(5, 6)],
  ])('is known until it is let go of, each by itself: %s', async (_, one, other) => {
    await withKernel((kernel) => {
      for (const key of [one, other]) kernel.markKnown(key);
      kernel.unmarkKnown(one);
      const counts = [kernel.countOf(one), kernel.countOf(other)];
      kernel.markKnown(one);
      counts.push(kernel.countOf(one));
      kernel.unmarkKnown(other);
      counts.push(kernel.countOf(one), kernel.countOf(other));
      expect(counts).toEqual([undefined, 0, 0, 0, undefined]);
    });
  });

  it('is counted and told no more, until it is let go of', async () => {
    const folder = join(findCgroupRoot(), `breakwater-known-${process.pid}`);
    mkdirSync(folder);
    try {
      await withKernel((kernel) => {
        const cgroup = statSync(folder).ino;
        kernel.watch({ cgroup, container: cgroup, runtime: 0, guard: {} });
        const openedFiles = (): Buffer[] => {
          const found: KernelRecord[] = [];
          execFileSync('sh', ['-c', 'echo $$ > "$0/cgroup.procs"; exec cat /etc/passwd /etc/passwd', folder]);
          kernel.consume((record) => found.push(record), 1000);
          return found.filter(({ kind, cgroup: of }) => kind === 'open' && of === cgroup).map(({ key }) => key);
        };
        const first = openedFiles();
        const twice = first.find((key, at) => first.findIndex((other) => other.equals(key)) < at) ?? Buffer.alloc(0);
        for (const key of first) kernel.markKnown(key);
        expect(openedFiles()).toEqual([]);
        expect(kernel.countOf(twice)).toBe(2);
        kernel.unmarkKnown(twice);
        expect(openedFiles()).toEqual([twice, twice]);
      });
    } finally {
      rmdirSync(folder);
    }
  });
});
