import { describe, expect, it } from 'vitest';
import { exampleDatabase, exampleHeader } from './example-database.ts';
import { readDatabase } from './read-database.ts';

const first = exampleHeader({ 1000: 'glibc', 1001: '2.31', 1002: '9.3.2' });
const second = exampleHeader({ 1000: 'zlib', 1001: '1.2.11', 1002: '3.21.1', 1014: 'Zlib' });

describe('readDatabase of NDB', () => {
  it('reads what its slots lead to', () => {
    const { headers, damage } = readDatabase(exampleDatabase([first, second]), undefined);
    expect(damage).toBeUndefined();
    expect(headers).toEqual([first, second]);
  });

  it('takes a slot without number and place for free', () => {
    const database = exampleDatabase([first, second]).fill(0, 36, 48);
    const { headers, damage } = readDatabase(database, undefined);
    expect(damage).toBeUndefined();
    expect(headers).toEqual([second]);
  });

  it.each([
    ['a slot that has lost its number', (bytes: Buffer) => bytes.fill(0, 36, 40)],
    ['a slot without its mark', (bytes: Buffer) => bytes.fill(0, 32, 36)],
    ['a slot that leads outside', (bytes: Buffer) => bytes.fill(255, 40, 44)],
    ['a header of another number', (bytes: Buffer) => bytes.fill(9, 4096 + 4, 4096 + 5)],
    ['a header of another length', (bytes: Buffer) => bytes.fill(90, 4096 + 12, 4096 + 13)],
  ])('reads the packages beside %s, and says that it is damaged', (_, change) => {
    const { headers, damage } = readDatabase(change(exampleDatabase([first, second])), undefined);
    expect(headers).toEqual([second]);
    expect(damage).toBeDefined();
  });

  it.each([
    ['a later version', (bytes: Buffer) => bytes.fill(1, 4, 5)],
    ['no slots', (bytes: Buffer) => bytes.fill(0, 12, 16)],
  ])('says of %s that it cannot be read', (_, change) => {
    const { headers, damage } = readDatabase(change(exampleDatabase([first])), undefined);
    expect(headers).toEqual([]);
    expect(damage).toBeDefined();
  });
});
