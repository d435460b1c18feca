import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandRun, runCommand } from '../testing/run-command.ts';

describe('breakwater demo attack --replay', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-demo-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const demo = (...args: string[]): Promise<CommandRun> =>
    runCommand(['demo', ...args], { folder, state: join(folder, 'state'), environment: { NO_COLOR: '1' } });

  it('says first that it is a recording, then what was stopped and what made it possible', async () => {
    const { code, stdout } = await demo('attack', '--replay');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^Replay of a recording of \d{4}-\d\d-\d\d on Linux \d+\.\d+: nothing runs here\./);
    const [audit = '', block = ''] = stdout.split('2  Block: the same attack again');
    expect(audit).toContain('dropped program   ran: it made /tmp/mined');
    expect(audit).toContain('reverse shell     a shell: id answered uid=0');
    expect(audit).not.toContain('killed before');
    expect(block).toMatch(/\/tmp\/busybox-x \(not in the image\)\[\d+\].* killed before its first instruction/);
    expect(block).toMatch(/nc\[\d+\] connects to 127\.0\.0\.1:4444 \(EPERM\) stopped before its first packet/);
    expect(block).toContain('reverse shell     nothing: refused before its first packet');
    const [, incident = ''] = stdout.split('The incident of the second attack');
    expect(incident).toContain('CRITICAL: /tmp/busybox-x is not in the image and runs, started by sh');
    expect(incident).toMatch(
      /busybox-x is not in the image and runs.*stopped before it had an effect \[dropped-binary\]/,
    );
    expect(incident).toContain('2 of 6 things were stopped before they had an effect');
    expect(incident).toMatch(
      /It runs image localhost\/breakwater-demo-\w+ \(sha256:[0-9a-f]{12}\), built by Dockerfile/,
    );
    expect(incident).toMatch(
      /\/bin\/nc came with layer 1 of 4 \(sha256:[0-9a-f]{12}\): COPY bin \/bin \[Dockerfile:2\]/,
    );
  });

  it('gives all events as JSON, marked as a replay', async () => {
    const { stdout } = await demo('attack', '--replay', '--output', 'json');
    const { replay, rounds, incidents } = JSON.parse(stdout);
    expect(incidents).toMatchObject([{ severity: 'critical', status: 'open' }]);
    expect([replay, rounds.map(({ step }: { step: string }) => step)]).toEqual([true, ['audit', 'block']]);
  });

  it('asks which, where none is named', async () => {
    expect((await demo()).code).toBe(2);
    expect((await demo('atack')).stderr).toContain('breakwater demo attack');
  });
});
