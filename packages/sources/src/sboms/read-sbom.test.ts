import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { detectSbom, readSbom } from './index.ts';

const folder = await mkdtemp(join(tmpdir(), 'breakwater-sboms-'));
afterAll(() => rm(folder, { recursive: true }));

const bom = (components: unknown) => JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components });

describe('files', () => {
  it.each([
    [bom([]), 'cyclonedx'],
    ['\ufeff{\n "bomFormat" : "CycloneDX"', 'cyclonedx'],
    ['{"$schema":"http://cyclonedx.org/schema/bom-1.4.schema.json"', 'cyclonedx'],
    ['<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4">', 'cyclonedx-xml'],
    ['{"spdxVersion":"SPDX-2.3"', 'spdx'],
    ['{"components":[{"bom-ref":"a","name":"a"}', 'cyclonedx'],
    ['{"sbom":{"SPDXID":"SPDXRef-DOCUMENT"', 'spdx'],
    ['{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[', 'spdx-3'],
    ['spdxVersion: "SPDX-2.3"\npackages:\n', 'spdx-yaml'],
    ['<rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#">', 'spdx-rdf'],
    ['{\n "artifacts": [\n  {\n   "id": "1"', 'syft-json'],
    ['{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://cyclonedx.org/bom"', 'attestation'],
    ['{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v1"', undefined],
    ['<project xmlns="http://maven.apache.org/POM/4.0.0">', undefined],
    ['SPDXVersion: SPDX-2.2\nDataLicense: CC0', 'spdx-tag-value'],
    ['{"process_exec":{}}', undefined],
    ['apiVersion: v1', undefined],
    ['', undefined],
  ])('beginning with %j are %s', (head, format) => {
    expect(detectSbom(head)).toBe(format);
    expect(detectSbom(Buffer.from(head))).toBe(format);
  });

  it('are read behind the wall', async () => {
    const path = join(folder, 'good.cdx.json');
    await writeFile(path, bom([{ type: 'library', name: 'x', purl: 'pkg:npm/a@1' }]));
    const { image, unknowns } = await readSbom(path, { source: 'good.cdx.json' });
    expect(unknowns).toEqual([]);
    expect(image).toMatchObject({ target: 'good.cdx.json', components: [{ id: 'pkg:npm/a@1' }] });
  });

  it.each([
    ['missing.json', undefined, 'sbom-unreadable'],
    ['cut.json', '{"bomFormat":"CycloneDX","components":[{"na', 'sbom-invalid'],
    ['cut.spdx.json', '{"spdxVersion":"SPDX-2.3","packages":[', 'sbom-invalid'],
    ['cut.xml', '<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component>', 'sbom-invalid'],
    ['cut.spdx.yml', 'spdxVersion: "SPDX-2.3"\npackages: [', 'sbom-invalid'],
    [
      'entities.xml',
      '<!DOCTYPE x [<!ENTITY a "b">]><bom xmlns="http://cyclonedx.org/schema/bom/1.4">&a;',
      'sbom-invalid',
    ],
    ['other.json', '{"a":1}', 'sbom-format-unsupported'],
    ['empty.json', '', 'sbom-format-unsupported'],
  ])('that cannot be read are an unknown: %s', async (name, text, code) => {
    const path = join(folder, name);
    if (text !== undefined) await writeFile(path, text);
    const { image, unknowns } = await readSbom(path);
    expect(image).toBeUndefined();
    expect(unknowns).toMatchObject([{ code, place: { source: path } }]);
  });
});
