import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entropyOf } from './entropy.ts';
import { findSecrets, fingerprintOf } from './index.ts';
import { vendorRules } from './rules/vendors.ts';
import { tokenRules } from './tokens.ts';

/** Text that looks made by chance, the same in every run, and is written nowhere in this file. */
function made(alphabet: string, length: number, seed = 7): string {
  let state = seed;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    text += alphabet[(state >>> 16) % alphabet.length];
  }
  return text;
}

const lower = 'abcdefghijklmnopqrstuvwxyz0123456789';
const mixed = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${lower}`;
const found = (text: string, path?: string) =>
  findSecrets(text, path === undefined ? {} : { path }).map(({ rule, startLine }) => [rule, startLine]);

const notations: [string, (name: string, value: string) => string][] = [
  ['ini', (name, value) => `${name}Token=${value}`],
  ['JSON', (name, value) => `{\n    "${name}_token": "${value}"\n}`],
  ['JSON in JSON', (name, value) => `{"config": "{\\"${name}_token\\": \\"${value}\\"}"}`],
  ['YAML', (name, value) => `${name}_token: ${value}`],
  ['quoted YAML', (name, value) => `${name}_token: '${value}'`],
  ['Go', (name, value) => `${name}Token := "${value}"`],
  ['Java', (name, value) => `String ${name}Token = "${value}";`],
  ['Python', (name, value) => `${name}Token = '${value}'`],
  ['PHP', (name, value) => `$${name}Token .= "${value}"`],
  ['make', (name, value) => `${name}_TOKEN ?= "${value}"`],
  ['make at once', (name, value) => `${name}_TOKEN ::= "${value}"`],
  ['Ruby', (name, value) => `"${name}Token" => "${value}"`],
  ['XML', (name, value) => `<${name}Token>\n    ${value}\n</${name}Token>`],
  ['shell', (name, value) => `export ${name.toUpperCase()}_TOKEN=${value} && run`],
];

describe('secrets that show what they are', () => {
  const formed = tokenRules.filter(({ body, before }) => before === undefined && !body.source.includes('(?='));

  it.each(formed.flatMap((rule) => rule.anchors.map((anchor) => [rule.rule, anchor, rule] as const)))(
    'of kind %s (%s) are found wherever they stand',
    (name, anchor, { body, entropy, context }) => {
      const forms = fc.stringMatching(new RegExp(`^${body.source}$`));
      const secret = fc
        .sample(forms, { numRuns: 200, seed: 42 })
        .map((rest) => anchor + rest)
        .find(
          (one) => entropyOf(one) >= Math.max(entropy, 3.2) && !/(.)\1{9}|[.-]$|EXAMPLE/.test(one.slice(anchor.length)),
        );
      expect(secret).toBeDefined();
      const spoken = context === undefined ? '' : `${context.source.split('|')[0]} `;
      expect(found(`${spoken}first line\n"${secret}"\n`).map(([rule]) => rule)).toEqual([name]);
    },
    20_000,
  );

  it.each(notations)('are found in %s, also where the name says more than the value', (_, write) => {
    const silent = vendorRules
      .filter(({ words, form }) => form.test(made(lower, 32)) && words[0] !== 'drone')
      .map(({ words }) => write(words[0]!, made(lower, 32)));
    expect(silent.length).toBeGreaterThan(5);
    for (const text of silent) expect(findSecrets(text), text).toHaveLength(1);
  });

  it('are not found in longer words, in what is filled up, and in samples', () => {
    const key = `AKIA${made('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`;
    expect(found(key)).toEqual([['aws-access-key', 1]]);
    expect(found(`X${key}`)).toEqual([]);
    expect(found(`${key}X`)).toEqual([]);
    expect(found(`AKIA${'X'.repeat(16)}`)).toEqual([]);
    expect(found('AKIAIOSFODNN7EXAMPLE')).toEqual([]);
  });
});

describe('secrets in something longer', () => {
  const password = made(mixed, 14);
  it.each<[string, string, string]>([
    ['an address', `url: postgres://shop:${password}@db.example.org:5432/shop`, 'password-in-address'],
    ['a header', `curl -H "Authorization: Bearer ${made(mixed, 40)}" https://x`, 'authorization-header'],
    ['a call of curl', `curl -u admin:${password} https://x`, 'curl-login'],
    ['a header without a scheme', `curl -H 'Authorization: ${made(mixed, 30)}' https://x`, 'authorization-header'],
    ['a header of its own', `curl -H 'X-Api-Key: ${made(lower, 20)}' https://x`, 'key-header'],
    ['a chat', `https://api.telegram.org/bot${made('0123456789', 9)}:A${made(mixed, 34)}/send`, 'telegram-token'],
    ['a key', `-----BEGIN RSA PRIVATE KEY-----\n${made(mixed, 64)}\n-----END RSA PRIVATE KEY-----`, 'private-key'],
    [
      'a key on one line',
      `{"k": "-----BEGIN PRIVATE KEY-----\\n${made(mixed, 64)}\\n-----END PRIVATE KEY-----"}`,
      'private-key',
    ],
    ['a Secret', `kind: Secret\napiVersion: v1\ndata:\n  a: ${made(mixed, 20)}==\n`, 'kubernetes-secret'],
    ['a folded Secret', `kind: Secret\ndata:\n  a: >\n    ${made(mixed, 20)}==\n`, 'kubernetes-secret'],
  ])('are found: %s', (_, text, rule) => {
    expect(found(text).map(([one]) => one)).toEqual([rule]);
  });

  it.each([
    ['an address with a variable', 'url: postgres://shop:$' + '{DB_PASSWORD}@db/shop'],
    ['an address in a handbook', 'url: postgres://user:password@host/name'],
    ['a header with a variable', 'Authorization: Bearer $TOKEN'],
    ['a public key', `-----BEGIN PUBLIC KEY-----\n${made(mixed, 64)}\n-----END PUBLIC KEY-----`],
    ['a key that is missing', '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----'],
    ['a Secret of a template', 'kind: Secret\ndata:\n  a: {{ .Values.password | b64enc }}\n'],
    ['an ExternalSecret', `kind: ExternalSecret\ndata:\n  a: ${made(mixed, 20)}\n`],
    ['a name of a secret', 'secretName: shop-database-7f9c2\ntokenFile: /var/run/token-1a2b3c4d5e'],
    ['a version', 'api_version=9a038989604e8da62ecddbe2094b16ce1b778be1'],
    ['a reference', 'password: vault:secret/data/shop#password1234\ntoken: ref+awssm://shop/t0ken1234'],
    ['a constant', 'exports.AuthenticationMD5Password = AuthenticationMD5Password'],
  ])('are not found in %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it('are settings in files of variables, where short passwords count too', () => {
    const word = ['blue', 'whale'].join('');
    expect(found(`db_password = "${word}"\nother = var.db_password`, 'main.tf').map(([, line]) => line)).toEqual([1]);
    expect(found(`DB_PASSWORD=${word}\n`, '.env')).toHaveLength(1);
    expect(found(`DB_PASSWORD=${word}\n`, 'notes.md')).toEqual([]);
    expect(found('DB_PASSWORD=$' + '{OTHER}\npassword = var.db_password', '.env')).toEqual([]);
  });

  it('are told by the name of a file that is no text', () => {
    expect(found('\u0000', 'certs/shop.p12')).toEqual([['pkcs12-file', 1]]);
  });
});

describe('findings', () => {
  it('have places, and never the secret', () => {
    const secret = `ghp_${made(mixed, 36)}`;
    const [one, two] = findSecrets(`a\n  token: ${secret}\n\nb = ${secret}`);
    expect([one?.startLine, two?.startLine]).toEqual([2, 4]);
    expect(one?.fingerprint).toBe(two?.fingerprint);
    expect(JSON.stringify([one, two])).not.toContain(secret.slice(4, 12));
    expect(fingerprintOf(secret)).toHaveLength(4);
  });

  it('never overlap, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'token=',
            'ghp_',
            'eyJ',
            '"',
            '\n',
            '://',
            '@',
            ':',
            'kind: Secret\n',
            'data:\n',
            made(mixed, 36),
            'x',
          ),
        ),
        (parts) => {
          const text = parts.join('');
          let last = 0;
          for (const { start, end, startLine, endLine } of findSecrets(text)) {
            expect(start).toBeGreaterThanOrEqual(last);
            expect(end).toBeLessThanOrEqual(text.length);
            expect(endLine).toBeGreaterThanOrEqual(startLine);
            last = end;
          }
        },
      ),
    );
  });

  it.each([
    'token=',
    'eyJ',
    '://',
    'a://b:',
    'curl -u ',
    '-----BEGIN PRIVATE KEY-----',
    'Authorization: ',
    'kind: Secret\ndata:\n',
  ])('take time that grows with the text, not with its square: %s', (part) => {
    const cpu = (times: number) => {
      const text = part.repeat(times);
      const start = process.cpuUsage().user;
      findSecrets(text);
      return process.cpuUsage().user - start;
    };
    const length = 40_000 / part.length;
    cpu(length);
    expect(cpu(length * 16)).toBeLessThan(Math.max(cpu(length), 4000) * 64);
  });
});
