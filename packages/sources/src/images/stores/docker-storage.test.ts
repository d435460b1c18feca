import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readImages } from '../read-images.ts';
import { sha } from '../registry/test-registry.fixture.ts';
import { endOfArchive, padding, writeHeader } from '../tar/write-header.ts';

const apk = (...names: string[]): string => names.map((name) => `P:${name}\nV:1.0-r0\nA:x86_64\n\n`).join('');
const lower = {
  'etc/os-release': 'ID=alpine\nVERSION_ID=3.20.3\n',
  'lib/apk/db/installed': apk('musl'),
  'a/gone': 'x',
};
const upper = { 'lib/apk/db/installed': apk('musl', 'curl'), 'a/.wh.gone': '', empty: '' };

/** A layer as its tar, and as tar-split writes it: JSON lines, in turns headers and files. */
function split(files: Record<string, string>): { tar: Buffer; lines: object[] } {
  const lines: object[] = [];
  const parts: Buffer[] = [];
  let left: Buffer = Buffer.alloc(0);
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    left = Buffer.concat([left, writeHeader({ name, type: 'file', size: bytes.length })]);
    lines.push({ type: 2, payload: left.toString('base64') });
    lines.push({ type: 1, name, ...(bytes.length > 0 && { size: bytes.length }), payload: 'AAAAAAAAAAA=' });
    parts.push(left, bytes);
    left = padding(bytes.length);
  }
  const end = Buffer.concat([left, endOfArchive()]);
  return { tar: Buffer.concat([...parts, end]), lines: [...lines, { type: 2, payload: end.toString('base64') }] };
}

/** Docker's folder with one image, as overlay2 keeps it. */
function storage(layers: Record<string, string>[], change: (root: string) => void = () => {}): string {
  const root = mkdtempSync(join(tmpdir(), 'docker-'));
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const splits = layers.map(split);
  const diffIds = splits.map(({ tar }) => sha(tar));
  const config = JSON.stringify({ os: 'linux', architecture: 'amd64', config: {}, rootfs: { diff_ids: diffIds } });
  const id = sha(Buffer.from(config));
  write(`image/overlay2/imagedb/content/sha256/${id.slice(7)}`, config);
  const names = { 'shop/cart:1': id, [`shop/cart@sha256:${'d'.repeat(64)}`]: id };
  write('image/overlay2/repositories.json', JSON.stringify({ Repositories: { 'shop/cart': names } }));
  let chain = '';
  for (const [index, diffId] of diffIds.entries()) {
    chain = index === 0 ? diffId : `sha256:${createHash('sha256').update(`${chain} ${diffId}`).digest('hex')}`;
    const folder = `image/overlay2/layerdb/sha256/${chain.slice(7)}`;
    write(`${folder}/cache-id`, `cache${index}`);
    const lines = splits[index]!.lines.map((line) => JSON.stringify(line)).join('\n');
    write(`${folder}/tar-split.json.gz`, gzipSync(`${lines}\n`));
    mkdirSync(join(root, `overlay2/cache${index}/diff`), { recursive: true });
    for (const [name, content] of Object.entries(layers[index]!)) {
      if (content !== '') write(`overlay2/cache${index}/diff/${name}`, content);
    }
  }
  change(root);
  return root;
}

const read = (root: string, name = 'shop/cart:1') => readImages(`docker-storage:[${root}]${name}`);

describe('an image in the storage of Docker', () => {
  it.each(['shop/cart:1', 'docker.io/shop/cart:1', `shop/cart@sha256:${'d'.repeat(64)}`])(
    'is read in place: %s',
    async (name) => {
      const { images, unknowns } = await read(storage([lower, upper]), name);
      expect(unknowns).toEqual([]);
      expect(images[0]).toMatchObject({ source: 'docker-storage', fileCount: 3, unknowns: [] });
      expect(images[0]?.layers.map(({ diffId }) => diffId)).toEqual(
        [lower, upper].map((files) => sha(split(files).tar)),
      );
      expect(images[0]?.components.map((component) => component.name)).toEqual(['musl', 'curl']);
      expect(images[0]?.manifestDigests).toEqual([`sha256:${'d'.repeat(64)}`]);
    },
  );

  it('with a file that was changed, cut or taken away is not believed', async () => {
    const path = 'overlay2/cache1/diff/lib/apk/db/installed';
    for (const [change, code] of [
      [(root: string) => writeFileSync(join(root, path), apk('musl', 'evil')), 'diff-id-mismatch'],
      [(root: string) => writeFileSync(join(root, path), 'x'), 'layer-unreadable'],
      [(root: string) => rmSync(join(root, path)), 'layer-unreadable'],
    ] as const) {
      const { images, unknowns } = await read(storage([lower, upper], change));
      expect([...unknowns, ...(images[0]?.unknowns ?? [])].map((unknown) => unknown.code)).toContain(code);
    }
  });

  it.each(['../../../secret', 'link/secret', '/../secret', 'a/../../secret'])(
    'reads nothing outside of its layers, whatever a tar names: %s',
    async (name) => {
      const outside = mkdtempSync(join(tmpdir(), 'outside-'));
      writeFileSync(join(outside, 'secret'), 'P:stolen\nV:1.0-r0\nA:x86_64\n\n');
      const { lines } = split({ 'lib/apk/db/installed': 'P:stolen\nV:1.0-r0\nA:x86_64\n\n' });
      const hostile = lines.map((line) => ('name' in line ? { ...line, name } : line));
      const root = storage([lower], (place) => {
        const [diffId] = [sha(split(lower).tar)];
        const text = hostile.map((line) => JSON.stringify(line)).join('\n');
        const folder = join(place, 'image/overlay2/layerdb/sha256', diffId!.slice(7));
        writeFileSync(join(folder, 'tar-split.json.gz'), gzipSync(text));
        symlinkSync(outside, join(place, 'overlay2/cache0/diff/link'));
        writeFileSync(join(place, 'overlay2/secret'), 'P:stolen\nV:1.0-r0\nA:x86_64\n\n');
      });
      const { images, unknowns } = await read(root);
      expect(images.flatMap(({ components }) => components)).toEqual([]);
      expect(unknowns.map(({ code }) => code)).toContain('layer-unreadable');
    },
  );

  it('whose lists are damaged or hostile is told', async () => {
    const hurt = (path: string, content: string | Buffer) =>
      read(storage([lower], (root) => writeFileSync(join(root, path), content)));
    const chain = `image/overlay2/layerdb/sha256/${sha(split(lower).tar).slice(7)}`;
    for (const [path, content, code] of [
      ['image/overlay2/repositories.json', '{', 'storage-unreadable'],
      [`${chain}/cache-id`, '../../../etc', 'storage-unreadable'],
      [`${chain}/tar-split.json.gz`, 'noise', 'layer-unreadable'],
      [`${chain}/tar-split.json.gz`, gzipSync('{"type":'), 'layer-unreadable'],
      [`${chain}/tar-split.json.gz`, gzipSync(Buffer.alloc(40_000_000, 0x20)), 'layer-unreadable'],
    ] as const) {
      const { unknowns } = await hurt(path, content);
      expect(unknowns.map((unknown) => unknown.code)).toContain(code);
    }
    expect((await read(storage([lower]), 'shop/cart:2')).unknowns).toMatchObject([{ code: 'image-not-found' }]);
  });
});
