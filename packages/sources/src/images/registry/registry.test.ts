import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type ImagesRead, readImages } from '../read-images.ts';
import type { RegistryOptions } from './connect-registry.ts';
import { findCredentials } from './credentials.ts';
import { hostPlatform } from './platform.ts';
import { answer, SampleImage, serve, sha, stopServers } from './test-registry.fixture.ts';

const image = new SampleImage('musl');
const fast = { firstWait: 5, silence: 500 };
const login = { username: 'tester', password: 'secret' };
const basic = `Basic ${Buffer.from('tester:secret').toString('base64')}`;
const isLayer = (url: string | undefined): boolean => url?.endsWith(sha(image.layer)) === true;

const read = (target: string, options: RegistryOptions = {}, platform?: string): Promise<ImagesRead> =>
  readImages(target, { registry: { ...fast, ...options }, ...(platform !== undefined && { platform }) });
const names = ({ images }: ImagesRead): string[] =>
  images.flatMap(({ components }) => components.map(({ name }) => name));
const codes = ({ images, unknowns }: ImagesRead): string[] =>
  [...unknowns, ...images.flatMap((item) => item.unknowns)].map(({ code }) => code);

afterEach(stopServers);

describe('an image of a registry', () => {
  it('is read by tag and by digest, with its digests and its name', async () => {
    const host = await serve((request, response) => answer(image, request, response));
    for (const name of [`${host}/team/app:1`, `${host}/team/app@${sha(image.manifest)}`]) {
      const result = await read(name);
      expect(codes(result)).toEqual([]);
      expect(names(result)).toEqual(['musl']);
      expect(result.images[0]).toMatchObject({
        id: sha(image.config),
        source: 'registry',
        target: name,
        references: [name],
        manifestDigests: [sha(image.manifest)],
      });
    }
  });

  it('is chosen from an index by the platform, which the host gives where nobody does', async () => {
    const host = hostPlatform().split('/')[1]!;
    const here = new SampleImage('here', host);
    const there = new SampleImage('there', 's390x');
    const manifests = [here, there].map(({ manifest }, index) => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: sha(manifest),
      size: manifest.length,
      platform: { os: 'linux', architecture: index === 0 ? host : 's390x' },
    }));
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
    const server = await serve((request, response) => {
      if (request.url?.endsWith('/manifests/1')) response.end(index);
      else if ([sha(here.manifest), ...here.blobs.keys()].some((digest) => request.url?.endsWith(digest)))
        answer(here, request, response);
      else answer(there, request, response);
    });
    const byHost = await read(`${server}/app:1`);
    expect(names(byHost)).toEqual(['here']);
    expect(byHost.images[0]?.manifestDigests).toEqual([sha(here.manifest), sha(index)]);
    expect(names(await read(`${server}/app:1`, {}, 'linux/s390x'))).toEqual(['there']);
    const missing = await read(`${server}/app:1`, {}, 'linux/riscv64');
    expect(missing.images).toEqual([]);
    expect(missing.unknowns[0]).toMatchObject({
      code: 'platform-missing',
      hint: expect.stringContaining('linux/s390x'),
    });
  });
});

describe('what is no image, or not all of one', () => {
  const describeBlob = (bytes: Buffer, mediaType: string, more: object = {}) => ({
    mediaType,
    digest: sha(bytes),
    size: bytes.length,
    ...more,
  });
  const serving = (manifest: object, blobs: Buffer[], asked: string[] = []) => {
    const document = Buffer.from(JSON.stringify({ schemaVersion: 2, ...manifest }));
    return serve((request, response) => {
      asked.push(request.url ?? '');
      const blob = blobs.find((bytes) => request.url?.endsWith(sha(bytes)));
      if (request.url === '/v2/') response.end('{}');
      else if (request.url?.includes('/manifests/1')) response.end(document);
      else if (blob !== undefined) response.end(blob);
      else response.writeHead(404).end();
    });
  };

  it('as a chart of Helm is said to be', async () => {
    const config = Buffer.from('{"name":"chart","version":"1.0.0"}');
    const chart = Buffer.from('chart');
    const host = await serving(
      {
        config: describeBlob(config, 'application/vnd.cncf.helm.config.v1+json'),
        layers: [describeBlob(chart, 'application/vnd.cncf.helm.chart.content.v1.tar+gzip')],
      },
      [config, chart],
    );
    const { images, unknowns } = await read(`${host}/chart:1`);
    expect(images).toEqual([]);
    expect(unknowns).toMatchObject([{ code: 'not-an-image', message: expect.stringContaining('helm') }]);
  });

  it('as a layer that lies elsewhere, is not fetched from there', async () => {
    const foreign = Buffer.from('foreign');
    const reached: string[] = [];
    const elsewhere = await serve((request, response) => {
      reached.push(request.url ?? '');
      response.end(foreign);
    });
    const urls = [`http://${elsewhere}/layer`, 'file:///etc/passwd', 'http://169.254.169.254/latest/meta-data'];
    const type = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
    const config = describeBlob(image.config, 'application/vnd.oci.image.config.v1+json');
    const layers = [
      describeBlob(foreign, type, { urls }),
      describeBlob(image.layer, 'application/vnd.oci.image.layer.v1.tar+gzip'),
    ];
    const host = await serving({ config, layers }, [image.config, image.layer]);
    const result = await read(`${host}/app:1`);
    expect(reached).toEqual([]);
    expect(codes(result)).toContain('layer-not-downloaded');
    expect(names(result)).toEqual(['musl']);
  });

  it('as the attestations of an index, is left aside at any depth', async () => {
    const type = 'application/vnd.oci.image.manifest.v1+json';
    const platform = { os: 'linux', architecture: hostPlatform().split('/')[1]! };
    const attestation = describeBlob(Buffer.from('{}'), type, {
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    });
    const inner = Buffer.from(
      JSON.stringify({ manifests: [attestation, describeBlob(image.manifest, type, { platform })] }),
    );
    const index = describeBlob(inner, 'application/vnd.oci.image.index.v1+json', { platform });
    const asked: string[] = [];
    const blobs = [inner, image.manifest, image.config, image.layer];
    const host = await serving({ manifests: [attestation, index] }, blobs, asked);
    const result = await read(`${host}/app:1`);
    expect(names(result)).toEqual(['musl']);
    expect(result.images[0]?.manifestDigests.slice(0, 1)).toEqual([sha(image.manifest)]);
    expect(asked.filter((url) => url.endsWith(attestation.digest))).toEqual([]);
  });

  it('as a layer of zstd that claims to be gzip, is read as what it is', async () => {
    const layer = zstdCompressSync(gunzipSync(image.layer));
    const config = describeBlob(image.config, 'application/vnd.docker.container.image.v1+json');
    const layers = [describeBlob(layer, 'application/vnd.docker.image.rootfs.diff.tar.gzip')];
    const result = await read(`${await serving({ config, layers }, [image.config, layer])}/app:1`);
    expect(codes(result)).toEqual([]);
    expect(names(result)).toEqual(['musl']);
  });

  it('as a layer that is cut, is told with what was read of it', async () => {
    const layer = image.layer.subarray(0, image.layer.length - 5000);
    const config = describeBlob(image.config, 'application/vnd.oci.image.config.v1+json');
    const layers = [describeBlob(layer, 'application/vnd.oci.image.layer.v1.tar+gzip')];
    const result = await read(`${await serving({ config, layers }, [image.config, layer])}/app:1`);
    expect(codes(result)).toContain('layer-damaged');
  });
});

describe('a registry that asks who is there', () => {
  const guarded = (token: string, realm: () => string, seen: string[] = []) =>
    serve((request, response) => {
      seen.push(`${request.url} ${request.headers.authorization ?? ''}`);
      if (request.headers.authorization === token) return answer(image, request, response);
      response.writeHead(401, { 'www-authenticate': realm() }).end();
    });

  it('is given a password, or says that it wants one', async () => {
    const host = await guarded(basic, () => 'Basic realm="test"');
    expect(names(await read(`${host}/app:1`, { credentials: login }))).toEqual(['musl']);
    for (const result of [
      await read(`${host}/app:1`),
      await read(`${host}/app:1`, { credentials: { username: 'tester', password: 'wrong' } }),
    ]) {
      expect(result.images).toEqual([]);
      expect(codes(result)).toEqual(['registry-refused']);
    }
  });

  it('is given a token for pulling this repository and nothing else', async () => {
    const asked: string[] = [];
    const tokens = await serve((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization ?? 'nobody'}`);
      response.end(JSON.stringify({ token: 'abc' }));
    });
    const realm = () => `Bearer realm="http://${tokens}/token",service="reg,istry",scope="repository:other:push,pull"`;
    const host = await guarded('Bearer abc', realm);
    expect(names(await read(`${host}/team/app:1`))).toEqual(['musl']);
    expect(names(await read(`${host}/team/app:1`, { credentials: login }))).toEqual(['musl']);
    const query = '/token?scope=repository%3Ateam%2Fapp%3Apull&service=reg%2Cistry';
    expect(asked).toEqual([`${query} nobody`, `${query} ${basic}`]);
  });

  it('gets no second chance to put its question into words', async () => {
    const host = await guarded('none', () => 'Bearer realm="http://a" service=');
    expect(codes(await read(`${host}/app:1`))).toEqual(['registry-challenge-malformed']);
  });

  it('never learns what another host is told: redirects carry no credentials', async () => {
    const seen: (string | undefined)[] = [];
    const store = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end(image.layer);
    });
    const host = await serve((request, response) => {
      if (request.headers.authorization !== basic)
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      else if (isLayer(request.url)) response.writeHead(307, { location: `http://${store}/blob` }).end();
      else answer(image, request, response);
    });
    expect(names(await read(`${host}/app:1`, { credentials: login }))).toEqual(['musl']);
    expect(seen).toEqual([undefined]);
  });
});

describe('a registry that sends us elsewhere', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://[fe80::1]/',
    'http://10.0.0.8/layer',
    'http://[fd00::1]/layer',
    'file:///etc/passwd',
  ])('reaches no network that is not its own: %s', async (location) => {
    const host = await serve((request, response) => {
      if (isLayer(request.url)) response.writeHead(307, { location }).end();
      else answer(image, request, response);
    });
    const result = await read(`${host}/app:1`);
    expect(names(result)).toEqual([]);
    expect(codes(result)).toContain('layer-not-downloaded');
    const realm = await serve((_, response) =>
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${location}"` }).end(),
    );
    expect(['address-refused', 'registry-challenge-malformed']).toContain(codes(await read(`${realm}/app:1`))[0]);
  });
});

describe('a registry that fails', () => {
  const failing = (
    fail: (request: { url: string | undefined; range: string | undefined; count: number }) => (() => void) | undefined,
    respond: { current?: import('node:http').ServerResponse } = {},
  ) => {
    let count = 0;
    return serve((request, response) => {
      respond.current = response;
      const { url, headers } = request;
      const failure = fail({ url, range: headers.range, count: isLayer(url) ? count++ : count });
      if (failure === undefined) answer(image, request, response);
      else failure();
    });
  };

  it.each([429, 500, 503])('for a while with status %i is asked again', async (status) => {
    const respond: { current?: import('node:http').ServerResponse } = {};
    const host = await failing(
      ({ url, count }) =>
        isLayer(url) && count < 2
          ? () => void respond.current!.writeHead(status, { 'retry-after': '0' }).end()
          : undefined,
      respond,
    );
    const result = await read(`${host}/app:1`);
    expect(codes(result)).toEqual([]);
    expect(names(result)).toEqual(['musl']);
  });

  it('for good leaves an unknown, and nothing that looks clean', async () => {
    const always = await serve((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    expect(codes(await read(`${always}/app:1`))).toEqual(['registry-failed']);
    const respond: { current?: import('node:http').ServerResponse } = {};
    const host = await failing(
      ({ url }) => (isLayer(url) ? () => void respond.current!.writeHead(500).end() : undefined),
      respond,
    );
    const result = await read(`${host}/app:1`);
    expect(names(result)).toEqual([]);
    expect(codes(result)).toEqual(expect.arrayContaining(['layer-not-downloaded', 'digest-mismatch']));
  });

  it('by breaking a connection is taken up where it broke', async () => {
    const ranges: (string | undefined)[] = [];
    const respond: { current?: import('node:http').ServerResponse } = {};
    const host = await failing(({ url, range, count }) => {
      if (isLayer(url)) ranges.push(range);
      if (!isLayer(url) || count > 0) return undefined;
      return () => {
        respond.current!.writeHead(200, { 'content-length': String(image.layer.length) });
        respond.current!.write(image.layer.subarray(0, 1000), () => setTimeout(() => respond.current!.destroy(), 50));
      };
    }, respond);
    const result = await read(`${host}/app:1`);
    expect(codes(result)).toEqual([]);
    expect(ranges).toEqual([undefined, 'bytes=1000-']);
  });

  it('by other bytes than it promised is not believed', async () => {
    const respond: { current?: import('node:http').ServerResponse } = {};
    const wrong = Buffer.from(image.layer).fill(0, 100, 200);
    const host = await failing(
      ({ url }) => (isLayer(url) ? () => void respond.current!.end(wrong) : undefined),
      respond,
    );
    const result = await read(`${host}/app:1`);
    expect(names(result)).toEqual([]);
    expect(codes(result)).toContain('digest-mismatch');
    const manifest = await serve((request, response) => {
      if (request.url?.includes('/manifests/')) response.end(`${image.manifest} `);
      else answer(image, request, response);
    });
    expect(codes(await read(`${manifest}/app@${sha(image.manifest)}`))).toEqual(['digest-mismatch']);
  });

  it('by an endless stream, by silence or by a manifest without end is left', async () => {
    const flood = (response: import('node:http').ServerResponse): void => {
      const piece = Buffer.alloc(65_536, 0x20);
      const pump = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', pump);
      pump();
    };
    const respond: { current?: import('node:http').ServerResponse } = {};
    const layer = await failing(({ url }) => (isLayer(url) ? () => flood(respond.current!) : undefined), respond);
    expect(codes(await read(`${layer}/app:1`))).toEqual(expect.arrayContaining(['layer-not-downloaded']));
    const manifest = await serve((request, response) =>
      request.url === '/v2/' ? void response.end() : flood(response),
    );
    expect(codes(await read(`${manifest}/app:1`))).toEqual(['registry-answer-too-large']);
    const silent = await serve(() => undefined);
    expect(codes(await read(`${silent}/app:1`, { silence: 30 }))).toEqual(['registry-unreachable']);
    const drip = (response: import('node:http').ServerResponse): void => {
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
    };
    for (const stall of [drip, (response: import('node:http').ServerResponse) => void response.write('{')]) {
      const host = await serve((request, response) => (request.url === '/v2/' ? void response.end() : stall(response)));
      expect(codes(await read(`${host}/app:1`, { silence: 50 }))).toEqual(['registry-silent']);
    }
  });

  it('and a name that is nowhere say so', async () => {
    const host = await serve((request, response) => answer(image, request, response));
    expect(codes(await read(`${host}/app:2`))).toEqual(['image-not-found']);
    expect(codes(await read('127.0.0.1:1/app:1'))).toEqual(['registry-unreachable']);
  });

  it('by its form is said to be none of an image', async () => {
    const host = await serve((request, response) =>
      request.url === '/v2/' ? void response.end() : void response.end('{"schemaVersion":1,"fsLayers":[]}'),
    );
    expect(codes(await read(`${host}/app:1`))).toEqual(['manifest-unreadable']);
  });
});

describe('credentials', () => {
  const home = mkdtempSync(join(tmpdir(), 'credentials-'));
  const environment = { HOME: home, PATH: `${home}:${process.env['PATH']}` };
  const keep = (config: object): void => {
    mkdirSync(join(home, '.docker'), { recursive: true });
    writeFileSync(join(home, '.docker/config.json'), JSON.stringify(config));
  };
  const find = (registry: string, repository = 'team/app') => findCredentials({ registry, repository }, environment);
  const auth = Buffer.from('tester:se:cret').toString('base64');

  it('are those that docker login kept, by the longest name that fits', async () => {
    keep({
      auths: {
        'https://index.docker.io/v1/': { auth },
        'https://old.example/v2/': { auth },
        'a.example': { auth },
        'a.example/team': { identitytoken: 'abc' },
        'empty.example': {},
      },
    });
    const tester = { username: 'tester', password: 'se:cret' };
    expect(await find('docker.io')).toEqual(tester);
    expect(await find('old.example')).toEqual(tester);
    expect(await find('a.example', 'other')).toEqual(tester);
    expect(await find('a.example')).toEqual({ identityToken: 'abc' });
    expect(await find('empty.example')).toBeUndefined();
    expect(await find('b.example')).toBeUndefined();
  });

  it('come from a credential helper, and one that fails is told', async () => {
    const helper = (name: string, script: string): void => {
      writeFileSync(join(home, `docker-credential-${name}`), `#!/bin/sh\n${script}\n`);
      chmodSync(join(home, `docker-credential-${name}`), 0o755);
    };
    helper('good', 'read host; echo "{\\"Username\\":\\"u\\",\\"Secret\\":\\"$host\\"}"');
    helper('none', 'echo "credentials not found in native keychain"; exit 1');
    helper('broken', 'exit 3');
    keep({
      credHelpers: { 'a.example': 'good', 'n.example': 'none', 'b.example': 'broken', 'e.example': '../evil' },
      credsStore: 'good',
    });
    expect(await find('a.example')).toEqual({ username: 'u', password: 'a.example' });
    expect(await find('docker.io')).toEqual({ username: 'u', password: 'https://index.docker.io/v1/' });
    expect(await find('n.example')).toBeUndefined();
    await expect(find('b.example')).rejects.toMatchObject({ code: 'credential-helper-failed' });
    await expect(find('e.example')).rejects.toMatchObject({ code: 'credential-helper-failed' });
  });

  it('in a damaged file are told', async () => {
    writeFileSync(join(home, '.docker/config.json'), '{"auths":');
    await expect(find('a.example')).rejects.toMatchObject({ code: 'credentials-unreadable' });
  });
});
