import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { recogniseInputs } from './recognise-inputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-inputs-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string | Buffer): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const OSV = JSON.stringify({ id: 'X-1', modified: '2026-01-01T00:00:00Z', affected: [] });
const EXCEPTION = 'apiVersion: breakwater/v1\nkind: Exception\nmetadata: { name: all }\n';

function zip(name: string): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32BE(0x504b0304, 0);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name)]);
}

describe('what a path holds', () => {
  it.each([
    ['a bill of materials', 'bom.json', '{"bomFormat":"CycloneDX","specVersion":"1.6"}', 'sboms'],
    ['CycloneDX in XML', 'bom.xml', '<bom xmlns="http://cyclonedx.org/schema/bom/1.5"/>', 'sboms'],
    ['SPDX in tags', 'bom.spdx', 'SPDXVersion: SPDX-2.3\n', 'sboms'],
    ['SPDX in YAML', 'bom.spdx.yaml', 'SPDXID: "SPDXRef-DOCUMENT"\nspdxVersion: "SPDX-2.3"\n', 'sboms'],
    ['SPDX in RDF', 'bom.rdf', '<rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#"/>', 'sboms'],
    ['an attested bill', 'a.intoto.jsonl', '{"_type":"x","predicateType":"https://spdx.dev/Document"}', 'sboms'],
    ['what Syft writes', 'syft.json', '{"artifacts":[{"id":"1","name":"a"}]}', 'sboms'],
    ['an advisory', 'adv/x.json', OSV, 'advisories'],
    ['advisories, one a line', 'adv/x.jsonl', `${OSV}\n${OSV}\n`, 'advisories'],
    ['scores', 'adv/epss.csv', 'cve,epss,percentile\n', 'advisories'],
    ['zipped advisories', 'adv/all.zip', zip('X-1.json'), 'advisories'],
    [
      'events',
      'e.jsonl',
      '{"process_exec":{"process":{"binary":"/bin/sh"}},"time":"2026-01-01T00:00:00Z"}\n',
      'events',
    ],
    [
      'what was learned',
      'web.json',
      '{"version":1,"subject":"a/Deployment/b","budget":{"alerts":1,"hours":6}}',
      'profiles',
    ],
    ['a report of another tool', 'trivy.json', '{"SchemaVersion":2,"ArtifactName":"a","Results":[]}', 'reports'],
    ['a log of findings', 'scan.sarif', '{"version":"2.1.0","runs":[{"tool":{}}]}', 'reports'],
    ['a root file system', 'root/etc/os-release', 'ID=debian\n', 'images'],
  ] as const)('%s is recognised by content', async (name, path, content, kind) => {
    write(join('each', name, path), content);
    const inputs = await recogniseInputs([join(folder, 'each', name)]);
    expect(inputs[kind]).toHaveLength(1);
  });

  it.each([
    ['a chart that is packed', 'chart-1.0.tgz', Buffer.from('not a tar')],
    ['sources that are packed', 'src.zip', zip('main.ts')],
    ['a table', 'table.csv', 'a,b\n1,2\n'],
    ['settings of a project', 'settings.json', '{"name":"a","version":"1","results":[]}'],
  ] as const)('%s is none of it', async (name, path, content) => {
    write(join('none', name, path), content);
    const inputs = await recogniseInputs([join(folder, 'none', name)]);
    expect([...inputs.images, ...inputs.advisories, ...inputs.sboms, ...inputs.events, ...inputs.reports]).toEqual([]);
  });

  it('is told where an archive that is found is no image, broken or other', async () => {
    write('found/broken.tar', 'nothing');
    const { unknowns } = await recogniseInputs([join(folder, 'found')]);
    expect(unknowns.map(({ code }) => code)).toEqual(['archive-unrecognised']);
  });

  it('is an image where an archive is named itself, however broken', async () => {
    const path = write('named/broken.tar', 'nothing');
    expect((await recogniseInputs([path])).images).toEqual([path]);
  });

  it.each(['registry.example/shop/cart:2.9', 'localhost:5000/cart', 'nginx:1.29', `cart@sha256:${'a'.repeat(64)}`])(
    '%s is an image of a registry',
    async (target) => {
      expect((await recogniseInputs([target])).images).toEqual([target]);
    },
  );

  it.each(['k8s', 'deploy/prod', 'cart.tar'])('%s is a path that is missing, not an image', async (target) => {
    await expect(recogniseInputs([target])).rejects.toMatchObject({ code: 'path-missing' });
  });

  it('is refused where there is nothing', async () => {
    await expect(recogniseInputs([join(folder, 'gone')])).rejects.toMatchObject({ code: 'path-missing' });
  });
});

describe('policies and exceptions', () => {
  it('are in force when they are named', async () => {
    const path = write('rules/exception.yaml', EXCEPTION);
    expect((await recogniseInputs([path])).policies).toEqual([path]);
  });

  it('are not in force among what is judged, and that is said', async () => {
    write('judged/k8s/pod.yaml', 'apiVersion: v1\nkind: Pod\n');
    const path = write('judged/k8s/exception.yaml', EXCEPTION);
    const inputs = await recogniseInputs([join(folder, 'judged')]);
    expect(inputs.policies).toEqual([]);
    expect(inputs.unknowns.map(({ code }) => code)).toEqual(['policy-not-in-force']);
    expect(inputs.claimed.has(path)).toBe(true);
  });

  it('in the languages of others are objects too, are not in force, and that is said', async () => {
    const path = write(
      'policed/k8s/policy.yaml',
      'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: { name: p }\n',
    );
    const inputs = await recogniseInputs([join(folder, 'policed')]);
    expect(inputs.policies).toEqual([]);
    expect(inputs.claimed.has(path)).toBe(false);
    expect(inputs.unknowns).toMatchObject([
      { code: 'policy-not-in-force', hint: expect.stringContaining('--policies') },
    ]);
  });
});

describe('VEX', () => {
  const OPENVEX = '{"@context":"https://openvex.dev/ns/v0.2.0","author":"x","statements":[]}';

  it('is in force when it is named', async () => {
    const path = write('named/vex.json', OPENVEX);
    expect((await recogniseInputs([path])).vex).toEqual([path]);
  });

  it('excuses nothing from among what is judged, and that is said', async () => {
    const path = write('excused/image.vex.json', OPENVEX);
    const inputs = await recogniseInputs([join(folder, 'excused')]);
    expect(inputs.vex).toEqual([]);
    expect(inputs.unknowns.map(({ code }) => code)).toEqual(['vex-not-in-force']);
    expect(inputs.claimed.has(path)).toBe(true);
  });
});
