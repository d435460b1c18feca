import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TarError } from './header.ts';
import { type TarEntry, TarReader } from './tar-reader.ts';
import { endOfArchive, padding, writeHeader } from './write-header.ts';

interface Read {
  entries: (TarEntry & { content: string })[];
}

function read(archive: Buffer, step = archive.length): Read {
  const result: Read = { entries: [] };
  const reader = new TarReader((entry) => {
    const item = { ...entry, content: '' };
    result.entries.push(item);
    return {
      write: (bytes) => {
        item.content += bytes.toString('latin1');
        return undefined;
      },
      end: () => undefined,
    };
  });
  for (let at = 0; at < archive.length; at += step) reader.push(archive.subarray(at, at + step));
  reader.finish();
  return result;
}

function archive(files: Record<string, string>): Buffer {
  const parts = Object.entries(files).flatMap(([name, content]) => {
    const bytes = Buffer.from(content, 'latin1');
    return [writeHeader({ name, type: 'file', size: bytes.length }), bytes, padding(bytes.length)];
  });
  return Buffer.concat([...parts, endOfArchive()]);
}

describe('TarReader', () => {
  it.each(['gnu', 'pax', 'ustar', 'v7'])('reads what tar writes in format %s', (format) => {
    const folder = mkdtempSync(join(tmpdir(), 'tar-'));
    const long = `${'d'.repeat(50)}/${'n'.repeat(44)}`;
    mkdirSync(join(folder, 'd'.repeat(50)));
    writeFileSync(join(folder, long), 'long');
    writeFileSync(join(folder, 'a.txt'), 'content of a');
    execFileSync('ln', ['-s', 'a.txt', join(folder, 'link')]);
    execFileSync('ln', [join(folder, 'a.txt'), join(folder, 'twin')]);
    const bytes = execFileSync('tar', [
      `--format=${format}`,
      '--sort=name',
      '-C',
      folder,
      '-cf',
      '-',
      'a.txt',
      long,
      'link',
      'twin',
    ]);
    const { entries } = read(bytes);
    expect(entries.map(({ name, type, content, link }) => [name, type, content, link])).toEqual([
      ['a.txt', 'file', 'content of a', ''],
      [long, 'file', 'long', ''],
      ['link', 'symbolic-link', '', 'a.txt'],
      ['twin', 'hard-link', '', 'a.txt'],
    ]);
  });

  it.each(['gnu', 'pax'])('reads names beyond the header in format %s', (format) => {
    const folder = mkdtempSync(join(tmpdir(), 'tar-'));
    const name = `${'deep/'.repeat(60)}ünïcode`;
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), 'x');
    const bytes = execFileSync('tar', [`--format=${format}`, '-C', folder, '-cf', '-', name]);
    expect(read(bytes).entries.map((entry) => [entry.name, entry.content])).toEqual([[name, 'x']]);
  });

  it.each(['gnu', 'pax'])('steps over the pieces of a sparse file in format %s', (format) => {
    const folder = mkdtempSync(join(tmpdir(), 'tar-'));
    execFileSync(
      'sh',
      [
        '-c',
        'for i in 1 2 3 4 5 6 7 8 9; do dd if=/etc/passwd of=sparse bs=1 count=9 seek="$i"M; done; echo after > b',
      ],
      { cwd: folder, stdio: 'ignore' },
    );
    const bytes = execFileSync('tar', [`--format=${format}`, '--sparse', '-C', folder, '-cf', '-', 'sparse', 'b']);
    const { entries } = read(bytes);
    expect(entries.map(({ name, sparse }) => [name, sparse])).toEqual([
      ['sparse', true],
      ['b', false],
    ]);
    expect(entries[1]?.content).toBe('after\n');
  });

  it('reads the same however the bytes are cut', () => {
    const name = fc.stringMatching(/^[a-zé/]{1,150}$/).filter((text) => !text.endsWith('/'));
    const content = fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    fc.assert(
      fc.property(
        fc.dictionary(name, content, { noNullPrototype: true }),
        fc.integer({ min: 1, max: 3000 }),
        (files, step) => {
          const found = read(archive(files), step).entries.map((entry) => [entry.name, entry.content]);
          expect(Object.fromEntries(found)).toEqual(files);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('ends on any bytes, with entries or a TarError', () => {
    const good = archive({ a: 'x'.repeat(700), b: 'y' });
    const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 20 });
    const damaged = damage.map((changes) => {
      const bytes = Buffer.from(good);
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 3000 }).map(Buffer.from)), (bytes) => {
        try {
          read(bytes);
        } catch (cause) {
          expect(cause).toBeInstanceOf(TarError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['cut inside a body', archive({ a: 'x'.repeat(600) }).subarray(0, 800)],
    ['cut inside a header', archive({ a: '' }).subarray(0, 300)],
  ])('refuses an archive %s', (_, bytes) => {
    expect(() => read(bytes)).toThrow(TarError);
  });

  it('skips bodies that nobody wants', () => {
    const bytes = archive({ a: 'x'.repeat(5000), b: 'y' });
    const names: string[] = [];
    const reader = new TarReader((entry) => {
      names.push(entry.name);
      return undefined;
    });
    reader.push(bytes.subarray(0, 512));
    expect(reader.skippable).toBe(5120);
    reader.skip();
    reader.push(bytes.subarray(reader.position));
    expect(names).toEqual(['a', 'b']);
  });
});
