import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPurl, packageName, parsePurl } from './purl.ts';

describe('package URLs', () => {
  it.each([
    [
      'pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie',
      { type: 'deb', namespace: 'debian', name: 'curl', version: '7.50.3-1' },
    ],
    ['pkg:deb/debian/mount@1:2.38-1%2Bb1', { name: 'mount', version: '1:2.38-1+b1' }],
    ['pkg:npm/%40angular/animation@12.3.1', { namespace: '@angular', name: 'animation', version: '12.3.1' }],
    ['pkg:npm/foobar@12.3.1', { name: 'foobar', version: '12.3.1' }],
    [
      'pkg:golang/google.golang.org/genproto#googleapis/api/annotations',
      { namespace: 'google.golang.org', name: 'genproto', subpath: 'googleapis/api/annotations' },
    ],
    [
      'pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?classifier=sources&repository_url=repo.spring.io%2Frelease',
      { qualifiers: { classifier: 'sources', repository_url: 'repo.spring.io/release' } },
    ],
    ['pkg:oci/etcd@sha256:51ea?repository_url=registry.k8s.io%2Fetcd', { name: 'etcd', version: 'sha256:51ea' }],
    ['pkg:golang/github.com/ProtonMail/bridge@v1.8.0', { namespace: 'github.com/ProtonMail', name: 'bridge' }],
  ])('reads %s and writes it again', (text, parts) => {
    const purl = parsePurl(text);
    expect(purl).toMatchObject(parts);
    expect(purl && formatPurl(purl)).toBe(text);
  });

  it.each([
    ['PKG:NPM/foo@1', 'pkg:npm/foo@1'],
    ['pkg:///pypi//Django_Thing@1.0', 'pkg:pypi/django-thing@1.0'],
    ['pkg:npm/@babel/core@7.0.0', 'pkg:npm/%40babel/core@7.0.0'],
    ['pkg:npm/@babel/core', 'pkg:npm/%40babel/core'],
    ['pkg:rpm/Fedora/curl@1?ARCH=i386&epoch=', 'pkg:rpm/fedora/curl@1?arch=i386'],
    ['pkg:composer/Laravel/Framework@v1', 'pkg:composer/laravel/framework@v1'],
    ['pkg:deb/debian/a@1?b=2&a=1', 'pkg:deb/debian/a@1?a=1&b=2'],
  ])('brings %s to its canonical form', (text, canonical) => {
    expect(formatPurl(parsePurl(text)!)).toBe(canonical);
  });

  it.each([
    'invalid-purl-format',
    '',
    'pkg:',
    'pkg:npm',
    'pkg:npm/',
    'pkg:1npm/a',
    'pkg:npm/a@%zz',
    'pkg:npm/a?b',
    `pkg:npm/${'a'.repeat(5000)}`,
  ])('refuses %s', (text) => expect(parsePurl(text)).toBeUndefined());

  it('never throws, and what it reads it reads again alike', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `pkg:npm/${text}`),
        ),
        (text) => {
          const purl = parsePurl(text);
          if (purl) expect(parsePurl(formatPurl(purl))).toEqual(purl);
        },
      ),
    );
  });

  it('keeps every name, version and qualifier through writing and reading', () => {
    const word = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/^[/]*$/.test(text));
    fc.assert(
      fc.property(word, word, word, (name, version, value) => {
        const purl = { type: 'generic', name: name.replaceAll('/', ''), version, qualifiers: { upstream: value } };
        if (purl.name !== '') expect(parsePurl(formatPurl(purl))).toEqual(purl);
      }),
    );
  });

  it('does not take __proto__ as a qualifier', () => {
    expect(parsePurl('pkg:npm/a?__proto__=1')).toBeUndefined();
  });

  it('names packages as advisories do', () => {
    const nameOf = (text: string) => packageName(parsePurl(text)!);
    expect(nameOf('pkg:npm/%40babel/core@7')).toBe('@babel/core');
    expect(nameOf('pkg:maven/org.slf4j/slf4j-api@1')).toBe('org.slf4j:slf4j-api');
    expect(nameOf('pkg:golang/github.com/a/b@v1')).toBe('github.com/a/b');
    expect(nameOf('pkg:deb/debian/libssl3@3')).toBe('libssl3');
  });
});
