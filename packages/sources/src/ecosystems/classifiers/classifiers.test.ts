import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLASSIFIERS, classifiers, distillerOf } from './classifiers.ts';
import { EXAMPLE_EXECUTABLE } from './example-executable.ts';
import type { Recognised } from './text-search.ts';

const folder = '../shared/images/binaries/classifier-snippets';
const SNIPPET = '### byte snippet to follow ###\n';

function recognise(path: string, content: Buffer, piece?: number): string[] {
  const distiller = distillerOf(path);
  const stream = piece === undefined ? undefined : distiller?.stream?.();
  for (let at = 0; piece !== undefined && at < content.length; at += piece)
    stream?.write(content.subarray(at, at + piece));
  const facts = stream === undefined ? distiller?.whole(content) : stream.end();
  return facts === undefined
    ? []
    : (JSON.parse(facts.toString()) as Recognised[]).map(({ name, version }) => `${name} ${version}`);
}

describe('classifiers', () => {
  it('has a mark and one group, the version, for each pattern', () => {
    for (const { name, marks } of CLASSIFIERS) {
      expect(marks.length, name).toBeGreaterThan(0);
      for (const { near, pattern } of marks) {
        expect(near.length, name).toBeGreaterThan(2);
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
        expect(recognise('usr/sbin/nginx', content, piece)).toEqual(['nginx 1.25.1']);
      }),
      { numRuns: 200 },
    );
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
    const binary = fixtures.filter(({ fixture }) => !ELSEWHERE.has(fixture.split('/')[0]!));

    it.each(binary)('recognises $fixture', ({ files, packages }) => {
      const found = new Set(
        files.flatMap((file) => {
          const content = readFileSync(`${folder}/${file}`);
          const at = content.indexOf(SNIPPET);
          return recognise(file, at === -1 ? content : content.subarray(at + SNIPPET.length));
        }),
      );
      expect([...found].sort()).toEqual(packages.map((item) => `${item.name} ${item.version}`).sort());
    });

    it('leaves few fixtures to others', () => {
      expect(binary.length).toBeGreaterThan(150);
    });
  });
});

/** Programs of Go, whose build information names them, and programs known by text files beside them. */
const ELSEWHERE = new Set([
  ...['auditbeat', 'consul', 'elastic-agent', 'filebeat', 'grafana', 'heartbeat', 'helm', 'istio_pilot-agent'],
  ...['istio_pilot-discovery', 'metricbeat', 'nginx-ingress-controller', 'packetbeat', 'traefik', 'vault'],
  ...['elixir', 'firefox', 'go-version-hint', 'wp'],
]);

interface Fixture {
  fixture: string;
  files: string[];
  packages: { name: string; version: string }[];
}
