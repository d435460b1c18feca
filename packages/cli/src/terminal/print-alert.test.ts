import { stripVTControlCharacters } from 'node:util';
import type { RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { alertLines } from './print-alert.ts';

const alertOf = (message: string, rest: Partial<NonNullable<RuntimeEvent['alert']>> = {}): RuntimeEvent => ({
  source: 'sensor',
  time: '2026-11-22T23:59:59.123Z',
  type: 'alert',
  container: { name: 'web' },
  alert: { rule: 'shell', priority: 'Warning', message, tags: [], ...rest },
});
const linesOf = (event: RuntimeEvent): string[] => alertLines(event).map((line) => stripVTControlCharacters(line));

describe('an alert as lines', () => {
  it('has the day: a recording may hold many', () => {
    expect(linesOf(alertOf('sh runs'))).toEqual(['2026-11-22 23:59:59 Warning  web sh runs', '    shell']);
  });

  it('goes on below where it is longer than a line, and leaves no word out', () => {
    const message = Array.from({ length: 30 }, (_, index) => `word-${index}`).join(' ');
    const lines = linesOf(alertOf(message));
    expect(lines.every((line) => line.length <= 120)).toBe(true);
    expect(lines.join(' ').replaceAll(/ +/g, ' ')).toContain(message);
  });

  it('takes a bounded room, whatever it tells of', () => {
    for (const message of ['x'.repeat(100_000), 'x '.repeat(50_000)]) {
      const lines = linesOf(alertOf(message));
      expect(lines.length).toBeLessThan(8);
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(120);
    }
  });

  it('lets no name of strangers move the cursor', () => {
    const evil = '\u001b[2J\u001b]0;x\u0007\r\nroot# ‮';
    const event = { ...alertOf(evil, { rule: evil, priority: evil, tags: [evil] }), time: `${evil}2026-11-22T00` };
    event.container = { name: evil };
    event.process = { path: `/tmp/${evil}`, arguments: evil };
    expect(alertLines(event).join('')).not.toMatch(/\u001b(?!\[\d+m)|[\r\n\u0007\u202e]/);
  });
});
