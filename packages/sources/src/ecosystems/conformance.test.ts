import type { Component } from '@breakwater/model';
import { parsePurl } from '@breakwater/model/purl';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImageTree } from '../images/child/image-tree.ts';
import { LayerContents } from '../images/child/layer-contents.ts';
import { filesOf } from '../images/child/wanted-files.ts';
import { ecosystems } from './all.ts';
import { detectDistribution } from './distribution/detect-distribution.ts';
import type { Ecosystem, Inventory } from './ecosystem.ts';

/** Runs an ecosystem on a file system of path to content, as an image would. */
function run(ecosystem: Ecosystem, files: Record<string, string | Uint8Array>): Inventory {
  const distilling = ecosystem.distil === undefined ? [] : [ecosystem];
  const isKept = (path: string): boolean =>
    ecosystem.distil === undefined || ecosystem.wants(path) || isDistribution(path);
  const contents = new LayerContents(Object.assign(isKept, { distilling }), { left: 1e9 });
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content as string);
    const sink = contents.visit({ name, type: 'file', size: bytes.length, mode: 0o644, link: '', sparse: false });
    sink?.write(bytes);
    sink?.end();
  }
  const tree = new ImageTree([contents]);
  const distribution = detectDistribution((path) => tree.read(path)?.toString('utf8'));
  return ecosystem.parse(filesOf(ecosystem, tree, new Map()), {
    target: 'test',
    tree,
    ...(distribution !== undefined && { distribution }),
  });
}

const isDistribution = (path: string): boolean => path.startsWith('etc/');

const claimsOf = (component: Component, claim: object): object => ({
  purl: component.purl,
  ...('files' in claim && { files: component.files }),
  ...('licences' in claim && { licences: component.licences }),
  ...('scope' in claim && { scope: component.scope }),
  ...('source' in claim && { source: `${component.source?.name} ${component.source?.version}` }),
});

describe.each(ecosystems)('ecosystem $name', (ecosystem) => {
  const { capabilities } = ecosystem;

  it.each(capabilities.examples)('keeps its claim: $title', ({ files, expected, unknowns: open = [] }) => {
    const { components, unknowns } = run(ecosystem, files);
    expect(components.map((component, index) => claimsOf(component, expected[index] ?? {}))).toEqual(expected);
    expect(unknowns.map(({ code }) => code)).toEqual(open);
  });

  it('has an example for each thing it claims', () => {
    const claims = capabilities.examples.flatMap(({ expected }) => expected);
    expect(claims.some(({ files }) => files !== undefined && files.length > 0)).toBe(capabilities.ownership);
    expect(claims.some(({ licences }) => licences !== undefined && licences.length > 0)).toBe(capabilities.licences);
    expect(claims.some(({ source }) => source !== undefined)).toBe(capabilities.sourcePackages);
    expect(capabilities.reads.length).toBeGreaterThan(0);
  });

  it('writes purls that are read back as they were written', () => {
    for (const { expected } of capabilities.examples)
      for (const { purl } of expected) expect(parsePurl(purl)).toBeDefined();
  });

  it('answers any bytes with components and unknowns, never with an exception', () => {
    const paths = capabilities.examples
      .flatMap(({ files }) => Object.keys(files))
      .filter((path) => ecosystem.distil !== undefined || ecosystem.wants(path));
    const lines = fc.array(
      fc.oneof(fc.string(), fc.constantFrom('P:a', 'V:1', 'Package: a', 'Version: 1', '', 'F:x', 'R:y')),
    );
    const content = fc.oneof(
      fc.uint8Array(),
      fc.json(),
      lines.map((parts) => parts.join('\n')),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), content, (path, bytes) => {
        const { components } = run(ecosystem, { [path]: bytes });
        for (const { purl, name } of components) {
          expect(name).not.toBe('');
          expect(parsePurl(purl), purl).toBeDefined();
        }
      }),
      { numRuns: 300 },
    );
  });

  const listed = Object.keys(capabilities.examples[0]!.files).find((name) => ecosystem.wants(name));

  it.skipIf(listed === undefined)('says of a file of garbage that it could not be read', () => {
    const path = listed!;
    const { components, unknowns } = run(ecosystem, { [path]: 'asdf\n\nyolo\n' });
    expect(components).toEqual([]);
    expect(unknowns).toMatchObject([{ place: { source: 'test', path: `/${path}` } }]);
  });
});
