import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readImages } from '../read-images.ts';
import { SampleImage, sha, tar } from '../registry/test-registry.fixture.ts';
import { findDaemons } from './daemon-address.ts';
import { DaemonClient } from './daemon-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'daemon-'));
const image = new SampleImage('musl');
const servers: Server[] = [];
let sockets = 0;

/** An engine on a socket of its own, which `DOCKER_HOST` names. */
async function engine(listener: RequestListener): Promise<void> {
  const server = createServer(listener);
  const socket = join(folder, `${sockets++}.sock`);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  process.env['DOCKER_HOST'] = `unix://${socket}`;
}

afterEach(() => {
  delete process.env['DOCKER_HOST'];
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const inspected = { Id: sha(image.config), RepoTags: ['app:1'], RepoDigests: [`app@${sha(image.manifest)}`, 'odd'] };
const archive = tar({
  'layer.tar.gz': image.layer.toString('latin1'),
  'manifest.json': '[]',
});
const codes = async (target: string): Promise<string[]> => {
  const { images, unknowns } = await readImages(target);
  return [...unknowns, ...images.flatMap((item) => item.unknowns)].map(({ code }) => code);
};

describe('where an engine answers', () => {
  const home = join(folder, 'home');

  it.each([
    ['docker', { DOCKER_HOST: 'unix:///run/a.sock' }, { socketPath: '/run/a.sock' }],
    ['docker', { DOCKER_HOST: 'tcp://127.0.0.1:2375' }, { host: '127.0.0.1', port: 2375 }],
    ['docker', { DOCKER_HOST: 'tcp://localhost' }, { host: 'localhost', port: 2375 }],
    ['podman', { CONTAINER_HOST: 'unix:///run/b.sock' }, { socketPath: '/run/b.sock' }],
  ] as const)('%s: %j', async (name, environment, address) => {
    expect(await findDaemons(name, { HOME: home, ...environment })).toEqual([address]);
  });

  it.each(['tcp://10.0.0.1:2375', 'ssh://host', 'https://127.0.0.1', 'nonsense'])(
    'is not elsewhere: %s',
    async (host) => {
      await expect(findDaemons('docker', { DOCKER_HOST: host })).rejects.toMatchObject({
        code: 'daemon-address-unsupported',
      });
    },
  );

  it('is what the context of Docker says', async () => {
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256').update('desktop').digest('hex');
    mkdirSync(join(home, '.docker/contexts/meta', digest), { recursive: true });
    const meta = { Name: 'desktop', Endpoints: { docker: { Host: 'unix:///run/desktop.sock' } } };
    writeFileSync(join(home, '.docker/contexts/meta', digest, 'meta.json'), JSON.stringify(meta));
    const found = [{ socketPath: '/run/desktop.sock' }];
    expect(await findDaemons('docker', { HOME: home, DOCKER_CONTEXT: 'desktop' })).toEqual(found);
    writeFileSync(join(home, '.docker/config.json'), '{"currentContext":"desktop"}');
    expect(await findDaemons('docker', { HOME: home })).toEqual(found);
  });

  it('is the sockets that are there', async () => {
    const run = join(folder, 'run');
    mkdirSync(join(run, 'podman'), { recursive: true });
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(join(run, 'podman/podman.sock'), resolve));
    const found = await findDaemons('podman', { HOME: home, XDG_RUNTIME_DIR: run });
    expect(found).toContainEqual({ socketPath: join(run, 'podman/podman.sock') });
  });
});

describe('an engine that does not do as it should', () => {
  it('answers no JSON, other JSON or too much of it', async () => {
    for (const answer of ['<html>', '{}', '{"Id":"../../etc"}', ' '.repeat(17 * 1024 * 1024)]) {
      await engine((_, response) => response.end(answer));
      expect(['daemon-failed', 'registry-answer-too-large']).toContain((await codes('docker:app:1'))[0]);
    }
  });

  it('is not waited for where it says nothing, or a byte now and then', async () => {
    const silent = (): void => undefined;
    const slow: RequestListener = (_, response) => {
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
    };
    for (const listener of [silent, slow]) {
      await engine(listener);
      const socketPath = process.env['DOCKER_HOST']!.slice('unix://'.length);
      const client = new DaemonClient('docker', { socketPath }, new AbortController().signal, 100);
      await expect(client.document('/info', z.unknown())).rejects.toMatchObject({ name: 'UpstreamError' });
    }
  });

  it('breaks off its export, or sends none of an image', async () => {
    const exporting = (send: RequestListener) =>
      engine((request, response) =>
        request.url?.endsWith('/json') ? void response.end(JSON.stringify(inspected)) : send(request, response),
      );
    await exporting((_, response) => {
      response.writeHead(200, { 'content-length': '1000000' });
      response.write(archive.subarray(0, 2000), () => setTimeout(() => response.destroy(), 50));
    });
    expect(await codes('docker:app:1')).toContain('export-broken');
    await exporting((_, response) => response.writeHead(500).end());
    expect(await codes('docker:app:1')).toEqual(['daemon-failed']);
    await exporting((_, response) => response.end('noise'.repeat(1000)));
    expect(await codes('docker:app:1')).not.toEqual([]);
    await exporting((_, response) => response.end(archive));
    expect(await codes('docker:app:1')).toContain('image-missing');
  });

  it('is asked for nothing but what the name says', async () => {
    const asked: string[] = [];
    await engine((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end('{}');
    });
    expect(await codes('docker:app:1')).toEqual(['image-not-found']);
    for (const name of ['../containers/x', 'a/../b', 'app?x=1', 'app%2f..', 'a//b', '/a']) {
      expect(await codes(`docker:${name}`)).toEqual(['image-not-found']);
    }
    expect(asked).toEqual(['/images/app:1/json']);
  });

  it('is passed over where a bare name may be had elsewhere', async () => {
    await engine((_, response) => response.writeHead(500).end());
    expect(await codes('127.0.0.1:1/app:1')).toEqual(['registry-unreachable']);
  });
});
