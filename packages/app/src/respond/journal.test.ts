import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from './journal.ts';
import type { JournalEntry } from './journal-entry.ts';

const ENTRY: Omit<JournalEntry, 'before'> = {
  id: 'R1',
  time: '2026-11-22T10:00:00.000Z',
  step: 'done',
  who: 'alice',
  reason: 'a reverse shell',
  response: 'cordon',
  config: { node: 'node-1' },
  plan: { target: { kind: 'node', name: 'node-1' }, steps: [], effects: [], reversible: true, state: null },
  said: ['Node node-1 takes no new pods.'],
};

describe('the journal of responses', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-journal-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps what is added, in order, for its owner alone', () => {
    const journal = openJournal(folder);
    expect(journal.entries()).toEqual([]);
    for (const id of ['R1', 'R2', 'R3']) journal.add({ ...ENTRY, id });
    expect(
      openJournal(folder)
        .entries()
        .map(({ id }) => id),
    ).toEqual(['R1', 'R2', 'R3']);
    expect(statSync(journal.path).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['changed', (lines: string[]) => [lines[0]!.replace('alice', 'carol'), ...lines.slice(1)]],
    ['taken away', (lines: string[]) => lines.slice(1)],
    ['put elsewhere', (lines: string[]) => [lines[1]!, lines[0]!, ...lines.slice(2)]],
  ])('notices a line that was %s', (_, change) => {
    const journal = openJournal(folder);
    for (const id of ['R1', 'R2', 'R3']) journal.add({ ...ENTRY, id });
    const lines = readFileSync(journal.path, 'utf8').trimEnd().split('\n');
    writeFileSync(journal.path, `${change(lines).join('\n')}\n`);
    expect(() => journal.entries()).toThrow('was changed, or a line before it is gone');
  });

  it('notices a line that was cut off', () => {
    const journal = openJournal(folder);
    journal.add(ENTRY);
    appendFileSync(journal.path, '{"id":"R2","time');
    expect(() => journal.entries()).toThrow('was changed');
  });

  it('lets one at a time count and add', async () => {
    const journal = openJournal(folder);
    const seen: number[] = [];
    const turn = async () => {
      seen.push(journal.entries().length);
      await new Promise((resolve) => setTimeout(resolve, 5));
      journal.add(ENTRY);
    };
    await Promise.all([1, 2, 3, 4].map(() => journal.alone(turn)));
    expect(seen).toEqual([0, 1, 2, 3]);
  });
});
