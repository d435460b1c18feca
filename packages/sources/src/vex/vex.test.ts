import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectVex, parseVex, readVex } from './index.ts';

const RECORDED = join(import.meta.dirname, '../../../../../shared/inventories/sbom/vex');

const OPENVEX = {
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://example.com/vex/1',
  author: 'Example Security',
  timestamp: '2024-05-01T00:00:00Z',
  statements: [
    {
      vulnerability: { '@id': 'https://example.com/CVE-2024-1', name: 'CVE-2024-1', aliases: ['GHSA-x'] },
      products: [
        { '@id': 'pkg:oci/cart', identifiers: { purl: 'pkg:npm/a@1' }, subcomponents: [{ '@id': 'pkg:npm/b' }] },
      ],
      status: 'not_affected',
      justification: 'component_not_present',
      impact_statement: 'We\nremoved it',
    },
    { vulnerability: 'CVE-2024-2', products: ['pkg:npm/c'], subcomponents: ['pkg:npm/d'], status: 'fixed' },
    { vulnerability: { name: 'CVE-2024-3' }, products: [], status: 'maybe' },
  ],
};

const CSAF = {
  document: {
    category: 'csaf_vex',
    csaf_version: '2.0',
    publisher: { name: 'Vendor' },
    tracking: { current_release_date: '2024-06-01T00:00:00Z' },
  },
  product_tree: {
    branches: [
      {
        category: 'vendor',
        name: 'Vendor',
        branches: [
          {
            category: 'product_name',
            name: 'Linux 9',
            product: {
              name: 'Linux 9',
              product_id: 'OS',
              product_identification_helper: { cpe: 'cpe:/o:redhat:enterprise_linux:9' },
            },
          },
          {
            category: 'product_version',
            name: '3.0.7-1.el9',
            product: {
              name: 'openssl',
              product_id: 'SSL',
              product_identification_helper: { purl: 'pkg:rpm/redhat/openssl?arch=src' },
            },
          },
          {
            category: 'product_version_range',
            name: '<2.4',
            product: {
              name: 'httpd',
              product_id: 'HTTPD',
              product_identification_helper: { purl: 'pkg:rpm/redhat/httpd' },
            },
          },
        ],
      },
    ],
    relationships: [
      {
        category: 'default_component_of',
        product_reference: 'SSL',
        relates_to_product_reference: 'OS',
        full_product_name: { name: 'openssl on Linux 9', product_id: 'OS:SSL' },
      },
    ],
    product_groups: [{ group_id: 'G', product_ids: ['OS:SSL'] }],
  },
  vulnerabilities: [
    {
      cve: 'CVE-2024-1',
      product_status: { known_not_affected: ['OS:SSL', 'GONE'], known_affected: ['HTTPD'] },
      flags: [{ label: 'vulnerable_code_not_present', group_ids: ['G'] }],
      threats: [{ category: 'impact', details: 'Not built in', product_ids: ['OS:SSL'] }],
      remediations: [{ category: 'vendor_fix', details: 'Update it', product_ids: ['HTTPD'] }],
    },
  ],
};

const CYCLONEDX = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  metadata: {
    timestamp: '2024-07-01T00:00:00Z',
    supplier: { name: 'Maker' },
    component: { 'bom-ref': 'app', name: 'registry.example/cart', version: '1' },
  },
  components: [
    { 'bom-ref': 'lib', name: 'b', purl: 'pkg:npm/b@1', components: [{ 'bom-ref': 'inner', purl: 'pkg:npm/c@2' }] },
  ],
  vulnerabilities: [
    {
      id: 'CVE-2024-1',
      analysis: { state: 'not_affected', justification: 'code_not_present', detail: 'x' },
      affects: [{ ref: 'lib' }, { ref: 'inner' }],
    },
    { id: 'CVE-2024-2', analysis: { state: 'resolved' }, affects: [{ ref: 'app' }] },
    { id: 'CVE-2024-3', analysis: { state: 'in_triage' }, affects: [{ ref: 'urn:cdx:0/1#pkg%3Anpm%2Fz@1' }] },
    {
      id: 'CVE-2024-4',
      analysis: { state: 'not_affected' },
      affects: [
        {
          ref: 'lib',
          versions: [
            { range: 'vers:npm/<1', status: 'unaffected' },
            { version: '2', status: 'affected' },
          ],
        },
      ],
    },
    { id: 'CVE-2024-5', affects: [{ ref: 'lib' }] },
    { id: 'CVE-2024-6', analysis: { state: 'perhaps' }, affects: [{ ref: 'lib' }] },
  ],
};

const parse = (document: object) => parseVex(JSON.stringify(document), 'docs/a.json');

describe('OpenVEX', () => {
  it('is read with its products, their names and parts, in both of its versions', () => {
    expect(parse(OPENVEX)?.statements).toEqual([
      {
        ids: ['CVE-2024-1', 'GHSA-x'],
        products: [
          { names: ['pkg:oci/cart', 'pkg:npm/a@1'], versions: [], parts: [{ names: ['pkg:npm/b'], versions: [] }] },
        ],
        verdict: {
          author: 'Example Security',
          status: 'not_affected',
          justification: 'component_not_present',
          statement: 'We removed it',
          document: 'a.json',
          time: '2024-05-01T00:00:00Z',
        },
      },
      {
        ids: ['CVE-2024-2'],
        products: [{ names: ['pkg:npm/c'], versions: [], parts: [{ names: ['pkg:npm/d'], versions: [] }] }],
        verdict: { author: 'Example Security', status: 'fixed', document: 'a.json', time: '2024-05-01T00:00:00Z' },
      },
    ]);
  });

  it('tells of statements that it could not understand', () => {
    expect(parse(OPENVEX)?.unknowns).toMatchObject([{ code: 'vex-incomplete', place: { source: 'docs/a.json' } }]);
  });

  it('is read out of an attestation, signed or not, whose subject stands in for products', () => {
    const [first] = OPENVEX.statements;
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'https://openvex.dev/ns/v0.2.0',
      subject: [{ name: 'cart', digest: { sha256: 'ab' } }],
      predicate: { ...OPENVEX, statements: [{ ...first, products: [] }] },
    };
    const envelope = {
      payloadType: 'application/vnd.in-toto+json',
      payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
      signatures: [],
    };
    for (const document of [statement, envelope])
      expect(parse(document)?.statements[0]?.products).toEqual([{ names: ['sha256:ab'], versions: [], parts: [] }]);
  });
});

describe('CSAF', () => {
  it('is read with its branches, relationships, groups, flags and notes', () => {
    expect(parse(CSAF)?.statements).toEqual([
      {
        ids: ['CVE-2024-1'],
        products: [
          {
            names: ['cpe:/o:redhat:enterprise_linux:9'],
            versions: [],
            parts: [{ names: ['pkg:rpm/redhat/openssl?arch=src', 'openssl on Linux 9'], versions: ['3.0.7-1.el9'] }],
          },
        ],
        verdict: {
          author: 'Vendor',
          status: 'not_affected',
          justification: 'vulnerable_code_not_present',
          statement: 'Not built in',
          document: 'a.json',
          time: '2024-06-01T00:00:00Z',
        },
      },
      {
        ids: ['CVE-2024-1'],
        products: [{ names: ['pkg:rpm/redhat/httpd'], versions: ['vers:generic/<2.4'], parts: [] }],
        verdict: {
          author: 'Vendor',
          status: 'affected',
          statement: 'Update it',
          document: 'a.json',
          time: '2024-06-01T00:00:00Z',
        },
      },
    ]);
    expect(parse(CSAF)?.unknowns).toMatchObject([{ message: expect.stringMatching(/^1 statement/) }]);
  });
});

describe('CycloneDX', () => {
  it('is read with components behind references, versions and states', () => {
    const read = parse(CYCLONEDX);
    expect(
      read?.statements.map(({ ids, verdict, products }) => [
        ids[0],
        verdict.status,
        products.flatMap(({ names, versions }) => [...names, ...versions]),
      ]),
    ).toEqual([
      ['CVE-2024-1', 'not_affected', ['pkg:npm/b@1', 'pkg:npm/c@2']],
      ['CVE-2024-2', 'fixed', ['registry.example/cart:1']],
      ['CVE-2024-3', 'under_investigation', ['pkg:npm/z@1']],
      ['CVE-2024-4', 'not_affected', ['pkg:npm/b@1', 'vers:npm/<1']],
    ]);
    expect(read?.statements[0]?.verdict).toMatchObject({
      author: 'Maker',
      justification: 'code_not_present',
      statement: 'x',
    });
    expect(read?.unknowns).toHaveLength(1);
  });
});

describe('what is no VEX', () => {
  it.each(['', '[]', '{}', 'null', '{"bomFormat":1}', '{"document":"x"}', '{"statements":{}}', '{'])(
    'is told from it: %s',
    (text) => {
      expect(parseVex(text, 'a.json')?.statements ?? []).toEqual([]);
    },
  );

  it('never makes the readers throw, whatever is in the place of what they expect', () => {
    const documents = [OPENVEX, CSAF, CYCLONEDX].map((document) => JSON.stringify(document));
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.nat(), fc.jsonValue(), (text, at, junk) => {
        const values = [...text.matchAll(/"[^"]*"(?=[,}\]])|\[\]|\{\}/g)];
        const hit = values[at % values.length]!;
        const broken = text.slice(0, hit.index) + JSON.stringify(junk) + text.slice(hit.index + hit[0].length);
        expect(() => parseVex(broken, 'a.json')).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });

  it('does not touch the prototypes of objects', () => {
    parseVex(
      '{"@context":"x","statements":[{"vulnerability":"CVE-1","products":[{"@id":"a","identifiers":{"__proto__":"b"}}],"status":"fixed"}],"__proto__":{"author":"x"}}',
      'a.json',
    );
    expect(({} as { author?: string }).author).toBeUndefined();
  });
});

describe('files that are named', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'breakwater-vex-'));
    mkdirSync(join(folder, 'vex', 'deep'), { recursive: true });
    writeFileSync(join(folder, 'vex', 'a.json'), JSON.stringify(OPENVEX));
    writeFileSync(join(folder, 'vex', 'deep', 'b.json'), `\uFEFF${JSON.stringify(CSAF)}`);
    writeFileSync(join(folder, 'vex', 'package.json'), '{"name":"x"}');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are read one by one and below folders', async () => {
    expect((await readVex([join(folder, 'vex')])).statements).toHaveLength(4);
    expect((await readVex([join(folder, 'vex', 'a.json')])).statements).toHaveLength(2);
  });

  it('are refused when they are not there or no VEX', async () => {
    await expect(readVex([join(folder, 'none')])).rejects.toMatchObject({ code: 'vex-missing' });
    await expect(readVex([join(folder, 'vex', 'package.json')])).rejects.toMatchObject({ code: 'vex-unreadable' });
  });
});

describe.skipIf(!existsSync(RECORDED))('recorded documents (skipped where ../shared/inventories is absent)', () => {
  it.each(['openvex.json', 'cyclonedx-vex.json', 'cyclonedx-vex-cisa-case-3.json', 'cyclonedx-vex-cisa-case-8.json'])(
    '%s is detected, and every statement of it is read',
    (name) => {
      const text = readFileSync(join(RECORDED, name), 'utf8');
      const document = JSON.parse(text);
      expect(detectVex(text)).toBe(true);
      const read = parseVex(text, name);
      expect(read?.unknowns).toEqual([]);
      expect(read?.statements).toHaveLength((document.vulnerabilities ?? document.statements).length);
      expect(read?.statements.every(({ products }) => products.every(({ names }) => names.length > 0))).toBe(true);
    },
  );
});
