import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inventory } from '../ecosystem.ts';
import { embedded } from './embedded.ts';
import { EXAMPLE_PROGRAM } from './example-program.ts';

const example = Buffer.from(EXAMPLE_PROGRAM);

function factsOf(content: Buffer, piece?: number): Buffer | undefined {
  const distiller = embedded.distil!({ path: 'app', size: content.length, bytes: content.subarray(0, 64) });
  if (piece === undefined) return distiller?.whole(content);
  const stream = distiller!.stream!();
  for (let at = 0; at < content.length; at += piece) stream.write(content.subarray(at, at + piece));
  return stream.end();
}

function read(content: Buffer, piece?: number, isPackaged = false): Inventory {
  const bytes = factsOf(content, piece);
  if (bytes === undefined) return { components: [], unknowns: [] };
  return embedded.parse([{ path: 'app', bytes, distilled: true }], { target: 'test', isPackaged: () => isPackaged });
}

/** A program that Java's gzip wrote a document into. */
const withDocument = (document: unknown): Buffer =>
  Buffer.concat([
    example.subarray(0, 64),
    Buffer.from('\0__svm_version_info\0'),
    Buffer.alloc(5000, 7),
    gzipSync(JSON.stringify(document)),
    Buffer.alloc(100),
  ]);

describe('what programs say of themselves', () => {
  it('is the package that a distribution built them from, with where to look for its advisories', () => {
    expect(read(example).components[0]).toMatchObject({
      type: 'deb',
      name: 'hello',
      version: '2.10-3',
      ecosystem: 'Debian:12',
      source: { name: 'hello', version: '2.10-3' },
    });
  });

  it('is left to the package that brought the program', () => {
    expect(read(example, undefined, true).components).toEqual([]);
  });

  it.each([1, 7, 63, 4096])('is found in a native image that passes in pieces of %s bytes', (piece) => {
    const content = withDocument({
      bomFormat: 'CycloneDX',
      components: [
        { purl: 'pkg:maven/g/a@1', components: [{ purl: 'pkg:maven/g/b@2', cpe: 'cpe:2.3:a:g:b:2:*:*:*:*:*:*:*' }] },
      ],
    });
    // The header of zlib names the system; Java leaves it open.
    content[content.indexOf(Buffer.from([0x1f, 0x8b])) + 9] = 0;
    expect(read(content, piece).components.map(({ purl }) => purl)).toEqual(['pkg:maven/g/a@1', 'pkg:maven/g/b@2']);
  });

  it.each([
    ['no document', [1, 2, 3]],
    ['of another kind', { bomFormat: 'SPDX', components: [{ purl: 'pkg:maven/g/a@1' }] }],
    [
      'odd',
      {
        bomFormat: 'CycloneDX',
        components: [7, { purl: 9 }, { purl: 'x' }, { licenses: 'x', purl: 'pkg:deb/debian/a@1' }],
      },
    ],
  ])('is nothing where the list is %s', (_, document) => {
    expect(read(withDocument(document), 512).components).toEqual([]);
  });

  it('is answered whatever is changed in it', () => {
    fc.assert(
      fc.property(fc.nat(example.length - 1), fc.nat(255), (at, byte) => {
        const content = Buffer.from(example);
        content[at] = byte;
        for (const bytes of [content, content.subarray(0, at)]) expect(read(bytes).components.length).toBeLessThan(3);
      }),
      { numRuns: 1000 },
    );
  });
});
