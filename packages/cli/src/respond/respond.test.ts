import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

describe('breakwater respond', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-respond-'));
    mkdirSync(join(folder, 'state'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const respond = (...args: string[]): Promise<CommandRun> =>
    runCommand(['respond', ...args], { folder, state: join(folder, 'state'), environment: { NO_COLOR: '1' } });

  it('never ends itself or what started it, and writes nothing down that was not begun', async () => {
    const { code, stderr } = await respond(
      ...['kill-process', String(process.pid), '--execute', '--reason', 'it is tested'],
    );
    expect(code).toBe(2);
    expect(stderr).toContain('is this command, or led to it');
    expect((await respond('list')).stdout).toBe('Nothing was done yet.\n');
  });

  it('does nothing without a reason', async () => {
    const { code, stderr } = await respond('kill-process', String(process.pid), '--execute');
    expect([code, stderr]).toEqual([2, expect.stringContaining('Say why')]);
  });

  it.each([
    [['wipe', 'everything'], 'There is no response named wipe'],
    [['delete-pod', 'web'], 'takes NAMESPACE/POD'],
    [['kill-process', 'abc'], 'pid'],
    [['stop-container', '--', '--all'], 'a name or id of a container'],
    [['approve', 'R1', '--reason', 'x'], 'There is no response R1'],
    [[], 'Say what to do'],
  ])('says what is wrong with %j', async (args, said) => {
    const { code, stderr } = await respond(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  });

  it('does nothing while its settings cannot be read', async () => {
    writeFileSync(join(folder, 'state/respond.json'), '{"mostPerHour": 0}');
    const { code, stderr } = await respond('kill-process', '2');
    expect([code, stderr]).toEqual([2, expect.stringContaining('respond.json: mostPerHour')]);
  });
});
