import { existsSync, readFileSync } from 'node:fs';
import { ComponentType, Image } from '@breakwater/model';
import { parsePurl } from '@breakwater/model/purl';
import { describe, expect, it } from 'vitest';
import { isComponentType } from './bill/purl-of-entry.ts';
import { detectSbom, parseSbom } from './index.ts';

const FOLDER = '../shared/inventories/sbom';
const MISSING = !existsSync(`${FOLDER}/expected.json`);

/** What was counted in a document by other means than ours. */
interface Counted {
  packages?: number;
  components?: number;
  artifacts?: number;
  with_license?: number;
  purl_types?: Record<string, number>;
  packages_listed_by_scalibr?: { name: string; version: string; purl_type?: string }[];
}

/** Entries of documents that are no packages: how many, and what they are. */
const NO_PACKAGES: Record<string, [count: number, what: string]> = {
  'spdx/konflux-ubi9-9.6.spdx.json': [2, 'the image itself and the image it was built on'],
  'spdx/konflux-go-builder.spdx.json': [2, 'the image itself and the image it was built on'],
  'spdx/claircore-ubi8-micro.spdx.json': [21, '17 source packages of others, the operating system, three repositories'],
  'spdx/claircore-distroless-static-debian12.spdx.json': [1, 'the operating system'],
  'spdx/claircore-simple.spdx.json': [4, 'a source package, the operating system, two repositories'],
  'spdx/konflux-manifest-index.spdx.json': [5, 'an index and its four images: no package at all'],
  'spdx/syft-alpine-3.10.vendor.spdx.json': [1, 'the subject is the operating system'],
  'spdx/syft-identify-2.2.spdx.json': [1, 'the file that was looked at'],
  'spdx/syft-identify-2.3.spdx.json': [1, 'the file that was looked at'],
  'spdx/trivy-centos-7.spdx.json': [2, 'the image and the operating system'],
  'spdx/trivy-centos-7.spdx': [2, 'the image and the operating system'],
  'spdx/trivy-bom.spdx.json': [6, 'the image, the operating system, four kinds of lock file'],
  'spdx/trivy-os-only-bom.spdx.json': [2, 'the image and the operating system'],
  'spdx/trivy-with-hasfiles-bom.spdx.json': [2, 'the folder and its kind of lock file'],
  'spdx/trivy-with-files-in-relationships-bom.spdx.json': [2, 'the folder and its kind of lock file'],
  'spdx/trivy-unrelated-bom.spdx.json': [2, 'the folder and its lock file'],
  'spdx/bitnami-elasticsearch.spdx.json': [1, 'a kind of archive (jar) under which others are listed'],
  'spdx/bitnami-ca-certificates.spdx.json': [1, 'the operating system'],
  'spdx/trivy-julia-spdx.json': [2, 'the folder and its lock file'],
  'spdx/trivy-conda-spdx.json': [1, 'the folder'],
  'cyclonedx/trivy-fluentd-image.cdx.json': [1, 'the operating system'],
  'cyclonedx/trivy-npm.cdx.json': [1, 'the lock file'],
  'cyclonedx/trivy-pom.cdx.json': [1, 'the lock file'],
  'cyclonedx/trivy-centos-7.cdx.json': [1, 'the operating system'],
  'cyclonedx/trivy-centos-7.intoto.jsonl': [1, 'the operating system'],
  'cyclonedx/trivy-minikube-kbom.cdx.json': [2, 'two operating systems of nodes'],
  'cyclonedx/trivy-kbom.cdx.json': [1, 'the operating system of a node'],
  'cyclonedx/trivy-test-bom.cdx.json': [4, 'the operating system and three lock files'],
  'cyclonedx/trivy-test-nested-packages-bom.cdx.json': [1, 'the lock file'],
  'cyclonedx/trivy-test-infinite-loop-bom.cdx.json': [1, 'the operating system'],
  'cyclonedx/trivy-test-third-party-bom.cdx.json': [1, 'the operating system'],
  'cyclonedx/trivy-test-os-only-bom.cdx.json': [1, 'the operating system'],
  'cyclonedx/syft-postgres-stretch.cdx.xml': [1, 'the operating system'],
  'cyclonedx/syft-alpine.cdx.xml': [1, 'the operating system'],
  'cyclonedx/bad-purls.cdx.xml': [2, 'the operating system, and one without a name: an unknown'],
  'cyclonedx/with-duplicates.cdx.xml': [3, 'the operating system, and two that are listed twice'],
  'spdx/scalibr-spdx.dhi-pkg-python.json': [1, 'the image itself, by pkg:docker'],
  'spdx/scalibr-spdx.dhi-python.json': [1, 'the image itself, by pkg:docker'],
  'spdx/scalibr-descendant_of.spdx.json': [1, 'a patched copy, judged by what it came of'],
  'spdx/scalibr-ancestor_of.spdx.json': [1, 'a patched copy, judged by what it came of'],
  'spdx/scalibr-multi_descendant.spdx.json': [2, 'two patched copies, judged by what they came of'],
  'spdx/scalibr-overlapping_refs.spdx.json': [1, 'a patched copy, judged by what it came of'],
};

/** What the operating system of a document is judged by; its id where advisories are not sorted by ecosystem. */
const SYSTEMS: Record<string, string> = {
  'spdx/konflux-ubi9-9.6.spdx.json': 'Red Hat:enterprise_linux:9',
  'spdx/konflux-go-builder.spdx.json': 'fedora',
  'spdx/claircore-ubi8-micro.spdx.json': 'Red Hat:enterprise_linux:8',
  'spdx/claircore-distroless-static-debian12.spdx.json': 'Debian:12',
  'spdx/claircore-simple.spdx.json': 'Red Hat:enterprise_linux:7',
  'spdx/syft-alpine-3.10.syft.spdx.json': 'Alpine:v3.10',
  'spdx/syft-alpine-3.10.vendor.spdx.json': 'Alpine:v3.10',
  'spdx/syft-tag-value.spdx': 'Alpine:v3.12',
  'spdx/trivy-centos-7.spdx.json': 'Red Hat:enterprise_linux:7',
  'spdx/trivy-centos-7.spdx': 'Red Hat:enterprise_linux:7',
  'spdx/trivy-bom.spdx.json': 'Alpine:v3.16',
  'spdx/trivy-os-only-bom.spdx.json': 'Alpine:v3.16',
  'spdx/bitnami-ca-certificates.spdx.json': 'Debian:12',
  'cyclonedx/trivy-fluentd-image.cdx.json': 'Debian:10',
  'cyclonedx/trivy-centos-7.cdx.json': 'Red Hat:enterprise_linux:7',
  'cyclonedx/trivy-centos-7.intoto.jsonl': 'Red Hat:enterprise_linux:7',
  'cyclonedx/trivy-minikube-kbom.cdx.json': 'Ubuntu:22.04:LTS',
  'cyclonedx/trivy-kbom.cdx.json': 'Ubuntu:22.04:LTS',
  'cyclonedx/trivy-test-bom.cdx.json': 'Alpine:v3.16',
  'cyclonedx/trivy-test-infinite-loop-bom.cdx.json': 'Ubuntu:22.04:LTS',
  'cyclonedx/trivy-test-third-party-bom.cdx.json': 'Alpine:v3.16',
  'cyclonedx/trivy-test-third-party-bom-no-os.cdx.json': 'Alpine:v3.16',
  'cyclonedx/trivy-test-os-only-bom.cdx.json': 'Alpine:v3.16',
  'cyclonedx/syft-postgres-stretch.cdx.xml': 'Debian:9',
  'cyclonedx/syft-alpine.cdx.xml': 'Alpine:v3.17',
  'cyclonedx/bad-purls.cdx.xml': 'Alpine:v3.17',
  'cyclonedx/with-duplicates.cdx.xml': 'Alpine:v3.17',
  'syft-json/syft-alpine.syft.json': 'Alpine:v3.14',
  'syft-json/syft-alpine-2.syft.json': 'Alpine:v3.16',
  'syft-json/grype-multiple-ecosystems.syft.json': 'Alpine:v3.12',
  'syft-json/ubuntu-20.04-pruned.syft.json': 'Ubuntu:20.04:LTS',
};

/** Counted purls that make no package of their type, by type, and why. */
const OTHER_PURLS: Record<string, Record<string, number>> = {
  // Images: told apart from packages, see NO_PACKAGES.
  'spdx/konflux-ubi9-9.6.spdx.json': { oci: 2 },
  'spdx/konflux-go-builder.spdx.json': { oci: 2 },
  'spdx/konflux-manifest-index.spdx.json': { oci: 5 },
  'spdx/scalibr-spdx.dhi-pkg-python.json': { docker: 1 },
  'spdx/scalibr-spdx.dhi-python.json': { docker: 1 },
  // Not valid: listed as guesses, with an unknown each; one of pypi has no name and is an unknown only.
  'cyclonedx/trivy-test-invalid-purl.cdx.json': { null: 1 },
  'cyclonedx/bad-purls.cdx.xml': { apk: 1, null: 2, pypi: 3 },
  // Listed twice at one place.
  'cyclonedx/with-duplicates.cdx.xml': { apk: 2 },
};

/** Where another program names or counts otherwise. */
const OTHERWISE: Record<string, string> = {
  'spdx/scalibr-spdx.dhi-pkg-python.json': 'it takes the image for a package',
  'spdx/scalibr-spdx.dhi-python.json': 'it takes the image for a package',
};

const { documents = {} }: { documents?: Record<string, Counted> } = MISSING
  ? {}
  : JSON.parse(readFileSync(`${FOLDER}/expected.json`, 'utf8'));
const names = Object.keys(documents).filter((name) => !name.startsWith('vex/'));

async function read(name: string): Promise<Image> {
  const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
  expect(detectSbom(text.slice(0, 65_536)), name).toBeDefined();
  const { image, unknowns } = await parseSbom(text, name);
  expect(unknowns, name).toEqual([]);
  return Image.parse(image);
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(items, key)].map(([name, { length }]) => [name, length]));
}

it('every kind of package of the model is told apart', () => {
  expect(ComponentType.options.filter((type) => !isComponentType(type))).toEqual([]);
});

describe.skipIf(MISSING)('recorded SBOMs of other programs (skipped where ../shared/inventories is absent)', () => {
  it.each(names)('%s: every entry is a package, or known to be none', async (name) => {
    const counted = documents[name]!;
    // The attestation holds the document of the same image, whose entries were counted.
    const total = (name.endsWith('.intoto.jsonl') ? documents['cyclonedx/trivy-centos-7.cdx.json'] : counted)!;
    const entries = total.packages ?? total.components ?? total.artifacts ?? total.packages_listed_by_scalibr?.length;
    const { components, distribution } = await read(name);
    expect(components.length).toBe(entries! - (NO_PACKAGES[name]?.[0] ?? 0));
    expect(distribution?.ecosystem ?? distribution?.id).toBe(SYSTEMS[name]);
  });

  it.each(names.filter((name) => documents[name]?.purl_types))('%s: every purl keeps its type', async (name) => {
    const { components } = await read(name);
    const stated = components.filter(({ guessedFrom }) => guessedFrom === undefined);
    const found = countBy(stated, ({ purl }) => parsePurl(purl)!.type);
    const others = OTHER_PURLS[name] ?? {};
    const counted = Object.entries(documents[name]!.purl_types!)
      .map(([type, count]) => [type, count - (others[type] ?? 0)] as const)
      .filter(([, count]) => count > 0);
    expect(found).toEqual(Object.fromEntries(counted));
  });

  const licensed = names.filter((name) => documents[name]?.with_license !== undefined);
  it.each(licensed)('%s: every package keeps its licences', async (name) => {
    const { components } = await read(name);
    expect(components.filter(({ licences }) => licences.length > 0)).toHaveLength(documents[name]!.with_license!);
  });

  const listed = names.filter((name) => documents[name]?.packages_listed_by_scalibr && !OTHERWISE[name]);
  it.each(listed)('%s: names, versions and types are those that another program lists', async (name) => {
    const { components } = await read(name);
    const found = components.map(({ name, version, purl, cpes }) => ({
      name,
      version,
      type: parsePurl(purl)?.type,
      cpes,
    }));
    for (const item of documents[name]!.packages_listed_by_scalibr!) {
      // It names a package without purl by its CPE name; we by its name, with the version of the CPE name.
      const byCpe = item.name.startsWith('cpe:');
      const known = found.find(({ name, version, type, cpes }) =>
        byCpe
          ? cpes?.some((cpe) => cpe.startsWith(item.name)) && version === item.name.split(':').at(-1)
          : name.toLowerCase().endsWith(item.name.toLowerCase()) &&
            version === item.version &&
            (item.purl_type === undefined || item.purl_type === type),
      );
      expect(known, item.name).toBeDefined();
    }
    expect(found).toHaveLength(documents[name]!.packages_listed_by_scalibr!.length);
  });

  it('what Syft says of owners, layers and files of packages is kept', async () => {
    const image = await read('syft-json/syft-alpine-2.syft.json');
    expect(image).toMatchObject({
      id: 'sha256:bfe296a525011f7eb76075d688c681ca4feaad5afe3b142b36e30f1a171dc99a',
      platform: { os: 'linux', architecture: 'amd64' },
      layers: [{ diffId: 'sha256:e5e13b0c77cbb769548077189c3da2f0a764ceca06af49d8d558e759f5c232bd', size: 5539603 }],
    });
    expect(image.layers[0]?.createdBy).toContain('ADD file:');
    expect(image.components.find(({ name }) => name === 'busybox')?.files).toContain('/bin/busybox');
    const { components } = await read('spdx/konflux-ubi9-9.6.spdx.json');
    const rpm = components.find(({ name, type }) => name === 'rpm' && type === 'pypi');
    expect(rpm?.ownedBy).toMatch(/^pkg:rpm\/redhat\/python3-rpm@/);
  });
});
