import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { ProgramDigests } from './program-digests.ts';

const LEFT_OUT = existsSync('/proc/self/exe') ? '' : ' (left out: no /proc)';

describe.skipIf(LEFT_OUT !== '')(`the digest of a running program${LEFT_OUT}`, () => {
  const sleep = spawn('sleep', ['60']);
  afterEach(() => void sleep.kill());
  const path = LEFT_OUT ? '' : realpathSync('/bin/sleep');
  const startOf = (pid: number | undefined): number => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) * 1e7;
  };

  it('is that of its file, and of no other process or file', () => {
    const program = { pid: sleep.pid ?? 0, start: startOf(sleep.pid), path };
    const digests = new ProgramDigests();
    const expected = `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
    expect(digests.find(program, 0)).toBe(expected);
    expect(digests.find(program, 0)).toBe(expected);
    expect(digests.find({ ...program, path: '/bin/other' }, 0)).toBeUndefined();
    expect(digests.find({ ...program, start: program.start + 1e9 }, 0)).toBeUndefined();
    expect(digests.find({ ...program, pid: 0x7fffffff }, 0)).toBeUndefined();
  });
});
