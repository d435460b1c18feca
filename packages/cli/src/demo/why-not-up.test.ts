import type { RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { summaryOf } from './why-not-up.ts';

const event = (type: RuntimeEvent['type'], facts: Partial<RuntimeEvent> = {}): RuntimeEvent => ({
  source: 'sensor',
  time: '2026-11-22T10:00:00.000Z',
  type,
  ...facts,
});

describe('what the sensor told, where a server did not come up', () => {
  it('is counted by kind, with what was lost and what was done about whom', () => {
    expect(summaryOf([])).toBe('nothing');
    const killed = event('exec', { prevention: 'stopped', process: { path: '/bin/httpd', arguments: '' } });
    expect(summaryOf([event('exec'), killed, event('loss', { lost: 4 })])).toBe(
      'exec 2, loss 1, 4 lost, exec of /bin/httpd stopped',
    );
  });
});
