import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

const INCIDENT = {
  ...{ id: '7f3a', title: 'A dropped program in shop/web', subjects: ['shop/Deployment/web'] },
  ...{ severity: 'critical', initialSeverity: 'high', facts: [], status: 'open', first: '', last: '' },
  processes: [{ id: 'p1', subject: 'shop/Deployment/web', path: '/tmp/x', inImage: false }],
  ...{ entries: [], techniques: ['T1105'], confidence: '', advice: [], unknowns: [] },
};

describe('breakwater policy new --incident', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-gate-'));
    writeFileSync(join(folder, 'incident.json'), JSON.stringify(INCIDENT));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]): Promise<CommandRun> =>
    runCommand(['policy', ...args], { folder, state: join(folder, 'state'), environment: { NO_COLOR: '1' } });

  it('writes a policy that passes its own test, and says why it is there', async () => {
    const { code, stdout, stderr } = await run('new', '--incident', 'incident.json');
    expect([code, stderr]).toEqual([0, expect.stringContaining('a program ran that is not in the image: /tmp/x')]);
    writeFileSync(join(folder, 'gate.yaml'), stdout);
    const tested = await run('test', 'gate.yaml');
    expect([tested.code, tested.stdout]).toEqual([0, expect.stringContaining('1 policy, 2 cases, 0 failed')]);
  });

  it('says of an incident that there is not where they are listed', async () => {
    const { code, stderr } = await run('new', '--incident', 'gone');
    expect([code, stderr]).toEqual([2, expect.stringContaining('There is no incident gone.')]);
  });
}, 60_000);
