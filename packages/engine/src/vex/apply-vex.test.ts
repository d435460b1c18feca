import type { Component, Image, VexProduct, VexStatement, VulnerabilityMatch } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { applyVex } from './apply-vex.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

function component(part: Partial<Component> & Pick<Component, 'purl'>): Component {
  return {
    id: part.purl,
    type: 'deb',
    name: 'libssl3',
    version: '3.0.11-1',
    licences: [],
    path: '/',
    files: [],
    scope: 'installed',
    development: false,
    ...part,
  };
}

const libssl = component({
  purl: 'pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12',
  source: { name: 'openssl', version: '3.0.11-1' },
});
const git = component({ purl: 'pkg:deb/debian/git@2.39-1?arch=amd64&epoch=1', name: 'git', version: '1:2.39-1' });
const lodash = component({ purl: 'pkg:npm/lodash@4.17.15', type: 'npm', name: 'lodash', version: '4.17.15' });
const app = component({
  purl: 'pkg:golang/example.com/app@v1.0.0',
  type: 'golang',
  name: 'example.com/app',
  version: 'v1.0.0',
});

function image(components: Component[]): Image {
  return {
    id: `sha256:${'b'.repeat(64)}`,
    source: 'docker-archive',
    target: 'cart.tar',
    references: ['registry.example/shop/cart:1', 'nginx:1.25'],
    manifestDigests: [DIGEST],
    distribution: { id: 'rhel', name: 'RHEL', versionId: '9.4' },
    layers: [],
    components,
    fileCount: 1,
    unknowns: [],
  };
}

function match({ id, name, version, purl }: Component, cve = 'CVE-2024-1'): VulnerabilityMatch {
  return {
    id: cve,
    aliases: ['GHSA-x'],
    advisories: [cve],
    component: id,
    componentName: name,
    version,
    purl,
    severity: 'high',
    exploitation: { ransomware: false },
    summary: '',
    source: 'a.jsonl',
    confidence: 'high',
    reason: 'it is old',
  };
}

const product = (name: string, parts: string[] = [], versions: string[] = []): VexProduct => ({
  names: [name],
  versions,
  parts: parts.map((part) => ({ names: [part], versions: [] })),
});

function statement(
  products: VexProduct[],
  verdict: Partial<VexStatement['verdict']> = {},
  ids = ['CVE-2024-1'],
): VexStatement {
  return { ids, products, verdict: { author: 'Example', status: 'not_affected', document: 'a.json', ...verdict } };
}

/** Whether the statement settles the match of a component. */
function settles(subject: Component, ...statements: VexStatement[]): boolean {
  const { open, settled } = applyVex(image([libssl, git, lodash, app]), [match(subject)], statements);
  expect(open.length + settled.length).toBe(1);
  return settled.length === 1;
}

describe('a statement settles a match', () => {
  it.each([
    ['by the purl of the package without a version', lodash, product('pkg:npm/lodash'), true],
    ['by the purl with its version', lodash, product('pkg:npm/lodash@4.17.15'), true],
    ['not by another version', lodash, product('pkg:npm/lodash@4.17.16'), false],
    ['not by another package', lodash, product('pkg:npm/%40types/lodash'), false],
    ['not by another type', lodash, product('pkg:pypi/lodash'), false],
    ['by a range', lodash, product('pkg:npm/lodash', [], ['vers:npm/<4.17.21']), true],
    ['by a range without a type of its own', lodash, product('pkg:npm/lodash', [], ['vers:generic/<4.17.21']), true],
    ['not outside of the range', lodash, product('pkg:npm/lodash', [], ['vers:npm/>=4.17.21']), false],
    ['with an epoch in a qualifier', git, product('pkg:deb/debian/git@2.39-1?epoch=1'), true],
    ['with an epoch in the version', git, product('pkg:deb/debian/git@1:2.39-1'), true],
    ['not without the epoch', git, product('pkg:deb/debian/git@2.39-1'), false],
    ['with qualifiers that are the same', libssl, product('pkg:deb/debian/libssl3?arch=amd64&distro=debian-12'), true],
    ['not with another architecture', libssl, product('pkg:deb/debian/libssl3?arch=arm64'), false],
    ['not with another distribution', libssl, product('pkg:deb/ubuntu/libssl3'), false],
    ['by the source package, marked as one', libssl, product('pkg:deb/debian/openssl@3.0.11-1?arch=source'), true],
    ['not by a package that is called like the source', libssl, product('pkg:deb/debian/openssl@3.0.11-1'), false],
    ['by the digest of the image', lodash, product(DIGEST), true],
    ['by the purl of the image with its digest', lodash, product(`pkg:oci/cart@${DIGEST.replace(':', '%3A')}`), true],
    ['not by another digest', lodash, product(`pkg:oci/cart@sha256%3A${'c'.repeat(64)}`), false],
    ['by the reference of the image', lodash, product('registry.example/shop/cart:1'), true],
    ['not by another tag', lodash, product('registry.example/shop/cart:2'), false],
    [
      'by a purl with the repository',
      lodash,
      product('pkg:oci/cart?repository_url=registry.example/shop/cart&tag=1'),
      true,
    ],
    ['by a purl of Docker', lodash, product('pkg:docker/nginx@1.25'), true],
    ['by a part of the image', lodash, product(DIGEST, ['pkg:npm/lodash']), true],
    ['not by a part of another image', lodash, product('registry.example/shop/other:1', ['pkg:npm/lodash']), false],
    ['not by another part of the image', lodash, product(DIGEST, ['pkg:npm/minimist']), false],
    [
      'by a part of an application that the image holds',
      lodash,
      product('pkg:golang/example.com/app', ['pkg:npm/lodash']),
      true,
    ],
    ['by a part of the distribution', lodash, product('cpe:/o:redhat:enterprise_linux:9', ['pkg:npm/lodash']), true],
    [
      'not by a part of another release',
      lodash,
      product('cpe:/o:redhat:enterprise_linux:8', ['pkg:npm/lodash']),
      false,
    ],
  ])('%s', (_, subject, named, expected) => expect(settles(subject, statement([named]))).toBe(expected));

  it('by any id of the vulnerability, and by no other', () => {
    expect(settles(lodash, statement([product('pkg:npm/lodash')], {}, ['GHSA-x']))).toBe(true);
    expect(settles(lodash, statement([product('pkg:npm/lodash')], {}, ['CVE-2024-2']))).toBe(false);
  });

  it('when it says fixed, not when it says affected or under investigation', () => {
    const said = (status: VexStatement['verdict']['status']) => statement([product('pkg:npm/lodash')], { status });
    expect(settles(lodash, said('fixed'))).toBe(true);
    expect(settles(lodash, said('affected'))).toBe(false);
    expect(settles(lodash, said('under_investigation'))).toBe(false);
  });

  it('when it is the latest that speaks of it, whatever stood before', () => {
    const old = statement([product('pkg:npm/lodash')], { status: 'affected', time: '2024-01-01T00:00:00Z' });
    const young = statement([product('pkg:npm/lodash')], { time: '2024-06-01T00:00:00+02:00' });
    expect(settles(lodash, old, young)).toBe(true);
    expect(settles(lodash, young, old)).toBe(true);
  });

  it('when it names the version, over one of the same time that does not', () => {
    const loose = statement([product('pkg:npm/lodash')], { status: 'affected' });
    expect(settles(lodash, loose, statement([product('pkg:npm/lodash@4.17.15')]))).toBe(true);
  });
});

it('keeps who settled a match and why, and notes with an open one what is said of it', () => {
  const words = { justification: 'vulnerable_code_not_present', statement: 'We build without it' };
  const outcome = applyVex(
    image([lodash, git]),
    [match(lodash), match(git)],
    [
      statement([product('pkg:npm/lodash')], words),
      statement([product('pkg:deb/debian/git')], { status: 'under_investigation' }),
    ],
  );
  expect(outcome.settled.map(({ reason, by }) => [reason, by.document])).toEqual([
    ['settled by VEX of Example: not affected, vulnerable_code_not_present: We build without it', 'a.json'],
  ]);
  expect(outcome.open[0]?.vex).toMatchObject([{ status: 'under_investigation', author: 'Example' }]);
});
