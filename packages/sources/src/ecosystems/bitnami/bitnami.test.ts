import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classifiers } from '../classifiers/classifiers.ts';
import { bitnami } from './bitnami.ts';

const recorded = '../shared/inventories/sbom/spdx';
const read = (name: string, bytes: Buffer) =>
  bitnami.parse([{ path: `opt/bitnami/${name}/.spdx-${name}.spdx`, bytes }], { target: 'test' });

describe('images of Bitnami', () => {
  it.each([
    ['opt/bitnami/redis/.spdx-redis.spdx', true],
    ['opt/bitnami/redis/.spdx-other.spdx', false],
    ['opt/bitnami/redis/sub/.spdx-redis.spdx', false],
    ['home/opt/bitnami/redis/.spdx-redis.spdx', false],
  ])('have a document at %s: %s', (path, wanted) => {
    expect(bitnami.wants(path)).toBe(wanted);
  });

  it('are described by their documents, not by what their programs say', () => {
    const file = {
      path: 'opt/bitnami/redis/bin/redis-server',
      bytes: Buffer.from('[{"name":"redis","version":"7.2.4"}]'),
      distilled: true as const,
    };
    const tree = (path: string) => ({ resolve: () => undefined, isFile: (asked: string) => asked === path });
    const found = (path: string): number =>
      classifiers.parse([file], { target: 'test', tree: tree(path) }).components.length;
    expect([found('opt/bitnami/redis/.spdx-redis.spdx'), found('opt/bitnami/nginx/.spdx-nginx.spdx')]).toEqual([0, 1]);
  });

  it('say of documents that name nothing that they were not read', () => {
    expect(read('a', Buffer.from('{"packages":[{"externalRefs":[7]}]}'))).toMatchObject({
      components: [],
      unknowns: [{ place: { path: '/opt/bitnami/a/.spdx-a.spdx' } }],
    });
  });

  it.skipIf(!existsSync(recorded)).each([
    [
      'postgresql',
      ['postgresql 15.3.0', 'geos 3.8.3', 'proj 6.3.2', 'gdal 3.7.1'],
      'cpe:2.3:a:postgresql:postgresql:15.3.0:*:*:*:*:*:*:*',
    ],
    [
      'elasticsearch',
      ['elasticsearch 8.9.1', 'co.elastic.apm:apm-agent 1.36.0'],
      'cpe:2.3:a:elastic:elasticsearch:8.9.1:*:*:*:*:*:*:*',
    ],
  ])('are read as recorded: %s (skipped without ../shared/inventories)', (name, expected, cpe) => {
    const { components, unknowns } = read(name, readFileSync(`${recorded}/bitnami-${name}.spdx.json`));
    expect(components.map((item) => `${item.name} ${item.version}`)).toEqual(expect.arrayContaining(expected));
    expect([components[0]?.cpes, components[0]?.ecosystem, unknowns]).toEqual([[cpe], 'Bitnami', []]);
  });
});
