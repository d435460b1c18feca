import { existsSync, readFileSync } from 'node:fs';
import type { Component } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLASSIFIERS, classifiers, distillerOf } from './classifiers.ts';
import { cpesOf } from './cpes.ts';
import { EXAMPLE_EXECUTABLE } from './example-executable.ts';

/** No advisories are of purls of this kind. */
const OTHERWISE = ['pkg:github/fluent/', 'pkg:generic/'] as const;
const folder = '../shared/images/binaries/classifier-snippets';
const SNIPPET = '### byte snippet to follow ###\n';

function factsOf(path: string, content: Buffer, piece?: number): Buffer | undefined {
  const distiller = distillerOf(path, true);
  const stream = piece === undefined ? undefined : distiller?.stream?.();
  for (let at = 0; piece !== undefined && at < content.length; at += piece)
    stream?.write(content.subarray(at, at + piece));
  return stream === undefined ? distiller?.whole(content) : stream.end();
}

function recognise(path: string, content: Buffer, piece?: number): Component[] {
  const bytes = factsOf(path, content, piece);
  return bytes === undefined
    ? []
    : classifiers.parse([{ path, bytes, distilled: true }], { target: 'test' }).components;
}

describe('classifiers', () => {
  it('has a mark and one group, the version, for each pattern', () => {
    for (const { name, marks, products, file } of CLASSIFIERS) {
      expect(file.source, name).toMatch(/^\^.*\$$/);
      expect(marks.length, name).toBeGreaterThan(0);
      for (const product of products) expect(product, name).toMatch(/^[^:]+:[^:]+$/);
      for (const { near, pattern } of marks) {
        expect(near.length, name).toBeGreaterThan(1);
        expect(new RegExp(`${pattern.source}|`).exec('')!.length, name).toBe(2);
      }
    }
  });

  it('looks only into executables', () => {
    const head = (bytes: Buffer): unknown => classifiers.distil!({ path: 'usr/sbin/nginx', size: 1000, bytes });
    expect(head(Buffer.from('#!/bin/sh\nexec nginx'))).toBeUndefined();
    expect(head(Buffer.from(EXAMPLE_EXECUTABLE))).toBeDefined();
  });

  it('leaves files of the operating system to its packages', () => {
    const file = {
      path: 'usr/sbin/nginx',
      bytes: Buffer.from('[{"name":"nginx","version":"1.25.1"}]'),
      distilled: true as const,
    };
    const parse = (isPackaged: (path: string) => boolean): number =>
      classifiers.parse([file], { target: 'test', isPackaged }).components.length;
    expect([parse((path) => path === '/usr/sbin/nginx'), parse(() => false)]).toEqual([0, 1]);
  });

  it('finds in pieces of any size what it finds in the whole', () => {
    const content = Buffer.concat([
      Buffer.alloc(3000),
      Buffer.from('nginx version: nginx/1.25.1\n\0'),
      Buffer.alloc(3000),
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 }), (piece) => {
        expect(recognise('usr/sbin/nginx', content, piece)).toMatchObject([{ name: 'nginx', version: '1.25.1' }]);
      }),
      { numRuns: 200 },
    );
  });

  it('gives each program the names that NVD may know it by, with what is special in them marked', () => {
    expect(cpesOf(['erlang:erlang/otp'], '17.0.2+8')).toEqual([
      'cpe:2.3:a:erlang:erlang\\/otp:17.0.2\\+8:*:*:*:*:*:*:*',
    ]);
  });

  it('takes a program and its library for one installation', () => {
    const bytes = Buffer.from('[{"name":"python","version":"3.12.1"}]');
    const files = ['usr/local/bin/python3.12', 'usr/local/lib/libpython3.12.so.1.0'];
    const found = classifiers.parse(
      files.map((path) => ({ path, bytes, distilled: true })),
      { target: 'test' },
    );
    expect(found.components).toMatchObject([{ name: 'python', files: files.map((path) => `/${path}`) }]);
  });

  it('believes of Java the release file in its home, which names who built it', () => {
    const text = 'IMPLEMENTOR="Eclipse Adoptium"\nJAVA_RUNTIME_VERSION="17.0.9+9"\nJAVA_VERSION="17.0.9"\n';
    const content = Buffer.from(text);
    const path = 'opt/java/openjdk/release';
    const release = classifiers.distil!({ path, size: content.length, bytes: content.subarray(0, 64) })!.whole(content);
    const program = {
      path: 'opt/java/openjdk/bin/java',
      bytes: Buffer.from('[{"name":"openjdk","version":"17.0.9"}]'),
    };
    const other = { ...program, path: 'usr/lib/jvm/other/bin/java' };
    const files = [{ path, bytes: release! }, program, other].map((file) => ({ ...file, distilled: true as const }));
    expect(classifiers.parse(files, { target: 'test' }).components).toMatchObject([
      {
        name: 'openjdk',
        version: '17.0.9+9',
        vendor: 'Eclipse Adoptium',
        files: [`/${path}`, '/opt/java/openjdk/bin/java'],
      },
      { name: 'openjdk', version: '17.0.9', files: ['/usr/lib/jvm/other/bin/java'] },
    ]);
  });

  it.each([
    ['etc/release', 'NAME="Debian"\n'],
    ['etc/release', 'Debian GNU/Linux 12\n'],
    ['opt/release', 'JAVA_VERSION="<b>"\n'],
    ['opt/VERSION', '1.21\n'],
    ['opt/VERSION', 'node go1.21\n'],
  ])('takes %s of %j for no runtime', (path, text) => {
    const content = Buffer.from(text);
    const head = { path, size: content.length, bytes: content.subarray(0, 64) };
    expect(classifiers.distil!(head)?.whole(content)).toBeUndefined();
  });

  it('takes time by the size of a file, also where a mark is everywhere', () => {
    const content = Buffer.from('\x001.'.repeat(2_000_000), 'latin1');
    const start = performance.now();
    expect(recognise('usr/bin/envoy', content)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  describe.skipIf(!existsSync(folder))('recorded binaries (skipped without ../shared/images)', () => {
    const { fixtures = [] } = existsSync(folder)
      ? (JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as { fixtures?: Fixture[] })
      : {};

    it.each(fixtures)('recognises $fixture', ({ files, packages }) => {
      const found = new Set(
        files.flatMap((file) => {
          const content = readFileSync(`${folder}/${file}`);
          const at = content.indexOf(SNIPPET);
          const found = recognise(file, at === -1 ? content : content.subarray(at + SNIPPET.length));
          for (const { cpes, guessedFrom } of found) {
            expect(cpes!.length).toBeGreaterThan(0);
            expect(guessedFrom).toBe('text');
          }
          return found.map(({ purl }) => purl);
        }),
      );
      expect([...found].sort()).toEqual([...new Set(packages.map(({ purl }) => purl.replace(...OTHERWISE)))].sort());
    });

    it('are all', () => {
      expect(fixtures.length).toBe(258);
    });
  });
});

interface Fixture {
  fixture: string;
  files: string[];
  packages: { purl: string }[];
}
