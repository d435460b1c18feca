import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Image } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { recogniseBases } from './known-images.ts';

const sha = (letter: string): string => `sha256:${letter.repeat(64)}`;
const imageOf = (name: string, chain: string, more: Partial<Image> = {}): Image =>
  Image.parse({
    id: sha(chain.at(-1)!),
    source: 'registry',
    target: name,
    references: [name],
    layers: [...chain].map((letter) => ({ diffId: sha(letter), size: 1 })),
    components: [],
    ...more,
  });
const folder = (): string => mkdtempSync(join(tmpdir(), 'known-'));
const bases = async (place: string, ...images: Image[]) =>
  (await recogniseBases(place, images)).map(({ base }) => base);
const known = { evidence: 'known-image', confidence: 'high' };

describe('the base image', () => {
  it('is the known image with the most of the lowest layers', async () => {
    const place = folder();
    const digest = sha('f');
    await recogniseBases(place, [imageOf('debian:12', 'a'), imageOf('python:3', 'abc', { manifestDigests: [digest] })]);
    const [app, other] = await bases(place, imageOf('team/app:1', 'abcd'), imageOf('team/tool:1', 'ae'));
    expect(app).toEqual({ name: 'python:3', digest, layers: 3, ...known });
    expect(other).toEqual({ name: 'debian:12', layers: 1, ...known });
  });

  it('is known at once where both are read together', async () => {
    expect(await bases(folder(), imageOf('team/app:1', 'ab'), imageOf('debian:12', 'a'))).toMatchObject([
      { name: 'debian:12', layers: 1 },
      undefined,
    ]);
  });

  it('is not the image itself, not another version of it, and none that shares only some layers', async () => {
    const place = folder();
    await recogniseBases(place, [imageOf('team/app:1', 'ab'), imageOf('team/other:1', 'acd')]);
    expect(await bases(place, imageOf('team/app:2', 'abx'), imageOf('mirror/app:1', 'ab'))).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('that the image itself names counts where it has more layers; where it has as many, the known name does', async () => {
    const place = folder();
    await recogniseBases(place, [imageOf('debian:12', 'a')]);
    const guessed = { layers: 2, evidence: 'history', confidence: 'medium' } as const;
    const stated = { name: 'mirror/debian:12', layers: 1, evidence: 'history', confidence: 'high' } as const;
    const unnamed = { layers: 1, evidence: 'history', confidence: 'low' } as const;
    expect(
      await bases(
        place,
        imageOf('team/a:1', 'abc', { base: guessed }),
        imageOf('team/b:1', 'abd', { base: stated }),
        imageOf('team/c:1', 'abe', { base: unnamed }),
      ),
    ).toEqual([guessed, { name: 'mirror/debian:12', layers: 1, ...known }, { name: 'debian:12', layers: 1, ...known }]);
  });

  it('gets its layers from the known image of the digest that an annotation names', async () => {
    const place = folder();
    const digest = sha('f');
    await recogniseBases(place, [imageOf('debian:12', 'a', { manifestDigests: [digest] }), imageOf('python:3', 'ab')]);
    const base = { name: 'docker.io/library/debian:12', digest, evidence: 'annotation', confidence: 'high' } as const;
    expect(await bases(place, imageOf('team/app:1', 'abc', { base }))).toEqual([
      { name: 'docker.io/library/debian:12', digest, layers: 1, ...known },
    ]);
  });

  it('is found beside lines that are damaged, and images are remembered once', async () => {
    const place = folder();
    await recogniseBases(place, [imageOf('debian:12', 'a')]);
    const file = join(place, 'known-images.jsonl');
    writeFileSync(file, `{"id":1}\nnull\n{"cut":\n${readFileSync(file, 'utf8')}`);
    expect(await bases(place, imageOf('team/app:1', 'ab'))).toMatchObject([{ name: 'debian:12' }]);
    const lines = readFileSync(file, 'utf8').length;
    await recogniseBases(place, [imageOf('team/app:1', 'ab')]);
    expect(readFileSync(file, 'utf8')).toHaveLength(lines);
    expect(await bases('/proc/nowhere', imageOf('team/app:1', 'ab'))).toEqual([undefined]);
  });
});
