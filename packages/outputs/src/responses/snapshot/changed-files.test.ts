import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changedFiles } from './changed-files.ts';

const MEBIBYTE = 1024 * 1024;
const ROOM = { entries: 100, bytes: MEBIBYTE, largestFile: MEBIBYTE, hashed: 8 * MEBIBYTE };

describe.skipIf(process.platform !== 'linux')('files that a container changed (Linux only)', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-changed-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are taken with their content; what is no plain file is named, and never opened or followed', () => {
    mkdirSync(join(folder, 'tmp'));
    writeFileSync(join(folder, 'tmp/x'), 'abc');
    symlinkSync('/etc/passwd', join(folder, 'link'));
    expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0);
    const { files, contents, truncated } = changedFiles(folder, ROOM);
    expect(files.map(({ path, kind, stored }) => [path, kind, stored])).toEqual([
      ['/link', 'link', false],
      ['/pipe', 'other', false],
      ['/tmp', 'folder', false],
      ['/tmp/x', 'file', true],
    ]);
    expect(contents.map(({ name, bytes }) => [name, String(bytes)])).toEqual([['changed/tmp/x', 'abc']]);
    expect(truncated).toBe(false);
  });

  it('keep their hash and size where they are too large, and then it is said that something is missing', () => {
    writeFileSync(join(folder, 'large'), Buffer.alloc(2 * MEBIBYTE));
    const { files, contents, truncated } = changedFiles(folder, ROOM);
    expect(files[0]).toMatchObject({ size: 2 * MEBIBYTE, stored: false });
    expect(files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect([contents, truncated]).toEqual([[], true]);
  });

  it('are read up to a bound in all: sparse files keep nobody busy, and no hash is given of a part', () => {
    for (const name of ['a', 'b', 'c']) {
      writeFileSync(join(folder, name), '');
      truncateSync(join(folder, name), 64 * 1024 * MEBIBYTE);
    }
    const { files, contents, truncated } = changedFiles(folder, ROOM);
    expect(files.map(({ size, sha256 }) => [size, sha256])).toEqual(
      Array.from({ length: 3 }, () => [64 * 1024 * MEBIBYTE, undefined]),
    );
    expect([contents, truncated]).toEqual([[], true]);
  });
});
