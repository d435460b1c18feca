import type { RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { eventLine } from './print-event.ts';

const event: RuntimeEvent = {
  source: 'sensor',
  time: '2026-11-22T16:13:03.597Z',
  type: 'exec',
  container: { name: 'web' },
  process: { path: '/bin/cat', arguments: '/root/.aws/credentials', pid: 12 },
  parent: { path: '/bin/sh', arguments: 'status', pid: 11 },
};

describe('a line of an event', () => {
  it('says who starts a program, and puts what it is given behind it', () => {
    expect(eventLine(event)).toBe('16:13:03.597 web /bin/sh starts /bin/cat[12] /root/.aws/credentials');
  });

  it('ends with the program where it is given nothing, and begins with it where nobody is known to start it', () => {
    const { parent: _, ...alone } = event;
    expect(eventLine({ ...alone, process: { path: '/bin/id', arguments: '', pid: 3 } })).toBe(
      '16:13:03.597 web starts /bin/id[3]',
    );
  });

  it('keeps blanks of arguments, and writes out what would act on a terminal', () => {
    const process = { path: '/bin/echo', arguments: "'a  b' \u001b[2J", pid: 3 };
    const line = eventLine({ ...event, process });
    expect(line).toContain("'a  b' ");
    expect(line).not.toContain('\u001b');
  });

  it('says what a guard did', () => {
    const stopped: RuntimeEvent = { ...event, prevention: 'stopped', guards: ['programs'] };
    expect(eventLine(stopped)).toBe(
      '16:13:03.597 web /bin/sh starts /bin/cat[12] /root/.aws/credentials killed before its first instruction (programs)',
    );
  });
});
