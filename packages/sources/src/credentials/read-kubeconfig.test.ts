import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ALICE } from './certificate.fixture.ts';
import { readKubeconfigCredentials } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-credentials-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const token = (claims: object): string =>
  ['{"alg":"RS256"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

function read(...users: object[]) {
  const path = join(folder, 'config');
  const config = { apiVersion: 'v1', kind: 'Config', users: users.map((user, index) => ({ name: `u${index}`, user })) };
  writeFileSync(path, JSON.stringify(config));
  return readKubeconfigCredentials(path);
}

const named = ({ kind, namespace, name, groups }: ReturnType<typeof read>['credentials'][number]): string =>
  `${kind} ${namespace}/${name} [${groups}]`;

describe('whose credential it is', () => {
  it('stands in the subject of a client certificate, in the file or beside it', () => {
    writeFileSync(join(folder, 'alice.crt'), ALICE);
    for (const user of [{ 'client-certificate-data': base64(ALICE) }, { 'client-certificate': 'alice.crt' }]) {
      const { credentials, unknowns } = read(user);
      expect([credentials.map(named), unknowns]).toEqual([['User /alice [dev,ops]'], []]);
      expect(credentials[0]?.expires).toBe('2126-10-29T12:04:33.000Z');
    }
  });

  it.each<[string, object, string, string[]]>([
    [
      'a service account',
      {
        sub: 'system:serviceaccount:shop:robot',
        iss: 'https://kubernetes.default.svc',
        exp: 2_000_000_000,
        aud: ['vault'],
      },
      'ServiceAccount shop/robot []',
      [],
    ],
    [
      'a user of an identity provider, by whichever claim the API server takes',
      { sub: '17', iss: 'https://idp.example', email: 'alice@example.org', groups: ['dev'] },
      'User /https://idp.example#17 [dev]',
      ['alice@example.org', '17'],
    ],
  ])('stands in the claims of a token: %s', (_, claims, who, others) => {
    const [credential] = read({ token: token(claims) }).credentials;
    expect([named(credential!), credential!.otherNames]).toEqual([who, others]);
  });

  it('is the node that joins, of a bootstrap token', () => {
    expect(read({ token: 'abcdef.0123456789abcdef' }).credentials.map(named)).toEqual([
      'User /system:bootstrap:abcdef [system:bootstrappers]',
    ]);
  });

  it.each<[string, object, string]>([
    ['a plug-in, which is not run', { exec: { command: 'touch', args: [join(folder, 'ran')] } }, 'is not run'],
    ['a token that says nothing', { token: 'opaque' }, 'does not say whose it is'],
    ['a broken certificate', { 'client-certificate-data': base64('-----BEGIN CERTIFICATE-----\nx') }, 'does not say'],
    ['a file that is not there', { tokenFile: '/nowhere/token' }, 'does not say'],
    ['a device', { tokenFile: '/dev/zero' }, 'does not say'],
    ['nothing', {}, 'no credential'],
  ])('is not known of %s', (_, user, message) => {
    const { credentials, unknowns } = read(user);
    expect(credentials).toEqual([]);
    expect(unknowns.map(({ code }) => code)).toEqual(['credential-unnamed']);
    expect(unknowns[0]?.message).toContain(message);
    expect(() => read({ tokenFile: join(folder, 'ran') })).not.toThrow();
  });

  it('is told without the credential', () => {
    const secret = token({ sub: 'alice', iss: 'x', jti: 'very-secret' });
    expect(JSON.stringify(read({ token: secret, username: 'bob', password: 'very-secret' }))).not.toMatch(
      new RegExp(`very-secret|${secret.split('.')[1]}`),
    );
  });
});

describe('files of strangers', () => {
  it.each([
    ['no YAML', '{{'],
    ['something else', 'kind: Pod\nusers: []'],
    ['no users', 'kind: Config'],
    ['nothing', ''],
  ])('that hold %s are no kubeconfigs', (_, text) => {
    const path = join(folder, 'other');
    writeFileSync(path, text);
    expect(() => readKubeconfigCredentials(path)).toThrow('cannot be read as a kubeconfig');
    expect(() => readKubeconfigCredentials(join(folder, 'missing'))).toThrow('cannot be read as a kubeconfig');
  });

  it('never break more than themselves', () => {
    const value = fc.oneof(fc.string(), fc.constant(token({ sub: { __proto__: 1 }, groups: [[], 1] })), fc.anything());
    const user = fc.dictionary(
      fc.constantFrom('token', 'tokenFile', 'client-certificate-data', 'exec', 'username', 'auth-provider'),
      value,
    );
    fc.assert(
      fc.property(user, (fields) => {
        // Refused as a whole, as below: arbitrary objects have such a key now and then.
        fc.pre(!JSON.stringify(fields).includes('"__proto__":'));
        const { credentials, unknowns } = read(fields);
        expect(credentials.length + unknowns.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
    writeFileSync(join(folder, 'config'), '{"users": [{"name": "a", "user": {"__proto__": {"token": "x"}}}]}');
    expect(() => readKubeconfigCredentials(join(folder, 'config'))).toThrow('cannot be read');
  });
});
