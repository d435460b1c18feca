import type { AdvisoryRow, Component, Image } from '@breakwater/model';
import type { OpenedLookup } from '../advisories/open-lookup.ts';

/** An npm package at the given path. */
export function exampleComponent(
  name: string,
  version: string,
  path = `/app/node_modules/${name}/package.json`,
): Component {
  const purl = `pkg:npm/${name}@${version}`;
  return {
    id: `${purl}#${path}`,
    type: 'npm',
    name,
    version,
    purl,
    ecosystem: 'npm',
    licences: [],
    path,
    files: [],
    scope: 'installed',
    development: false,
  };
}

/** An image that was read whole. */
export function exampleImage(components: Component[], change: Partial<Image> = {}): Image {
  return {
    id: 'sha256:0123456789abcdef',
    source: 'docker-archive',
    target: 'shop.tar',
    references: ['registry.example/shop:1'],
    manifestDigests: [],
    layers: [],
    components,
    fileCount: components.length,
    unknowns: [],
    ...change,
  };
}

/** An advisory that every version below `fixed` is affected by. */
export function exampleRow(id: string, name: string, fixed: string): AdvisoryRow {
  return {
    id,
    ecosystem: 'npm',
    package: name,
    cves: id.startsWith('CVE-') ? [id] : [],
    aliases: [id],
    ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }] }],
    versions: [],
    withdrawn: false,
    summary: '',
    severity: 'critical',
    source: 'npm.jsonl',
    confidence: 'high',
  };
}

/** Advisories of npm and nothing else, as this machine's own; `exploited` CVEs are in the catalogue of known exploited ones. */
export function exampleLookup(rows: AdvisoryRow[], exploited: string[] = []): OpenedLookup {
  const covers = (ecosystem: string) => ecosystem === 'npm';
  return {
    covers,
    lookup: {
      covers,
      rows: (ecosystem, name) => rows.filter((row) => row.ecosystem === ecosystem && row.package === name),
      exploitation: (cve) => ({
        ransomware: false,
        ...(exploited.includes(cve) ? { knownExploitedSince: '2025-01-01' } : {}),
      }),
    },
    status: { imported: true, advisories: rows.length, rows: rows.length, rejected: 0, ecosystems: [] },
    unknowns: [],
    close() {},
  };
}
