import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finish, runCommand, startCommand } from '../testing/run-command.ts';
import { namedRoles, ofAdmission } from './roles.ts';

const EXAMPLE = fileURLToPath(new URL('../../../../examples/estate', import.meta.url));
const SETTING = `apiVersion: breakwater/v1
kind: Setting
metadata: { name: block-privileged }
spec: { policies: [no-privileged-containers], enforcement: { deploy: block } }
`;

const typed = (options: Record<string, string | boolean | string[]>) => ({
  name: 'up',
  positionals: [],
  options,
  state: '/state',
  signal: new AbortController().signal,
});

describe('roles', () => {
  it('are those of an estate where nothing is said, and admission alone or beside them', () => {
    expect(namedRoles(typed({}))).toEqual({ estate: true, ingest: true, admission: false });
    expect(namedRoles(typed({ roles: 'admission' }))).toEqual({ estate: false, ingest: false, admission: true });
    expect(namedRoles(typed({ roles: 'ingest' }))).toEqual({ estate: false, ingest: true, admission: false });
    expect(namedRoles(typed({ roles: 'api,worker' }))).toEqual({ estate: true, ingest: false, admission: false });
    expect(namedRoles(typed({ roles: 'ingest, api,worker,admission' }))).toEqual({
      estate: true,
      ingest: true,
      admission: true,
    });
  });

  it.each(['api', 'worker,admission', 'ingest,admission', 'api,worker,ingest,king', ''])('are not %s', (roles) => {
    expect(() => namedRoles(typed({ roles }))).toThrow(/There is no role|run in one process|only beside the API/);
  });

  it('give admission its own options, and those that it shares', () => {
    const { options, positionals } = ofAdmission(
      typed({ port: '1', 'admission-port': '2', 'admission-failure': 'fail', cluster: ['a'], policies: ['p/'] }),
    );
    const console = 'http://127.0.0.1:1';
    expect([options, positionals]).toEqual([{ port: '2', failure: 'fail', policies: ['p/'], console }, ['serve']]);
    const elsewhere = typed({ port: '1', 'admission-console': 'https://breakwater.example' });
    expect(ofAdmission(elsewhere).options['console']).toBe('https://breakwater.example');
  });
});

describe('up with admission', { timeout: 180_000 }, () => {
  let folder: string;
  let policies: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-roles-'));
    policies = join(folder, 'policies.yaml');
    writeFileSync(policies, SETTING);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const roles = 'api,worker,ingest,admission';
  const args = () => ['up', EXAMPLE, '--roles', roles, '--admission-port', '0', '--port', '0', '--policies', policies];

  it.each<[string, Record<string, string>]>([
    ['beside everything else', {}],
    ['while the database is away', { DATABASE_URL: 'postgresql://127.0.0.1:1/nothing' }],
  ])('refuses what policies block, %s', async (_, environment) => {
    const state = join(folder, 'state');
    const child = startCommand(args(), { folder, state, environment });
    const ended = finish(child);
    const port = await new Promise<number>((resolve, reject) => {
      let said = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /Admission listens on port (\d+)/.exec(said)?.[1];
        if (found !== undefined) resolve(Number(found));
      });
      child.once('exit', () => reject(new Error(said)));
    });
    const ca = readFileSync(join(state, 'admission/tls/ca.crt'));
    expect(await reviewed(port, ca)).toMatchObject({ allowed: false, status: { code: 403 } });
    child.kill('SIGINT');
    expect((await ended).stdout).toContain('Admission listens');
  });

  it('says what is wrong with its options at once', async () => {
    const { code, stderr } = await runCommand([...args(), '--admission-failure', 'perhaps'], {
      folder,
      state: join(folder, 'state'),
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining('--failure takes ignore or fail')]);
  });
});

function reviewed(port: number, ca: Buffer): Promise<object> {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'bad', namespace: 'shop' },
    spec: { containers: [{ name: 'bad', image: 'nginx', securityContext: { privileged: true } }] },
  };
  const kind = { group: '', version: 'v1', kind: 'Pod' };
  const resource = { group: '', version: 'v1', resource: 'pods' };
  const asked = { uid: 'u', operation: 'CREATE', namespace: 'shop', userInfo: { username: 'alice' } };
  const review = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { ...asked, kind, resource, object },
  };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/admit', method: 'POST', ca, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve(JSON.parse(text).response));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(review));
  });
}
