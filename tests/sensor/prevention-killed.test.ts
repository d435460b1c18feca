import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compileSeccomp } from '@breakwater/engine/compile/seccomp';
import { PRIVILEGE_GUARDS } from '@breakwater/model';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeAttackImage, NO_ATTACKS, withAttacks } from './attack-image.ts';
import type { SampleImage } from './sample-container.ts';

const COMMAND = fileURLToPath(new URL('../../packages/cli/bin/breakwater.mjs', import.meta.url));
const NAME = 'bw-survivor';

describe.skipIf(NO_ATTACKS !== '')(withAttacks('a sensor that is killed while it blocks'), () => {
  let image: SampleImage;
  let folder = '';
  let sensor: ChildProcess | undefined;
  let said = '';

  beforeAll(() => {
    image = makeAttackImage('breakwater-killed-test');
    folder = mkdtempSync(join(tmpdir(), 'killed-'));
  });
  afterEach(() => sensor?.kill('SIGKILL'));
  afterAll(() => {
    image?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Begins a sensor, and waits for what it says of the container. */
  async function begin(): Promise<void> {
    said = '';
    const args = ['--container', NAME, '--block', 'programs,privileges', '--state', folder];
    sensor = spawn(process.execPath, [COMMAND, 'sensor', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    sensor.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')));
    await until(() => said.includes('prevented'));
  }

  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (let turn = 0; turn < 600; turn++) {
      if (await isSo()) return;
      await pause(100);
    }
    expect.fail(`it never was so; the sensor said: ${said}`);
  }

  const within = async (script: string): Promise<string> => await image.within(NAME, script);

  const DROP = 'rm -f /tmp/x /tmp/proof; cp /app/attack /tmp/x; /tmp/x prove /tmp/proof; ls /tmp';
  const UNSHARE = 'rm -f /tmp/proof; /app/attack namespaces /tmp/proof; ls /tmp';

  it('leaves the workload running, takes its guards with it, and says on the next start what was in force', async () => {
    const profile = join(folder, 'profile.json');
    writeFileSync(profile, JSON.stringify(compileSeccomp({ guards: PRIVILEGE_GUARDS }).profile));
    const options = ['--network=none', '--cap-add=SYS_ADMIN', `--security-opt=seccomp=${profile}`];
    const pid = image.start(NAME, 'while true; do sleep 1; done', options);
    await begin();
    expect(said).toMatch(/prevented: .*namespaces.*its seccomp profile refuses it, with the sensor and without/);
    expect(await within(DROP)).not.toMatch(/^proof$/m);
    expect(await within(UNSHARE)).not.toMatch(/^proof$/m);

    sensor?.kill('SIGKILL');
    await until(() => sensor?.signalCode === 'SIGKILL');
    // The kernel takes programs and links back when their last descriptor is closed, which is a moment after the end.
    await until(async () => /^proof$/m.test(await within(DROP)));
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    expect(await within(UNSHARE)).not.toMatch(/^proof$/m);
    expect(JSON.parse(readFileSync(join(folder, 'sensor-guards.json'), 'utf8'))).toMatchObject({ containers: [NAME] });

    await begin();
    expect(said).toMatch(/was killed while it blocked programs, .* in 1 container: .*only what they were started with/);
    expect(await within(DROP)).not.toMatch(/^proof$/m);
    sensor?.kill('SIGTERM');
    await until(() => sensor?.exitCode !== null);
    expect(existsSync(join(folder, 'sensor-guards.json'))).toBe(false);
  });
});
