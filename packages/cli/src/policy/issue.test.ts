import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Behaviour, DIMENSIONS } from '@breakwater/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

function learned(settled: readonly Behaviour['dimension'][], peers: readonly string[]): object {
  const known = (behaviour: object, key: string): object => ({
    ...{ behaviour, key, origin: 'learned', incidences: 90, replicas: 2, days: 3, releases: ['r1'] },
  });
  return {
    ...{ version: 1, subject: 'shop/Deployment/web', budget: { alerts: 1, hours: 6 } },
    dimensions: DIMENSIONS.map((dimension) => ({
      ...{ dimension, isSeen: ['exec', 'connect'].includes(dimension), isSettled: settled.includes(dimension) },
      ...{
        minutes: 6000,
        partialMinutes: 0,
        behaviours: 1,
        once: 0,
        expected: 0,
        atMost: 0.1,
        note: 'settles after 3 hours',
      },
    })),
    behaviours: [
      known({ dimension: 'exec', actor: '', object: '/bin/web' }, 'k0'),
      ...peers.map((object) => known({ dimension: 'connect', actor: '/bin/web', object }, object)),
    ],
    ...{ pending: [], releases: [], resources: [], growth: [] },
  };
}

describe('breakwater policy issue', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-issue-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (profile: object): Promise<CommandRun> => {
    writeFileSync(join(folder, 'web.json'), JSON.stringify(profile));
    return runCommand(['policy', 'issue', '--to', 'issued', '--selector', 'app=web', 'web.json'], {
      ...{ folder, state: join(folder, 'state'), environment: { NO_COLOR: '1' } },
    });
  };
  const path = (name: string): string => join(folder, 'issued/shop_deployment_web', name);

  it('writes what is settled, again only what changed, and takes back what must not refuse any more', async () => {
    const first = await run(learned(['exec', 'connect'], ['internet:443/TCP']));
    expect([first.code, first.stdout]).toEqual([0, expect.stringContaining('network-policy')]);
    const tetragon = readFileSync(path('tetragon.yaml'), 'utf8');
    expect(tetragon).toContain('/bin/web');
    expect(existsSync(path('security-context.yaml'))).toBe(false);

    const same = await run(learned(['exec', 'connect'], ['internet:443/TCP']));
    expect(same.stdout).toContain('Nothing changed.');

    const more = await run(learned(['exec', 'connect'], ['internet:443/TCP', 'internet:8443/TCP']));
    expect(more.stdout).toMatch(/network-policy +altered: blocks/);
    expect(more.stdout).toContain('/bin/web connects to internet:8443/TCP: learned in r1');
    expect(readFileSync(path('network-policy.yaml'), 'utf8')).toContain('8443');

    const back = await run(learned(['exec'], ['internet:443/TCP', 'internet:8443/TCP']));
    expect(back.stdout).toMatch(/network-policy +withdrawn/);
    expect(back.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'connect falls back to telling: not settled: settles after 3 hours',
    );
    expect(existsSync(path('network-policy.yaml'))).toBe(false);
  });

  it('keeps a folder for each container, however alike their names are', async () => {
    const web = learned(['exec'], []);
    for (const named of [{ subject: 'shop/Deployment/a-b' }, { subject: 'shop/Deployment/a', container: 'b' }])
      await run({ ...web, ...named });
    for (const name of ['localhost/shop:1', 'localhost/shop-1', 'localhost/shop_1'])
      await run({ ...web, subject: name });
    const folders = readdirSync(join(folder, 'issued'));
    expect(folders).toEqual(expect.arrayContaining(['shop_deployment_a-b', 'shop_deployment_a_b']));
    expect(folders.filter((name) => name.startsWith('localhost'))).toHaveLength(3);
  });

  it('says so where nothing was learned: a recording alone settles nothing', async () => {
    const recorded = { subject: 'web', origin: 'recorded', partial: false, dimensions: ['exec'], behaviours: [] };
    const { code, stderr } = await run(recorded);
    expect([code, stderr]).toEqual([2, expect.stringContaining('None of them is a learned profile')]);
  });
}, 120_000);
