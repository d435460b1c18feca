import { afterEach, describe, expect, it } from 'vitest';
import { listRepositories, listTags } from './list-registry.ts';
import { resolveDigest } from './resolve-digest.ts';
import { answer, SampleImage, serve, sha, stopServers } from './test-registry.fixture.ts';

const image = new SampleImage('musl');
const fast = { firstWait: 5, silence: 500 };

const all = async (names: AsyncIterable<string>): Promise<string[]> => {
  const found: string[] = [];
  for await (const name of names) found.push(name);
  return found;
};

/** A registry that answers paths with documents and headers; everything else is not there. */
const registryOf = (
  answers: Record<string, { body?: unknown; link?: string; status?: number }>,
  asked: string[] = [],
): Promise<string> =>
  serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const found = request.url === '/v2/' ? { body: {} } : answers[request.url ?? ''];
    const headers: Record<string, string> = found?.link === undefined ? {} : { link: found.link };
    response.writeHead(found === undefined ? 404 : (found.status ?? 200), headers).end(JSON.stringify(found?.body));
  });

afterEach(stopServers);

describe('the lists of a registry', () => {
  it('are read page by page, wherever a proxy says that the next one is', async () => {
    const asked: string[] = [];
    const host = await registryOf(
      {
        '/v2/_catalog?n=100': { body: { repositories: ['a'] }, link: '</v2/_catalog?last=a&n=100>; rel="next"' },
        '/v2/_catalog?last=a&n=100': {
          body: { repositories: ['team/b'] },
          link: '<http://elsewhere.example/v2/_catalog?last=b>; rel=next',
        },
        '/v2/_catalog?last=b': { body: { repositories: ['c'] }, link: '<https://evil.example/steal>; rel="next"' },
        '/v2/team/b/tags/list?n=100': { body: { tags: ['1', 'latest'] } },
        '/v2/empty/tags/list?n=100': { body: { tags: null } },
      },
      asked,
    );
    expect(await all(listRepositories(host, fast))).toEqual(['a', 'team/b', 'c']);
    expect(await all(listTags(`${host}/team/b`, fast))).toEqual(['1', 'latest']);
    expect(await all(listTags(`${host}/empty:1`, fast))).toEqual([]);
    expect(asked.filter((line) => line.includes('steal'))).toEqual([]);
  });

  it('are asked for no further than they are used', async () => {
    const asked: string[] = [];
    const link = '</v2/_catalog?last=a>; rel="next"';
    const host = await registryOf({ '/v2/_catalog?n=100': { body: { repositories: ['a'] }, link } }, asked);
    for await (const name of listRepositories(host, fast)) {
      expect(name).toBe('a');
      break;
    }
    expect(asked).toEqual(['GET /v2/', 'GET /v2/_catalog?n=100']);
  });

  it('that hold what names nothing are read without it, and it is told', async () => {
    const tags = ['1', '../../etc', 'x'.repeat(5000), ''];
    const host = await registryOf({
      '/v2/app/tags/list?n=100': { body: { tags } },
      '/v2/_catalog?n=100': { body: { repositories: ['app', 'a/../b', 'A B'] } },
    });
    const refused: string[] = [];
    const options = { ...fast, onRefused: (name: string) => void refused.push(name) };
    expect(await all(listTags(`${host}/app`, options))).toEqual(['1']);
    expect(await all(listRepositories(host, options))).toEqual(['app']);
    expect(refused).toEqual(['../../etc', 'x'.repeat(200), '', 'a/../b', 'A B']);
  });

  it('that never end, or are none, are errors and not an empty registry', async () => {
    const circle = await registryOf({
      '/v2/_catalog?n=100': { body: { repositories: ['a'] }, link: '</v2/_catalog?n=100>; rel="next"' },
      '/v2/app/tags/list?n=100': { body: { tags: 'all' } },
    });
    const unreadable = { name: 'UpstreamError', code: 'registry-list-unreadable' };
    await expect(all(listRepositories(circle, fast))).rejects.toMatchObject(unreadable);
    await expect(all(listTags(`${circle}/app`, fast))).rejects.toMatchObject(unreadable);
    await expect(all(listTags(`${circle}/other`, fast))).rejects.toMatchObject({
      code: 'image-not-found',
      message: expect.stringContaining('/other has no tags'),
    });
  });

  it('that there are none of, or that are nowhere, say so', async () => {
    const none = await registryOf({});
    await expect(all(listRepositories(none, fast))).rejects.toMatchObject({ code: 'catalogue-missing' });
    const closed = await registryOf({ '/v2/_catalog?n=100': { status: 403 } });
    await expect(all(listRepositories(closed, fast))).rejects.toMatchObject({ code: 'registry-refused' });
    await expect(all(listRepositories('a b', fast))).rejects.toMatchObject({ code: 'reference-malformed' });
    await expect(all(listTags('not a name', fast))).rejects.toMatchObject({ code: 'reference-malformed' });
    await expect(all(listTags('127.0.0.1:1/app', fast))).rejects.toMatchObject({ code: 'registry-unreachable' });
  });

  it('end with the one who asks', async () => {
    const host = await serve((request, response) => (request.url === '/v2/' ? void response.end('{}') : undefined));
    const signal = AbortSignal.timeout(100);
    await expect(all(listRepositories(host, { ...fast, silence: 60_000, signal }))).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('are asked for with the right to list, not to pull', async () => {
    const scopes: (string | null)[] = [];
    const tokens = await serve((request, response) => {
      scopes.push(new URL(request.url ?? '', 'http://a').searchParams.get('scope'));
      response.end(JSON.stringify({ token: 'abc' }));
    });
    const host = await serve((request, response) => {
      if (request.headers.authorization === 'Bearer abc') response.end('{"repositories":["a"],"tags":["1"]}');
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${tokens}/"` }).end();
    });
    expect(await all(listRepositories(host, fast))).toEqual(['a']);
    expect(await all(listTags(`${host}/a/b`, fast))).toEqual(['1']);
    expect(scopes).toEqual(['registry:catalog:*', 'repository:a/b:pull']);
  });
});

describe('the digest of a tag', () => {
  const digest = sha(image.manifest);

  it('is asked for without the manifest', async () => {
    const asked: string[] = [];
    const host = await serve((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.setHeader('docker-content-digest', digest);
      answer(image, request, response);
    });
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    expect(await resolveDigest(`${host}/app:1`, fast)).toEqual({ digest, mediaType });
    expect(asked).toEqual(['GET /v2/', 'HEAD /v2/app/manifests/1']);
    const other = `sha256:${'0'.repeat(64)}`;
    await expect(resolveDigest(`${host}/app:1@${other}`, fast)).rejects.toMatchObject({ code: 'image-not-found' });
  });

  it('is computed where the registry does not tell, and a false one is not believed', async () => {
    const host = await serve((request, response) => answer(image, request, response));
    expect(await resolveDigest(`${host}/app:1`, fast)).toMatchObject({ digest });
    await expect(resolveDigest(`${host}/app:2`, fast)).rejects.toMatchObject({ code: 'image-not-found' });
    const liar = await serve((request, response) => {
      response.setHeader('docker-content-digest', `sha256:${'0'.repeat(64)}`);
      answer(image, request, response);
    });
    await expect(resolveDigest(`${liar}/app@${digest}`, fast)).rejects.toMatchObject({ code: 'digest-mismatch' });
  });
});
