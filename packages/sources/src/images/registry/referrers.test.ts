import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import { pushReferrer } from './push-referrer.ts';
import { readReferrers, tagOf } from './referrers.ts';
import { SampleImage, serve, sha, stopServers } from './test-registry.fixture.ts';

const KIND = 'application/vnd.example.note.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const image = new SampleImage('musl');
const digest = sha(image.manifest);
const signal = new AbortController().signal;
const note = { artifactType: KIND, mediaType: 'application/json', bytes: Buffer.from('{"note":1}') };
const asked = { artifactType: KIND, largest: 1_000 };
afterAll(stopServers);

interface Registry {
  /** Lists by itself, and how it says so. */
  lists?: 'with-header' | 'silently' | 'by-config';
  /** What its token server gives, by the scope that is asked for. */
  scopes?: string[];
}

/** A registry that keeps what is put there, and what was put. */
function keeper({ lists, scopes }: Registry) {
  const blobs = new Map(image.blobs);
  const manifests = new Map<string, Buffer>([[digest, image.manifest]]).set('1', image.manifest);
  const referrers = (subject: string) =>
    [...new Map([...manifests.values()].map((bytes) => [sha(bytes), bytes]))].flatMap(([own, bytes]) => {
      const { subject: about, artifactType, config } = JSON.parse(bytes.toString());
      const kind = lists === 'by-config' ? config?.mediaType : artifactType;
      const mediaType = 'application/vnd.oci.image.manifest.v1+json';
      return about?.digest === subject ? [{ mediaType, digest: own, size: bytes.length, artifactType: kind }] : [];
    });
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { url: path = '', method, headers } = request;
    const name = path.split('/').at(-1) ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (path.startsWith('/token')) {
      const scope = new URL(path, 'http://x').searchParams.get('scope') ?? '';
      scopes?.push(scope);
      response.end(JSON.stringify({ token: scope.endsWith('push') ? 'writer' : 'reader' }));
    } else if (scopes !== undefined && headers.authorization === undefined) {
      const realm = `Bearer realm="http://${headers.host}/token",service="here"`;
      response.writeHead(401, { 'www-authenticate': realm }).end();
    } else if (
      scopes !== undefined &&
      method !== 'GET' &&
      method !== 'HEAD' &&
      headers.authorization !== 'Bearer writer'
    ) {
      response.writeHead(403).end();
    } else if (path.endsWith('/blobs/uploads/') && method === 'POST') {
      response.writeHead(202, { location: '/v2/app/blobs/uploads/1?state=x' }).end();
    } else if (path.includes('/blobs/uploads/1?') && method === 'PUT') {
      const wanted = new URL(path, 'http://x').searchParams;
      const isGood = wanted.get('digest') === sha(body) && wanted.get('state') === 'x';
      if (isGood) blobs.set(sha(body), body);
      response.writeHead(isGood ? 201 : 400).end();
    } else if (path.includes('/manifests/') && method === 'PUT') {
      manifests.set(name, body).set(sha(body), body);
      const subject = JSON.parse(body.toString()).subject?.digest;
      response.writeHead(201, lists === 'with-header' && subject ? { 'oci-subject': subject } : {}).end();
    } else if (path.includes('/referrers/') && lists !== undefined) {
      response.end(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: referrers(name) }));
    } else {
      const found =
        path === '/v2/' ? Buffer.from('{}') : path.includes('/manifests/') ? manifests.get(name) : blobs.get(name);
      if (found === undefined) response.writeHead(404).end();
      else
        response
          .writeHead(200, {
            'content-type': JSON.parse(found.toString('utf8').replace(/^[^{].*/s, '{}')).mediaType ?? 'x/y',
          })
          .end(found);
    }
  };
  return { manifests, serving: () => serve((request, response) => void listener(request, response)) };
}

describe('what is attached to an image of a registry', () => {
  it.each([
    ['lists by itself and says so', 'with-header', 'registry', []],
    ['lists by itself and does not say so', 'silently', 'registry', []],
    ['lists by itself, by the kind of what is empty', 'by-config', 'registry', []],
    ['does not list, by the tag for it', undefined, 'tag', [tagOf(digest)]],
  ] as const)('is found again where the registry %s', async (_, lists, listedBy, tags) => {
    const { manifests, serving } = keeper({ ...(lists && { lists }) });
    const name = `${await serving()}/app:1`;
    const put = await pushReferrer(name, digest, note, { signal });
    expect(put).toMatchObject({ subject: digest, listedBy });
    expect([...manifests.keys()].filter((one) => one.startsWith('sha256-'))).toEqual(tags);
    expect(await pushReferrer(name, sha(image.config), note, { signal })).toEqual(put);
    const { found, unknowns } = await readReferrers(name, [digest], asked, { signal });
    expect(unknowns).toEqual([]);
    expect(found.map(({ manifest, bytes }) => [manifest, bytes.toString()])).toEqual([[put.manifest, '{"note":1}']]);
    const others = { ...asked, artifactType: 'application/vnd.example.other' };
    expect((await readReferrers(name, [digest], others, { signal })).found).toEqual([]);
  });

  it('stands beside what others attached under the tag', async () => {
    const { serving } = keeper({});
    const name = `${await serving()}/app:1`;
    await pushReferrer(name, digest, { ...note, bytes: Buffer.from('{"note":2}') }, { signal });
    await pushReferrer(name, digest, note, { signal });
    const { found } = await readReferrers(name, [digest], asked, { signal });
    expect(found.map(({ bytes }) => bytes.toString())).toEqual(['{"note":2}', '{"note":1}']);
  });

  it('is put with a token that may write, and read with one that may read', async () => {
    const scopes: string[] = [];
    const { serving } = keeper({ lists: 'with-header', scopes });
    const name = `${await serving()}/app:1`;
    await pushReferrer(name, digest, note, { signal });
    expect(scopes).toEqual(['repository:app:pull,push']);
    await readReferrers(name, [digest], asked, { signal });
    expect(scopes.slice(1)).toEqual(['repository:app:pull']);
  });

  it('is not put beside another image than it is about', async () => {
    const { serving } = keeper({});
    const push = pushReferrer(`${await serving()}/app:1`, `sha256:${'0'.repeat(64)}`, note, { signal });
    await expect(push).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  it('and is larger than it may be, or about another image, is an unknown', async () => {
    const { manifests, serving } = keeper({ lists: 'with-header' });
    const name = `${await serving()}/app:1`;
    const large = await pushReferrer(name, digest, { ...note, bytes: Buffer.alloc(2_000, ' ') }, { signal });
    const { found, unknowns } = await readReferrers(name, [digest], asked, { signal });
    expect([found, unknowns.map(({ code, place }) => [code, place.path])]).toEqual([
      [],
      [['referrer-unreadable', large.manifest]],
    ]);
    const stray = Buffer.from(
      manifests
        .get(large.manifest)!
        .toString()
        .replace(/"layers":\[.*?\]/, '"layers":[]'),
    );
    manifests.clear();
    manifests.set(sha(stray), stray);
    expect((await readReferrers(name, [digest], asked, { signal })).unknowns.map(({ code }) => code)).toEqual([
      'referrer-unreadable',
    ]);
  });
});
