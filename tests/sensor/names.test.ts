import { execFile } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findCgroupRoot } from '@breakwater/sensor/containers';
import { type KernelRecord, KernelWatch } from '@breakwater/sensor/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inContainers, NO_SENSOR } from './sample-container.ts';

const SERVER = '127.0.0.11';
const FOLDER = `breakwater-names-${process.pid}`;
const run = promisify(execFile);

describe.skipIf(NO_SENSOR !== '')(inContainers('packets with names'), () => {
  const root = NO_SENSOR === '' ? findCgroupRoot() : '';
  const folder = join(root, FOLDER);
  let server: Socket;
  let kernel: KernelWatch;

  beforeAll(async () => {
    server = createSocket('udp4', (question, { port, address }) => {
      // No such name: an answer all the same.
      const head = Buffer.from([question[0]!, question[1]!, 0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0]);
      server.send(Buffer.concat([head, question.subarray(12)]), port, address);
    });
    await new Promise<void>((resolve) => void server.bind(53, SERVER, resolve));
    kernel = await KernelWatch.open({ cgroupRoot: root, bufferSize: 65_536, newContainers: {}, tellsCalls: false });
  });
  afterEach(() => void (existsSync(folder) && rmdirSync(folder)));
  afterAll(() => {
    kernel?.close();
    server?.close();
  });

  /** How many answers are told to what asks in a watched cgroup. */
  async function heard(): Promise<number> {
    const cgroup = statSync(folder).ino;
    kernel.watch({ cgroup, container: cgroup, runtime: 0, guard: {} });
    const script = `echo $$ > "$0/cgroup.procs"; busybox nslookup -type=a api.example ${SERVER}; true`;
    await run('sh', ['-c', script, folder]);
    let answers = 0;
    const count = ({ kind, cgroup: of }: KernelRecord): void => {
      if (kind === 'dns' && of === cgroup) answers += 1;
    };
    kernel.consume(count, 1000);
    return answers;
  }

  it('are looked at below where a container is, and nowhere else', async () => {
    mkdirSync(folder);
    expect(await heard()).toBe(0);
    kernel.hearNames(`/${FOLDER}/a-container`);
    expect(await heard()).toBeGreaterThan(0);
  });

  it('are looked at again where the cgroup was made anew', async () => {
    mkdirSync(folder);
    kernel.hearNames(`/${FOLDER}/a-container`);
    rmdirSync(folder);
    mkdirSync(folder);
    kernel.hearNames(`/${FOLDER}/a-container`);
    expect(await heard()).toBeGreaterThan(0);
  });

  it('are all looked at where nothing can be attached to where the container is, and not for one that is gone', async () => {
    mkdirSync(folder);
    kernel.hearNames('/nowhere/a-container');
    expect(await heard()).toBe(0);
    kernel.hearNames('/cgroup.procs/a-container');
    expect(await heard()).toBeGreaterThan(0);
  });

  it('are all looked at in a namespace of cgroups, where paths of the kernel lead nowhere', async () => {
    kernel.close();
    mkdirSync(folder);
    kernel = await KernelWatch.open({ cgroupRoot: folder, bufferSize: 65_536, newContainers: {}, tellsCalls: false });
    kernel.hearNames('/docker/a-node/a-container');
    expect(await heard()).toBeGreaterThan(0);
  });
});
