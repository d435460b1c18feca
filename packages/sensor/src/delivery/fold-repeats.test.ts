import type { RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { RepeatFolder } from './fold-repeats.ts';

const MINUTE = 60_000;
const event = (more: Partial<RuntimeEvent> = {}): RuntimeEvent => ({
  source: 'sensor',
  time: '2026-01-01T00:00:00.000Z',
  type: 'open',
  container: { id: 'c' },
  process: { path: '/bin/a', arguments: '', pid: 1 },
  file: { path: '/etc/a', access: 'read' },
  ...more,
});

describe('what repeats', () => {
  it('is told once, and how often it happened when the window is over', () => {
    const folder = new RepeatFolder();
    expect(folder.take(event(), 0)).toBeDefined();
    for (let count = 0; count < 5; count += 1)
      expect(folder.take(event({ process: { path: '/bin/a', arguments: '', pid: count } }), count)).toBeUndefined();
    expect(folder.due(9 * MINUTE)).toEqual([]);
    expect(folder.due(11 * MINUTE).map(({ count }) => count)).toEqual([5]);
    expect(folder.take(event(), 12 * MINUTE)).toBeDefined();
  });

  it('is told in all, whatever happens when: no event is lost in the counting', () => {
    const folder = new RepeatFolder();
    let told = 0;
    const count = (events: (RuntimeEvent | undefined)[]) => {
      for (const each of events) told += each === undefined ? 0 : (each.count ?? 1);
    };
    for (let index = 0; index < 5_000; index += 1) {
      count([folder.take(event({ file: { path: `/etc/${index % 7}` } }), index * 1_000)]);
      if (index % 50 === 0) count(folder.due(index * 1_000));
    }
    count(folder.due(0, true));
    expect(told).toBe(5_000);
  });

  it('is not what another program, file, user or failure does', () => {
    const folder = new RepeatFolder();
    const different = [
      event(),
      event({ process: { path: '/bin/b', arguments: '' } }),
      event({ process: { path: '/bin/a', arguments: '', uid: 0 } }),
      event({ process: { path: '/bin/a', arguments: '', applet: 'cat' } }),
      event({ process: { path: '/bin/a', arguments: '', applet: 'head' } }),
      event({ parent: { path: '/bin/a', arguments: '', applet: 'sh' } }),
      event({ file: { path: '/etc/b', access: 'read' } }),
      event({ file: { path: '/etc/a', access: 'write' } }),
      event({ failure: 'EACCES' }),
      event({ container: { id: 'd' } }),
      event({ type: 'exec', process: { path: '/bin/a', arguments: '-x' } }),
      event({ type: 'exec', process: { path: '/bin/a', arguments: '-y' } }),
    ];
    expect(different.map((each) => folder.take(each, 0)).filter(Boolean)).toHaveLength(different.length);
  });

  it.each<Partial<RuntimeEvent>>([
    { type: 'privilege' },
    { type: 'mount' },
    { type: 'loss' },
    { prevention: 'stopped' },
    { alert: { rule: 'r', priority: 'Warning', message: '', tags: [] } },
  ])('is told each time where each time matters: %j', (more) => {
    const folder = new RepeatFolder();
    expect([1, 2, 3].map(() => folder.take(event(more), 0)).filter(Boolean)).toHaveLength(3);
  });

  it('takes bounded room, and a clock that jumps back tells once more', () => {
    const folder = new RepeatFolder();
    for (let index = 0; index < 60_000; index += 1) folder.take(event({ file: { path: `/tmp/${index}` } }), 0);
    folder.take(event(), 10 * MINUTE);
    expect(folder.take(event(), 0)).toBeDefined();
  });
});
