import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readReview } from './admission-request.ts';
import { admit } from './admit.ts';
import { openAdmission } from './open-admission.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { emptySnapshot } from './snapshot.fixture.ts';
import { readSnapshot, snapshotPath, writeSnapshot } from './snapshot-file.ts';

let state: string;
let path: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'breakwater-snapshot-'));
  path = snapshotPath(state);
});
afterEach(() => rmSync(state, { recursive: true }));

const at = (time: string) => emptySnapshot(time, 'prod');

describe('the snapshot on disk', () => {
  it('is read as it was written, for its owner alone, with a version of its content', async () => {
    const version = await writeSnapshot(path, at('2026-01-01T00:00:00Z'));
    expect(await readSnapshot(path)).toEqual({ snapshot: at('2026-01-01T00:00:00Z'), version });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await writeSnapshot(path, at('2026-01-01T00:00:00Z'))).toBe(version);
    expect(await writeSnapshot(path, at('2026-01-01T00:00:01Z'))).not.toBe(version);
    expect(readdirSync(join(state, 'admission')).sort()).toEqual(['snapshot.json', 'snapshot.json.before']);
  });

  it('is nothing where none was written', async () => {
    expect(await readSnapshot(path)).toBeUndefined();
  });

  it('falls back on the one before where a byte is wrong or the end is missing', async () => {
    await writeSnapshot(path, at('2026-01-01T00:00:00Z'));
    await writeSnapshot(path, at('2026-01-02T00:00:00Z'));
    const whole = readFileSync(path, 'utf8');
    for (const harm of [
      () => truncateSync(path, whole.length - 20),
      () => writeFileSync(path, whole.replace('prod', 'test')),
      () => writeFileSync(path, ''),
    ]) {
      writeFileSync(path, whole);
      expect((await readSnapshot(path))?.snapshot.time).toBe('2026-01-02T00:00:00Z');
      harm();
      expect((await readSnapshot(path))?.snapshot.time).toBe('2026-01-01T00:00:00Z');
    }
  });

  it('is refused where none is whole: admission must not take nothing for its policies', async () => {
    await writeSnapshot(path, at('2026-01-01T00:00:00Z'));
    writeFileSync(path, 'damaged');
    await expect(readSnapshot(path)).rejects.toMatchObject({ code: 'snapshot-damaged' });
  });

  it('is never half there for whoever reads while it is written', async () => {
    await writeSnapshot(path, at('2026-01-01T00:00:00Z'));
    let writing = true;
    const reads = (async () => {
      let count = 0;
      for (; writing; count++) expect(await readSnapshot(path)).toBeDefined();
      return count;
    })();
    for (let day = 1; day < 60; day++)
      await writeSnapshot(path, at(`2026-02-01T00:00:${String(day).padStart(2, '0')}Z`));
    writing = false;
    expect(await reads).toBeGreaterThan(1);
  });
});

describe('openAdmission', () => {
  it('judges by what the snapshot holds, beside the policies of ours', async () => {
    const place = { source: 'p.yaml' };
    const spec = {
      title: 'Names are short',
      why: 'w',
      fix: 'f',
      severity: 'low' as const,
      controls: {},
      phases: ['deploy' as const],
      match: { kinds: ['ConfigMap'] },
      require: [{ expr: 'object.metadata.name.size() < 5', message: "'the name is long'" }],
      enforcement: { deploy: 'block' as const },
      cases: [],
    };
    const policy = {
      apiVersion: 'breakwater/v1' as const,
      kind: 'Policy' as const,
      metadata: { name: 'short-names' },
      spec,
    };
    await writeSnapshot(path, { ...at('2026-01-01T00:00:00Z'), policies: [{ policy, place }] });
    const now = '2026-01-01T00:05:00Z';
    const { basis } = await openAdmission({ state, policies: [] }, now);
    expect(basis.unknowns).toEqual([]);
    const answer = (name: string) => {
      const request = readReview(
        JSON.stringify({
          apiVersion: 'admission.k8s.io/v1',
          kind: 'AdmissionReview',
          request: {
            uid: 'u',
            operation: 'CREATE',
            kind: { group: '', version: 'v1', kind: 'ConfigMap' },
            resource: { group: '', version: 'v1', resource: 'configmaps' },
            namespace: 'shop',
            name,
            userInfo: { username: 'alice' },
            object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } },
          },
        }),
      );
      if ('fault' in request) throw new Error(request.fault);
      return admit(request, basis, DEFAULT_SETTINGS, now).response.allowed;
    };
    expect([answer('a'), answer('a-long-name')]).toEqual([true, false]);
    expect(basis.watched.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['ConfigMap', 'Pod', 'Deployment']));
  });
});
