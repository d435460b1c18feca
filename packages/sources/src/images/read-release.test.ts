import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ImageTree } from './child/image-tree.ts';
import { LayerContents } from './child/layer-contents.ts';
import { wantedWithPrograms } from './child/read-image.ts';
import { readPrograms } from './child/read-release.ts';
import { readImages } from './read-images.ts';
import { endOfArchive, padding, writeHeader } from './tar/write-header.ts';

const folder = mkdtempSync(join(tmpdir(), 'release-'));
const cache = join(folder, 'cache');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sha = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const elf = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46]), Buffer.from(text.repeat(99))]);

const files: Record<string, Buffer> = {
  'usr/sbin/shopd': elf('daemon'),
  'usr/lib/libshop.so.1': elf('library'),
  'app/run': Buffer.from('#!/usr/bin/env node\nmain()\n'),
  'app/server.js': Buffer.from('serve()\n'),
  'app/node_modules/ms/index.js': Buffer.from('ms()\n'),
  'app/notes.txt': Buffer.from('a word'),
};
const old = elf('before');

type Entries = [name: string, content: Buffer | { to: string }][];

function tar(entries: Entries): Buffer {
  const parts = entries.flatMap(([name, content]) =>
    Buffer.isBuffer(content)
      ? [writeHeader({ name, type: 'file', size: content.length }), content, padding(content.length)]
      : [writeHeader({ name, type: 'symbolic-link', link: content.to })],
  );
  return Buffer.concat([...parts, endOfArchive()]);
}

function archive(): string {
  const layers = [
    tar([
      ['usr/sbin/shopd', old],
      ['usr/sbin/gone', elf('gone')],
    ]),
    tar([...Object.entries(files), ['usr/sbin/.wh.gone', Buffer.alloc(0)], ['bin/shop', { to: '../usr/sbin/shopd' }]]),
  ];
  const config = Buffer.from(
    JSON.stringify({
      os: 'linux',
      architecture: 'amd64',
      config: { Env: ['PATH=/usr/sbin:/bin:here', 'DB=postgres://u:hunter2@db/x'], Cmd: ['shopd'] },
      rootfs: { type: 'layers', diff_ids: layers.map(sha) },
    }),
  );
  const manifest = [{ Config: 'c.json', RepoTags: ['shop:1'], Layers: ['0.tar', '1.tar'] }];
  const whole = tar([
    ['0.tar', layers[0]!],
    ['1.tar', layers[1]!],
    ['c.json', config],
    ['manifest.json', Buffer.from(JSON.stringify(manifest))],
  ]);
  const path = join(folder, 'image.tar');
  writeFileSync(path, whole);
  return path;
}

const listed = [
  { path: '/app/run', kind: 'script', interpreter: '/usr/bin/env node', digest: sha(files['app/run']!) },
  { path: '/app/server.js', kind: 'script', digest: sha(files['app/server.js']!) },
  { path: '/usr/lib/libshop.so.1', kind: 'library', digest: sha(files['usr/lib/libshop.so.1']!) },
  { path: '/usr/sbin/shopd', kind: 'executable', digest: sha(files['usr/sbin/shopd']!) },
];

describe('programs of an image', () => {
  it('are listed with digest and other names as they are in the end, and only where they are asked for', async () => {
    const target = archive();
    const { images } = await readImages(target, { release: true, cache });
    expect(images[0]?.release?.files).toEqual(
      listed.map((file) => (file.path === '/usr/sbin/shopd' ? { ...file, links: ['/bin/shop'] } : file)),
    );
    expect((await readImages(target, { cache })).images[0]?.release).toBe(undefined);
    expect((await readImages(target, { release: true, cache })).images).toEqual(images);
  });

  it('come with the search path and named hosts, and no value', async () => {
    const { release } = (await readImages(archive(), { release: true })).images[0]!;
    expect(release).toMatchObject({ searchPath: ['/usr/sbin', '/bin'], peers: ['db:5432'], omitted: 0 });
    expect(JSON.stringify(release)).not.toContain('hunter2');
  });

  it('have the names of hard links too', () => {
    const layer = new LayerContents(wantedWithPrograms, { left: 1_000_000 });
    const entry = { link: '', mode: 0o755, sparse: false };
    const body = layer.visit({ ...entry, name: 'bin/busybox', type: 'file', size: old.length });
    body?.write(old);
    body?.end();
    layer.visit({ ...entry, name: 'bin/sh', type: 'hard-link', size: 0, link: 'bin/busybox' });
    expect(readPrograms(new ImageTree([layer])).files).toEqual([
      { path: '/bin/busybox', kind: 'executable', digest: sha(old), links: ['/bin/sh'] },
    ]);
  });

  it('are listed of folders too', async () => {
    const root = join(folder, 'root');
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    symlinkSync('usr/sbin', join(root, 'sbin'));
    const { images } = await readImages(`rootfs:${root}`, { release: true });
    expect(images[0]?.release?.files).toEqual(listed);
  });
});
