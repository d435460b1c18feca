import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImages } from '../read-images.ts';
import { listRepositories, listTags } from './list-registry.ts';
import { resolveDigest } from './resolve-digest.ts';
import { SampleImage, sha } from './test-registry.fixture.ts';

const programs = ['docker-registry', 'skopeo', 'openssl', 'htpasswd'];
const missing = programs.filter((program) => {
  try {
    execFileSync('which', [program]);
    return false;
  } catch {
    return true;
  }
});
const unlessMissing = missing.length === 0 ? '' : ` (skipped: ${missing.join(', ')} not installed)`;

describe.skipIf(missing.length > 0)(`the registry of Docker, with TLS and a password${unlessMissing}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'docker-registry-'));
  const image = new SampleImage('musl');
  let registry: ChildProcess;
  let host = '';

  beforeAll(async () => {
    const port = await freePort();
    host = `localhost:${port}`;
    const [certificate, key] = [join(folder, 'certs/ca.crt'), join(folder, 'key.pem')];
    mkdirSync(join(folder, 'certs'));
    const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
    execFileSync('openssl', [...request, '-addext', names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    const password = execFileSync('htpasswd', ['-Bbn', 'tester', 'secret']);
    writeFileSync(join(folder, 'htpasswd'), password);
    writeFileSync(
      join(folder, 'registry.yml'),
      `version: 0.1
storage: {filesystem: {rootdirectory: ${folder}/data}}
http: {addr: 127.0.0.1:${port}, tls: {certificate: ${certificate}, key: ${key}}}
auth: {htpasswd: {realm: test, path: ${folder}/htpasswd}}
`,
    );
    registry = spawn('docker-registry', ['serve', join(folder, 'registry.yml')], { stdio: 'ignore' });
    writeLayout(join(folder, 'layout'), image);
    const to = ['--dest-cert-dir', join(folder, 'certs'), '--dest-creds', 'tester:secret', '--all', '-q'];
    const copy = (names: string[]): void => {
      for (const name of names) {
        execFileSync('skopeo', ['copy', ...to, `oci:${folder}/layout:1`, `docker://${host}/${name}`], {
          stdio: 'pipe',
        });
      }
    };
    for (let attempt = 0; ; attempt++) {
      await sleep(300);
      try {
        copy(['team/app:1']);
        break;
      } catch (error) {
        if (attempt === 20) throw error;
      }
    }
    copy(['team/app:2', 'other:1']);
  });

  afterAll(() => {
    registry?.kill();
    rmSync(folder, { recursive: true, force: true });
    delete process.env['SSL_CERT_FILE'];
    delete process.env['DOCKER_CONFIG'];
  });

  it('is read with the authority and the login that are kept for it', async () => {
    const auth = Buffer.from('tester:secret').toString('base64');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
    process.env['DOCKER_CONFIG'] = folder;
    process.env['SSL_CERT_FILE'] = join(folder, 'certs/ca.crt');
    const { images, unknowns } = await readImages(`${host}/team/app:1`);
    expect(unknowns).toEqual([]);
    expect(images[0]).toMatchObject({ id: sha(image.config), manifestDigests: [sha(image.manifest)], unknowns: [] });
    expect(images[0]?.components.map(({ name }) => name)).toEqual(['musl']);
  });

  it('lists its repositories, their tags and what the tags stand for', async () => {
    process.env['SSL_CERT_FILE'] = join(folder, 'certs/ca.crt');
    const options = { credentials: { username: 'tester', password: 'secret' } };
    const all = async (names: AsyncIterable<string>): Promise<string[]> => {
      const found: string[] = [];
      for await (const name of names) found.push(name);
      return found.sort();
    };
    expect(await all(listRepositories(host, options))).toEqual(['other', 'team/app']);
    expect(await all(listTags(`${host}/team/app`, options))).toEqual(['1', '2']);
    const digest = sha(image.manifest);
    expect(await resolveDigest(`${host}/team/app:2`, options)).toEqual({
      digest,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
    });
    const stranger = { credentials: { username: 'tester', password: 'wrong' } };
    await expect(all(listRepositories(host, stranger))).rejects.toMatchObject({ code: 'registry-refused' });
  });

  it('is not read with a wrong login, nor without its authority', async () => {
    process.env['SSL_CERT_FILE'] = join(folder, 'certs/ca.crt');
    const credentials = { username: 'tester', password: 'wrong' };
    const refused = await readImages(`${host}/team/app:1`, { registry: { credentials } });
    expect(refused.unknowns.map(({ code }) => code)).toEqual(['registry-refused']);
    delete process.env['SSL_CERT_FILE'];
    const untrusted = await readImages(`${host}/team/app:1`);
    expect(untrusted.unknowns).toMatchObject([
      { code: 'registry-unreachable', hint: expect.stringContaining('SSL_CERT_FILE') },
    ]);
  });
});

function writeLayout(folder: string, image: SampleImage): void {
  const write = (path: string, bytes: Buffer | string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  };
  write('oci-layout', '{"imageLayoutVersion":"1.0.0"}');
  for (const bytes of [image.layer, image.config, image.manifest])
    write(`blobs/${sha(bytes).replace(':', '/')}`, bytes);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const annotations = { 'org.opencontainers.image.ref.name': '1' };
  const descriptor = { mediaType, digest: sha(image.manifest), size: image.manifest.length, annotations };
  write('index.json', JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
