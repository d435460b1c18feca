import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from './challenge.ts';
import { choosePlatform, hostPlatform } from './platform.ts';
import { formatReference, looksLikeReference, parseReference } from './reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('a reference', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.25', 'docker.io/library/nginx:1.25'],
    ['team/app', 'docker.io/team/app:latest'],
    ['index.docker.io/nginx', 'docker.io/library/nginx:latest'],
    ['localhost/app:1', 'localhost/app:1'],
    ['localhost:5000/app', 'localhost:5000/app:latest'],
    ['[::1]:5000/app:1', '[::1]:5000/app:1'],
    ['ghcr.io/a/b_c/d--e:v1.0_x', 'ghcr.io/a/b_c/d--e:v1.0_x'],
    [`ghcr.io/a@${digest}`, `ghcr.io/a@${digest}`],
    [`a:1@${digest}`, `docker.io/library/a:1@${digest}`],
  ])('%s is %s', (target, full) => {
    expect(formatReference(parseReference(target)!)).toBe(full);
    expect(looksLikeReference(target)).toBe(true);
  });

  it.each([
    '',
    './app',
    '/app',
    'app/',
    'a//b',
    'Team/App',
    'app:',
    'app:-x',
    'app@sha256:abc',
    'app@md5:abc',
    '../x',
    'a b',
    '-a.example/app',
    'https://a.example/b',
    `${'a/'.repeat(200)}b`,
    'image.tar',
    'deploy/app.yaml',
    'bom.cdx.json',
  ])('%s is none', (target) => expect(looksLikeReference(target)).toBe(false));

  it('survives being written and read again', () => {
    const part = fc.stringMatching(/^[a-z0-9]+(?:[._-][a-z0-9]+)?$/).filter((text) => text.length < 20);
    const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(path, fc.stringMatching(/^\w[\w.-]{0,20}$/), (repository, tag) => {
        const reference = parseReference(`registry.example/${repository}:${tag}`);
        expect(reference).toEqual({ registry: 'registry.example', repository, tag });
        expect(parseReference(formatReference(reference!))).toEqual(reference);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void looksLikeReference(text)));
  });
});

describe('challenges', () => {
  const parse = (header: string) =>
    parseChallenges(header)?.map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

  it('are read by the grammar, several of them too', () => {
    expect(parse('Bearer realm="https://a/t?x=1,2",service="s \\"q\\"", scope=pull, Basic realm="b"')).toEqual([
      ['bearer', { realm: 'https://a/t?x=1,2', service: 's "q"', scope: 'pull' }],
      ['basic', { realm: 'b' }],
    ]);
    expect(parse('Negotiate, Basic realm=""')).toEqual([
      ['negotiate', {}],
      ['basic', { realm: '' }],
    ]);
  });

  it.each(['Bearer realm="a', 'realm="a"', 'Bearer realm=', 'Bearer a="1" b="2"', 'Bearer a=1, a=2', ', Basic'])(
    'that break it are none: %s',
    (header) => expect(parseChallenges(header)).toBeUndefined(),
  );

  it('of any kind end', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseChallenges(text)));
    expect(parseChallenges(`Bearer ${'a="1",'.repeat(10_000)}`)).toBeUndefined();
  });
});

describe('a platform', () => {
  const offer = (os: string, architecture: string, variant?: string) => ({ platform: { os, architecture, variant } });
  const offers = [offer('linux', 'arm', 'v6'), offer('linux', 'arm', 'v7'), offer('linux', 'arm64', 'v8'), {}];

  it('is chosen by its variant, else by what fits', () => {
    expect(choosePlatform(offers, 'linux/arm/v7')).toBe(offers[1]);
    expect(choosePlatform(offers, 'linux/arm64')).toBe(offers[2]);
    expect(choosePlatform(offers, 'linux/arm/v5')).toBeUndefined();
    expect(choosePlatform([offer('linux', 'arm')], 'linux/arm/v7')).toBeDefined();
    expect(choosePlatform(offers, 'windows/amd64')).toBeUndefined();
    expect([hostPlatform('x64'), hostPlatform('arm64')]).toEqual(['linux/amd64', 'linux/arm64']);
  });
});
