import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { LayerContents } from '../child/layer-contents.ts';
import { isLayerFile, packLayer, unpackLayer } from '../child/layer-file.ts';
import { LayerReader } from '../child/layer-reader.ts';
import { readImages } from '../read-images.ts';
import { answer, SampleImage, serve, sha, stopServers, tar } from '../registry/test-registry.fixture.ts';
import { pruneCache } from './prune-cache.ts';

const image = new SampleImage('musl');
let folders = 0;
const root = mkdtempSync(join(tmpdir(), 'layer-cache-'));
const fresh = (): string => join(root, String(folders++));

afterEach(stopServers);

function writeLayout(folder: string): string {
  const write = (path: string, bytes: Buffer | string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  };
  write('oci-layout', '{"imageLayoutVersion":"1.0.0"}');
  for (const bytes of [image.layer, image.config, image.manifest])
    write(`blobs/${sha(bytes).replace(':', '/')}`, bytes);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifests = [{ mediaType, digest: sha(image.manifest), size: image.manifest.length }];
  write('index.json', JSON.stringify({ schemaVersion: 2, manifests }));
  return folder;
}

function filesOf(cache: string): string[] {
  return readdirSync(cache).flatMap((version) =>
    readdirSync(join(cache, version)).map((name) => join(cache, version, name)),
  );
}

describe('a scan with a layer cache', () => {
  it('gives the same the second time, from what the first kept', async () => {
    const [layout, cache] = [writeLayout(fresh()), fresh()];
    const bare = await readImages(layout);
    expect(bare.images[0]?.components.map(({ name }) => name)).toEqual(['musl']);
    expect(await readImages(layout, { cache })).toEqual(bare);
    const kept = filesOf(cache);
    expect(kept.map((path) => path.split('/').at(-1))).toContain(sha(image.layer).replace(':', '-'));
    for (const path of kept) utimesSync(path, 1000, 1000);
    expect(await readImages(layout, { cache })).toEqual(bare);
    expect(filesOf(cache)).toEqual(kept);
    expect(Math.max(...kept.map((path) => statSync(path).mtimeMs))).toBeGreaterThan(Date.now() - 60_000);
  });

  it('downloads a layer of a registry once', async () => {
    const asked: (string | undefined)[] = [];
    const host = await serve((request, response) => {
      if (request.url?.endsWith(sha(image.layer))) asked.push(request.url);
      answer(image, request, response);
    });
    const cache = fresh();
    const first = await readImages(`${host}/app:1`, { cache });
    expect(first.images[0]?.components).toHaveLength(1);
    expect(await readImages(`${host}/app:1`, { cache })).toEqual(first);
    expect(asked).toHaveLength(1);
    expect(await readImages(`${host}/app:1`)).toEqual(first);
  });

  it('believes no file that was cut, changed or made up, and mends it', async () => {
    const [layout, cache] = [writeLayout(fresh()), fresh()];
    const bare = await readImages(layout, { cache });
    const isOf = (path: string, text: string): boolean =>
      path.includes(sha(image.layer).slice(7)) || readFileSync(path).includes(text);
    const sealed = filesOf(cache).filter((path) => isLayerFile(readFileSync(path)) && isOf(path, '"system"'));
    expect(sealed).toHaveLength(2);
    const whole = new Map(sealed.map((path) => [path, readFileSync(path)]));
    const change = (bytes: Buffer): Buffer => {
      const changed = Buffer.from(bytes);
      changed[changed.length - 3]! ^= 1;
      return changed;
    };
    const damages = [(bytes: Buffer) => bytes.subarray(0, 100), () => Buffer.alloc(0), change, () => Buffer.from('{}')];
    for (const damage of damages) {
      for (const [path, bytes] of whole) writeFileSync(path, damage(bytes));
      expect(await readImages(layout, { cache })).toEqual(bare);
      for (const [path, bytes] of whole) expect(readFileSync(path).equals(bytes)).toBe(true);
    }
  });

  it('knows an image by its layers wherever it lies, without reading them', async () => {
    const cache = fresh();
    await readImages(writeLayout(fresh()), { cache });
    for (const path of filesOf(cache)) if (readFileSync(path).includes('"wantedLinks"')) rmSync(path);
    const elsewhere = writeLayout(fresh());
    const bare = await readImages(elsewhere);
    const [wanted] = bare.images;
    rmSync(join(elsewhere, 'blobs', sha(image.layer).replace(':', '/')));
    writeFileSync(join(elsewhere, 'blobs', sha(image.layer).replace(':', '/')), Buffer.alloc(image.layer.length));
    const known = await readImages(elsewhere, { cache });
    expect(known.unknowns).toEqual(bare.unknowns);
    const { id, target, layers, components, fileCount, unknowns } = wanted!;
    expect(known.images).toMatchObject([{ id, target, layers, components, fileCount, unknowns }]);
  });

  it('may be run by several at once, and leaves nothing unfinished', async () => {
    const [layout, cache] = [writeLayout(fresh()), fresh()];
    const results = await Promise.all([1, 2, 3].map(() => readImages(layout, { cache })));
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    expect(filesOf(cache).every((path) => isLayerFile(readFileSync(path)))).toBe(true);
  });

  it('goes on without one that cannot be written', async () => {
    const cache = fresh();
    writeFileSync(cache, 'no folder');
    expect((await readImages(writeLayout(fresh()), { cache })).images).toHaveLength(1);
  });
});

describe('a kept layer', () => {
  const readLayer = async (bytes: Buffer) => {
    const reader = new LayerReader((path) => path.startsWith('a'), { left: 1e9 });
    await reader.write(bytes);
    return reader.finish();
  };
  const sorted = ({ entries }: LayerContents) => new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

  it('is what was read, whatever the layer holds', async () => {
    const names = fc.stringMatching(/^[ab](?:\/(?:\.wh\.)?[a-z]{1,3}){0,3}$/);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, fc.string(), { maxKeys: 20 }), async (files) => {
        const read = await readLayer(tar(files));
        const again = unpackLayer(packLayer(read), { left: 1e9 })!;
        expect(sorted(again.contents)).toEqual(sorted(read.contents));
        expect([...again.contents.keptPaths()]).toEqual([...read.contents.keptPaths()]);
        expect(again.contents.whiteouts).toEqual(read.contents.whiteouts);
        expect(again).toMatchObject({ digest: read.digest, diffId: read.diffId, size: read.size });
      }),
    );
  });

  it('is none once any bit differs, nor where it is more than may be kept', async () => {
    const bytes = packLayer(await readLayer(tar({ 'a/one': 'content', b: 'x' })));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(bytes);
        changed[at]! ^= 1 << bit;
        expect(unpackLayer(changed, { left: 1e9 })).toBeUndefined();
        expect(unpackLayer(bytes.subarray(0, at), { left: 1e9 })).toBeUndefined();
      }),
    );
    expect(unpackLayer(bytes, { left: 3 })).toBeUndefined();
  });
});

it('keeps the cache within its size: what was not used for the longest time goes first', async () => {
  const cache = fresh();
  for (const [index, name] of ['old/sha256-a', 'new/sha256-b', 'new/sha256-c', 'new/new-left'].entries()) {
    mkdirSync(dirname(join(cache, name)), { recursive: true });
    writeFileSync(join(cache, name), Buffer.alloc(1000));
    utimesSync(join(cache, name), index * 1000, index * 1000);
  }
  await pruneCache(cache, 10_000);
  expect(filesOf(cache)).toHaveLength(3);
  await pruneCache(cache, 2000);
  expect(filesOf(cache).map((path) => path.split('/').at(-1))).toEqual(['sha256-c']);
});
