import { beforeAll, describe, expect, it } from 'vitest';
import { hasHooks, isMade, KERNELS, POWERS, type Result, resultsUnder } from './results.ts';

/** It ends in an error where no module is loaded, and so is not told as something that has happened. */
const HAS_NO_EFFECT = 'module';
const KERNELS_WITHOUT = KERNELS.filter((kernel) => !hasHooks(kernel));

describe.each(KERNELS_WITHOUT)('the same object under %s, which asks no hooks of BPF-LSM', (...kernel) => {
  let of: (name: string) => Result;

  beforeAll(async () => {
    of = await resultsUnder(kernel);
  });

  it('is loaded, and says that it holds none of their guards', () => {
    expect(of('abilities').lsm).toEqual([]);
  });

  it('tells what a container does, and lets it', () => {
    expect(of('nothing')).toMatchObject({ made: true, told: [] });
    expect(of('nothing').types).toEqual(expect.arrayContaining(['exec', 'open', 'exit']));
    expect(of('nothing').opened).toContain('/etc/passwd');
    expect(of('reached')).toMatchObject({ told: [], peers: ['127.0.0.1:4444'] });
    expect(of('handle').opened).toContain('/run/handled');
    expect(of('arm-nothing').opened).toContain('/tmp/proof');
    expect(of('permitted')).toMatchObject({ made: true, told: [], output: 'namespaces succeeded\nsecret\n' });
  });

  it('tells which calls a container makes', () => {
    expect(of('use').used).toEqual(expect.arrayContaining(['umask', 'execve', 'wait4']));
    expect(of('use').used).not.toContain('mount');
  });

  it.each(POWERS.filter(([name]) => name !== HAS_NO_EFFECT && isMade(name, kernel)))(
    'kills who gains power, when it has: %s',
    (name, guard, call) => {
      expect(of(name)).toMatchObject({ made: false, output: '' });
      expect(of(name).told).toContainEqual(expect.objectContaining({ prevention: 'killed', guards: [guard], call }));
    },
  );

  it('kills who opened a credential', () => {
    expect(of('credential')).toMatchObject({
      made: false,
      told: [{ type: 'open', prevention: 'killed', guards: ['credentials'] }],
    });
  });

  it.each([
    ['setuid-bit', 'gains'],
    ['dropped', 'programs'],
    ['memory', 'programs'],
    ['loader', 'programs'],
    ['starts', 'starts'],
  ])('stops a program before its first instruction: %s', (name, guard) => {
    expect(of(name).made).toBe(false);
    expect(of(name).output).not.toContain('succeeded');
    expect(of(name).told).toContainEqual(
      expect.objectContaining({ type: 'exec', prevention: 'stopped', guards: [guard] }),
    );
  });

  it('refuses a connection, and lets what is permitted', () => {
    expect(of('connection')).toMatchObject({
      made: false,
      told: [{ type: 'connect', prevention: 'stopped', guards: ['connections'], failure: 'EPERM' }],
    });
    expect(of('heard by the server').heard).toBe(of('heard by the socket').heard);
    expect(of('permitted-start')).toMatchObject({ made: true, told: [] });
  });
});
