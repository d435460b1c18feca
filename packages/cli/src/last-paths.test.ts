import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLastPaths, rememberPaths } from './last-paths.ts';

let state: string;

beforeAll(() => {
  state = mkdtempSync(join(tmpdir(), 'breakwater-last-'));
});

afterAll(() => rmSync(state, { recursive: true }));

const nothing = { policies: [], packs: [], vex: [], reports: [] };
const rules = {
  policies: ['rules'],
  packs: ['strict'],
  kubernetesVersion: '1.30',
  vex: ['vex'],
  reports: ['trivy.json'],
};

describe('the last paths', () => {
  it('are kept for each working folder, for their owner only', async () => {
    await rememberPaths(state, '/a', { paths: ['k8s'], ...nothing });
    await rememberPaths(state, '/b', { paths: ['x.tar', 'y'], ...rules });
    expect(await readLastPaths(state, '/a')).toEqual({ paths: ['k8s'], ...nothing });
    expect(await readLastPaths(state, '/b')).toEqual({ paths: ['x.tar', 'y'], ...rules });
    expect(await readLastPaths(state, '/c')).toBeUndefined();
    for (const name of readdirSync(join(state, 'last'))) {
      expect(statSync(join(state, 'last', name)).mode & 0o077).toBe(0);
    }
  });

  it.each(['{bad', '[]', '{"folder":"/d","paths":[]}', '{"folder":"/d","paths":[1]}', ''])(
    'count as none where what was kept is damaged: %s',
    async (text) => {
      await rememberPaths(state, '/d', { paths: ['k8s'], ...nothing });
      for (const name of readdirSync(join(state, 'last'))) writeFileSync(join(state, 'last', name), text);
      expect(await readLastPaths(state, '/d')).toBeUndefined();
    },
  );
});
