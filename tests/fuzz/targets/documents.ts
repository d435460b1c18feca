import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkExceptions, evaluatePolicies, loadPolicies } from '@breakwater/engine/policy';
import { testPolicy, untestedRules } from '@breakwater/engine/policy/cases';
import {
  Dockerfile,
  Exception,
  Image,
  ManifestObject,
  Policy,
  type PolicyDocument,
  PolicyResult,
  RuntimeEvent,
  Setting,
  Unknown,
  Verdict,
} from '@breakwater/model';
import { flattenRecord } from '../../../packages/sources/src/advisories/flatten-record.ts';
import { OsvRecord } from '../../../packages/sources/src/advisories/osv-record.ts';
import { readXml } from '../../../packages/sources/src/ecosystems/xml/read-xml.ts';
import { detectEvents, parseEventBody } from '../../../packages/sources/src/events/index.ts';
import { parseDockerfile, readManifestText } from '../../../packages/sources/src/manifests/index.ts';
import { parseYamlDocuments } from '../../../packages/sources/src/manifests/parse-documents.ts';
import { detectSbom, parseSbom } from '../../../packages/sources/src/sboms/index.ts';
import type { FuzzTarget, Seed } from '../target.ts';

const estate = join(import.meta.dirname, '../../../examples/estate');
const sample = (path: string): Seed => ({ label: path, bytes: readFileSync(join(estate, path)) });
const lines = (path: string, count: number): Seed[] =>
  readFileSync(join(estate, path), 'utf8')
    .split('\n')
    .slice(0, count)
    .map((line, index) => ({ label: `${path}:${index + 1}`, bytes: Buffer.from(line) }));
const textOf = ({ bytes }: Seed): string => Buffer.from(bytes).toString('utf8');

/** Documents that people and programs hand over. */
export const documentTargets: FuzzTarget[] = [
  {
    name: 'sbom-cyclonedx',
    seeds: () => ['cart', 'redis'].map((name) => sample(`sboms/${name}.cdx.json`)),
    async parse(input) {
      detectSbom(input.bytes);
      const { image, unknowns } = await parseSbom(textOf(input), 'fuzz');
      if (image !== undefined) Image.parse(image);
      Unknown.array().parse(unknowns);
      if (image === undefined && unknowns.length === 0) throw new Error('neither an image nor an unknown');
    },
    labelOf: (path) => (/\.json$/.test(path) ? 'corpus' : undefined),
  },
  {
    name: 'xml',
    seeds: () => [
      {
        label: 'pom',
        bytes: Buffer.from(
          '<?xml version="1.0"?><project a="b"><!-- c --><name>x &amp; y</name><d/><![CDATA[e]]></project>',
        ),
      },
    ],
    parse: (input) => readXml(textOf(input)),
    labelOf: (path) => (/\.(?:xml|pom)$/.test(path) ? 'corpus' : undefined),
  },
  {
    name: 'advisory-osv',
    seeds: () => ['debian', 'npm'].flatMap((name) => lines(`advisories/${name}.jsonl`, 5)),
    parse(input) {
      const value = jsonOf(textOf(input));
      const parsed = OsvRecord.safeParse(value);
      if (parsed.success) flattenRecord(parsed.data, 'fuzz');
    },
    labelOf: (path) => (/\.json$/.test(path) ? 'corpus' : undefined),
  },
  {
    name: 'manifest-yaml',
    seeds: () => ['shop', 'legacy', 'platform'].map((name) => sample(`k8s/${name}.yaml`)),
    parse: (input) => readManifest(textOf(input), 'fuzz.yaml'),
    labelOf: (path) => (/\.ya?ml$/.test(path) ? 'corpus' : undefined),
    // A file with faults is read again by a parser that tells where they are.
    floor: 1500,
    perKib: 40,
  },
  {
    name: 'manifest-json',
    seeds: () => [
      {
        label: 'pod',
        bytes: Buffer.from(
          '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"b":"c"}},"spec":{"containers":[{"name":"d","image":"e:1"}]}}]}',
        ),
      },
    ],
    parse: (input) => readManifest(textOf(input), 'fuzz.json'),
    labelOf: (path) => (/\.json$/.test(path) ? 'corpus' : undefined),
    floor: 1500,
    perKib: 40,
  },
  {
    name: 'dockerfile',
    seeds: () => [
      sample('images/cart/Dockerfile'),
      {
        label: 'heredoc',
        bytes: Buffer.from(
          '# escape=`\nARG V=1\nFROM a:$V AS b\nRUN <<END\necho $V\nEND\nFROM b\nUSER app\nEXPOSE 80/tcp 90-99\n',
        ),
      },
    ],
    parse: (input) => Dockerfile.parse(parseDockerfile(textOf(input), 'Dockerfile')),
    labelOf: (path) => (/Dockerfile/.test(path) ? 'corpus' : undefined),
  },
  {
    name: 'policy-yaml',
    seeds: () =>
      ['hardening/resource-limits', 'supply-chain/no-critical-vulnerabilities', '../examples/policies/exceptions']
        .concat('../examples/policies/no-shared-roles-for-runners', '../examples/policies/settings')
        .map((name) => sample(`../../policies/${name}.yaml`)),
    parse(input) {
      const [policies, exceptions, settings] = [[], [], []] as [PolicyDocument[], Exception[], Setting[]];
      const place = { source: 'fuzz' };
      for (const { value } of parseYamlDocuments(textOf(input)).documents) {
        const policy = Policy.safeParse(value);
        if (policy.success) policies.push({ policy: policy.data, place });
        const exception = Exception.safeParse(value);
        if (exception.success) exceptions.push(exception.data);
        const setting = Setting.safeParse(value);
        if (setting.success) settings.push(setting.data);
      }
      const loaded = loadPolicies(policies, {}, [], settings);
      checkExceptions(exceptions, new Set(loaded.all.map(({ policy }) => policy.metadata.name)));
      Unknown.array().parse(loaded.unknowns);
      for (const compiled of loaded.all) {
        for (const { actual } of testPolicy(compiled)) Verdict.parse(actual);
        untestedRules(compiled);
      }
      const object = { kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'a', image: 'b:1' }] } };
      const results = evaluatePolicies(loaded.policies, { id: 'a', object, place }, 'build', exceptions, '2026-01-01');
      PolicyResult.array().parse(results);
    },
    labelOf: (path) => (/\.ya?ml$/.test(path) ? 'corpus' : undefined),
    floor: 1500,
    perKib: 40,
  },
  {
    name: 'event-lines',
    seeds: () => [...lines('events/tetragon.jsonl', 6), sample('events/tetragon.jsonl')],
    parse(input) {
      const text = textOf(input);
      detectEvents(text);
      const { events, unknowns } = parseEventBody(text);
      RuntimeEvent.array().parse(events);
      Unknown.array().parse(unknowns);
    },
    labelOf: (path) => (/\.jsonl?$/.test(path) ? 'corpus' : undefined),
  },
];

function readManifest(text: string, source: string): void {
  const { objects, patches, unknowns } = readManifestText({ source, text, inChart: false });
  ManifestObject.array().parse([...objects, ...patches]);
  Unknown.array().parse(unknowns);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
