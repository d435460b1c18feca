import { describe, expect, it } from 'vitest';
import { SERVES, Workload } from './testing/workload.ts';

const READERS = ['x', 'y', 'z'].flatMap((name) => [
  `exec /app /usr/bin/${name}`,
  `open /app>/usr/bin/${name} read /etc/nsswitch.conf`,
  `open /app>/usr/bin/${name} read /etc/passwd`,
]);
const SHELL = ['exec /app /bin/bash', 'open /app>/bin/bash read /srv/run/script'];
/** More than there is room for of what others imply. */
const CROWD = 4_000;

/** Settled, and with no room left for what others imply. */
function crowded(): Workload {
  const workload = new Workload();
  workload.runs('a', 0, 700, [...SERVES, ...READERS, ...SHELL]);
  workload.runs('b', 0, 700, [...SERVES, ...READERS, ...SHELL]);
  for (let index = 0; index < CROWD; index++)
    workload.does(701, 'a', [`open /app read /usr/share/${'x'.repeat(200)}/f${index}x.conf`]);
  expect(workload.model.describe('2026-11-23T00:00:00Z').behaviours.length).toBeLessThan(CROWD);
  return workload;
}

describe('a shell that looks up who it is, in a workload of which much is known', () => {
  it('is none to be told of: that it read how to look it up is kept, room or not for what others imply', () => {
    const workload = crowded();
    expect(workload.verdict(702, 'a', 'open /app>/bin/bash read /etc/nsswitch.conf')).toBe('explained');
    expect(workload.verdict(702, 'a', 'open /app>/bin/bash read /etc/passwd')).toBe('explained');
    expect(workload.restored().verdict(702, 'b', 'open /app>/bin/bash read /etc/passwd')).toBe('explained');
  });

  it.each([
    ['reads the accounts and did not look up how', 'open /app>/bin/bash read /etc/passwd'],
    ['reads passwords', 'open /app>/bin/bash read /etc/shadow'],
    ['reads a secret', 'open /app>/bin/bash read /root/.ssh/id_rsa'],
    ['is a tool that was told to read the accounts', 'open /app>/bin/cat read /etc/passwd'],
    ['writes the accounts', 'open /app>/bin/bash write /etc/passwd'],
  ])('is told of where it %s', (_, text) => {
    expect(crowded().verdict(702, 'a', text)).toBe('deviation');
  });
});
