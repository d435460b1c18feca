import { describe, expect, it } from 'vitest';
import { runCommand } from './run-command.ts';

const never = new AbortController().signal;

describe('a command that is recorded', () => {
  it.each([
    ['its exit code', ['sh', '-c', 'exit 7'], 7],
    ['success', ['true'], 0],
    ['the signal that ended it', ['sh', '-c', 'kill -KILL $$'], 137],
    ['that there is no such program', ['/no/such/program'], 127],
    ['that it is no program', ['/'], 126],
  ])('passes on %s', async (_, command, code) => {
    expect(await runCommand(command, never)).toBe(code);
  });

  it('is asked to end when we are', async () => {
    const stop = new AbortController();
    const running = runCommand(['sh', '-c', 'trap "exit 9" TERM; while :; do sleep 0.1; done'], stop.signal);
    setTimeout(() => stop.abort(), 500);
    expect(await running).toBe(9);
  });

  it('does not outlive what ended before it began', async () => {
    expect(await runCommand(['sleep', '60'], AbortSignal.abort())).toBe(143);
  });
});
