import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BehaviourProfile } from '@breakwater/model';
import { readImages } from '@breakwater/sources/images';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachToRegistry } from './attach-profile.ts';
import { keepAttachedProfiles, readProfilesOfName } from './keep-attached-profiles.ts';
import { signProfile } from './signed-profile.ts';

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
const signal = new AbortController().signal;
const credentials = { username: 'tester', password: 'secret' };

function keys() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    open: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** A port on which nobody listens. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

describe.skipIf(missing.length > 0)(`a profile beside its image in the registry of Docker${unlessMissing}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'profile-registry-'));
  const [ours, theirs] = [keys(), keys()];
  let registry: ChildProcess;
  let name = '';
  let digest = '';

  beforeAll(async () => {
    const port = await freePort();
    name = `localhost:${port}/shop/cart:1`;
    mkdirSync(join(folder, 'certs'));
    const [certificate, key] = [join(folder, 'certs/ca.crt'), join(folder, 'key.pem')];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
    const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    execFileSync('openssl', [...request, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    writeFileSync(join(folder, 'htpasswd'), execFileSync('htpasswd', ['-Bbn', 'tester', 'secret']));
    writeFileSync(
      join(folder, 'registry.yml'),
      `version: 0.1
storage: {filesystem: {rootdirectory: ${folder}/data}}
http: {addr: 127.0.0.1:${port}, tls: {certificate: ${certificate}, key: ${key}}}
auth: {htpasswd: {realm: test, path: ${folder}/htpasswd}}
`,
    );
    registry = spawn('docker-registry', ['serve', join(folder, 'registry.yml')], { stdio: 'ignore' });
    process.env['SSL_CERT_FILE'] = certificate;
    mkdirSync(join(folder, 'root'));
    writeFileSync(join(folder, 'root/app'), 'app');
    execFileSync('tar', ['-C', join(folder, 'root'), '-cf', join(folder, 'layer.tar'), 'app']);
    const target = `docker://${name}`;
    const to = ['--dest-cert-dir', join(folder, 'certs'), '--dest-creds', 'tester:secret', '--format', 'oci', '-q'];
    for (let attempt = 0; ; attempt++) {
      await sleep(300);
      try {
        execFileSync('skopeo', ['copy', ...to, `tarball:${join(folder, 'layer.tar')}`, target], { stdio: 'pipe' });
        break;
      } catch (error) {
        if (attempt === 30) throw error;
      }
    }
    const { images } = await readImages(`registry:${name}`, { registry: { credentials } });
    digest = images[0]?.manifestDigests[0] ?? '';
  });

  afterAll(() => {
    registry?.kill();
    rmSync(folder, { recursive: true, force: true });
    delete process.env['SSL_CERT_FILE'];
  });

  const profile = (object: string, until: string): BehaviourProfile => ({
    ...{ subject: 'shop/cart:1', origin: 'recorded', partial: false, dimensions: ['exec'], until },
    behaviours: [{ dimension: 'exec', actor: '/app', parent: '', object }],
  });
  const attach = (what: BehaviourProfile, secret: string, given: object = { credentials }) =>
    attachToRegistry(name, digest, JSON.stringify(signProfile(what, { name: 'cart', digest }, secret)), {
      ...given,
      signal,
    });

  it('is put and read with the login, and of several that the key signed the last that was recorded counts', async () => {
    const [old, fresh] = [profile('/old', '2026-01-01T00:00:00Z'), profile('/new', '2026-02-01T00:00:00Z')];
    const put = await attach(fresh, ours.secret);
    expect(put).toMatchObject({ subject: digest, listedBy: 'tag' });
    expect(await attach(fresh, ours.secret)).toEqual(put);
    await attach(old, ours.secret);
    await attach(profile('/evil', '2026-03-01T00:00:00Z'), theirs.secret);
    const read = await readProfilesOfName(name, ours.open, { credentials, signal });
    expect(read?.attached.map((one) => one.profile)).toEqual([old, fresh]);
    expect(read?.unknowns.map(({ code }) => code)).toEqual(['profile-unverified']);
  });

  it('is known once the image was read from there, and its registry is not asked again at once', async () => {
    const { images } = await readImages(`registry:${name}`, { registry: { credentials } });
    const documents = new Map<string, unknown>();
    const kept = new Map<string, unknown>();
    const store = {
      behaviour: {
        writeRecorded: async (digests: readonly string[], one: unknown) => {
          for (const own of digests) kept.set(own, one);
        },
      },
      readDocument: async (kind: string) => documents.get(kind),
      writeDocument: async (kind: string, _: string, document: unknown) => void documents.set(kind, document),
    };
    const keep = (now: string) =>
      keepAttachedProfiles([], images, store, { publicKey: ours.open, now, registry: { credentials }, signal });
    expect((await keep('2026-04-01T00:00:00Z')).map(({ code }) => code)).toEqual(['profile-unverified']);
    expect(kept.get(images[0]!.id)).toEqual(profile('/new', '2026-02-01T00:00:00Z'));
    kept.clear();
    expect(await keep('2026-04-01T00:01:00Z')).toEqual([]);
    expect(kept.size).toBe(0);
    await keep('2026-04-01T01:00:00Z');
    expect([...kept.keys()].sort()).toEqual([digest, images[0]!.id].sort());
  });

  it('is not put with a wrong login', async () => {
    const wrong = { credentials: { ...credentials, password: 'wrong' } };
    await expect(attach(profile('/x', ''), ours.secret, wrong)).rejects.toMatchObject({ code: 'registry-refused' });
  });
});
