import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKeptFolder } from './kept-folder.ts';
import { openLookup } from './open-lookup.ts';

const record = (id: string, name: string) =>
  JSON.stringify({
    id,
    modified: '2026-01-01T00:00:00Z',
    affected: [
      {
        package: { ecosystem: 'npm', name },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] }],
      },
    ],
  });

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-lookup-'));
  file = join(folder, 'npm.jsonl');
  writeFileSync(file, `${record('GHSA-1', 'left')}\n`);
});

afterAll(() => rmSync(folder, { recursive: true }));

const kept = (state: string) => readdirSync(join(state, 'estates')).filter((name) => name.endsWith('.sqlite'));

describe('openLookup', () => {
  it('knows nothing and covers nothing where nothing was imported', async () => {
    const opened = await openLookup(join(folder, 'empty'), []);
    expect([opened.status.imported, opened.lookup.covers('npm'), opened.lookup.rows('npm', 'left')]).toEqual([
      false,
      false,
      [],
    ]);
    opened.close();
  });

  it('finds what the estate’s own advisories say, without taking them for all there is', async () => {
    const opened = await openLookup(join(folder, 'own'), [file]);
    expect(opened.lookup.rows('npm', 'left').map(({ id }) => id)).toEqual(['GHSA-1']);
    expect(opened.covers('npm')).toBe(false);
    opened.close();
  });

  it('imports files once while they stay as they are, and keeps a bounded number', async () => {
    const state = join(folder, 'bounded');
    for (let change = 0; change < 20; change++) {
      utimesSync(file, change + 1, change + 1);
      for (const _ of [1, 2]) (await openLookup(state, [file])).close();
      if (change === 0) expect(kept(state)).toHaveLength(1);
    }
    expect(kept(state).length).toBeLessThanOrEqual(17);
  });

  it('imports again what another version kept, or what broke', async () => {
    const state = join(folder, 'broken');
    (await openLookup(state, [file])).close();
    writeFileSync(join(state, 'estates', kept(state)[0]!), 'no index');
    const opened = await openLookup(state, [file]);
    expect(opened.lookup.rows('npm', 'left').map(({ id }) => id)).toEqual(['GHSA-1']);
    opened.close();
  });

  it('works without a state folder that can be written, and leaves nothing behind', async () => {
    const state = join(folder, 'a-file');
    writeFileSync(state, '');
    const opened = await openLookup(state, [file]);
    expect(opened.lookup.rows('npm', 'left')).toHaveLength(1);
    opened.close();
    const passing = await openKeptFolder(state);
    expect(existsSync(passing.path)).toBe(true);
    passing.leave();
    expect(existsSync(passing.path)).toBe(false);
  });

  it('reads the VEX documents that are named, and refuses what is none', async () => {
    const vex = join(folder, 'vex.json');
    const statement = { vulnerability: 'CVE-2024-1', products: ['pkg:npm/left'], status: 'fixed' };
    writeFileSync(vex, JSON.stringify({ author: 'Example', statements: [statement] }));
    const opened = await openLookup(join(folder, 'vex'), [file], undefined, [vex]);
    expect(opened.vex).toMatchObject([{ ids: ['CVE-2024-1'], verdict: { author: 'Example', status: 'fixed' } }]);
    opened.close();
    await expect(openLookup(join(folder, 'vex'), [], undefined, [file])).rejects.toThrow('holds no VEX document');
  });

  it('turns files that hold no advisory into an unknown', async () => {
    const text = join(folder, 'text.jsonl');
    writeFileSync(text, '{"modified":"x","affected":1}\n');
    const opened = await openLookup(join(folder, 'none'), [text]);
    expect(opened.unknowns.length).toBeGreaterThan(0);
    expect(opened.lookup.rows('npm', 'left')).toEqual([]);
    opened.close();
  });
});
