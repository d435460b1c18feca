import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeTar } from './write-tar.ts';

describe('an archive', () => {
  it('is read by the tar of this machine: every name and byte', () => {
    const folder = mkdtempSync(join(tmpdir(), 'breakwater-tar-'));
    const word = fc.stringMatching(/^[a-zé][a-zé0-9 .-]{0,60}[a-z]$/);
    const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('_'));
    const files = fc.uniqueArray(fc.record({ name, bytes: fc.uint8Array({ maxLength: 1500 }) }), {
      minLength: 1,
      maxLength: 4,
      selector: (file) => file.name,
    });
    let turn = 0;
    try {
      fc.assert(
        fc.property(files, (entries) => {
          const out = join(folder, String(++turn));
          const archive = writeTar(entries, new Date('2026-11-22T10:00:00Z'));
          const script = 'mkdir "$0" && tar -xf - -C "$0"';
          const { status, stderr } = spawnSync('sh', ['-c', script, out], { input: archive });
          expect([status, String(stderr)]).toEqual([0, '']);
          for (const entry of entries) expect([...readFileSync(join(out, entry.name))]).toEqual([...entry.bytes]);
        }),
        { numRuns: 20 },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
