import type { ReleaseFile } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packFile, unpackFile } from './pack-files.ts';
import type { FileChange } from './release-index.ts';

const path = fc.constantFrom('/usr/lib/a.so', '/usr/lib/b.so.1', '/c', 'd', '', '/usr/lib/', '/x/ y\n"/z');
const file: fc.Arbitrary<ReleaseFile> = fc.record(
  {
    path,
    kind: fc.constantFrom('executable', 'library', 'script'),
    digest: fc.constantFrom('sha256:0123456789abcdef', 'other'),
    component: fc.constantFrom('libc6', 'nginx'),
    links: fc.array(path, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['path', 'kind'] },
);
const change: fc.Arbitrary<FileChange> = fc.record(
  { change: fc.constantFrom('added', 'altered'), was: path },
  { requiredKeys: ['change'] },
);

describe('a file of a release', () => {
  it('is after packing what it was, with all paths that lead to it and what it was called before', () => {
    fc.assert(
      fc.property(file, fc.option(change, { nil: undefined }), (one, changed) => {
        const names: string[] = [];
        const numberOf = (name: string): number => (names.includes(name) ? names.indexOf(name) : names.push(name) - 1);
        const row = JSON.parse(JSON.stringify(packFile(one, changed, numberOf)));
        expect(unpackFile(row, names)).toEqual({ file: one, ...(changed !== undefined && { change: changed }) });
      }),
    );
  });
});
