import { describe, expect, it } from 'vitest';
import { exampleComponent, exampleImage, exampleLookup, exampleRow } from '../testing/example-image.ts';
import { matchImage } from './match-image.ts';

const lookup = exampleLookup([exampleRow('CVE-2024-1', 'left', '2.0.0')]);

describe('matchImage', () => {
  it('finds what is affected, and leaves nothing open where everything could be judged', () => {
    const found = matchImage(
      exampleImage([exampleComponent('left', '1.0.0'), exampleComponent('right', '1.0.0')]),
      lookup,
    );
    expect(found.matches.map(({ id, fixedVersion }) => [id, fixedVersion])).toEqual([['CVE-2024-1', '2.0.0']]);
    expect(found.unknowns).toEqual([]);
  });

  it('tells of components without advisories once for each reason', () => {
    const debian = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
      ...exampleComponent(name, '1', `/var/lib/dpkg/${name}`),
      type: 'deb' as const,
      ecosystem: 'Debian:12',
    }));
    const { unknowns } = matchImage(exampleImage([...debian, exampleComponent('right', '1.0.0')]), lookup);
    expect(unknowns).toHaveLength(1);
    expect(unknowns[0]).toMatchObject({ code: 'component-unmatched', subject: 'sha256:0123456789abcdef' });
    expect(unknowns[0]?.message).toContain('a, b, c and 2 more in shop.tar');
  });

  it('keeps apart what VEX documents in force settle, and loses nothing', () => {
    const image = exampleImage([exampleComponent('left', '1.0.0')]);
    const product = { names: ['pkg:npm/left@1.0.0'], versions: [], parts: [] };
    const verdict = { author: 'Example', status: 'not_affected' as const, document: 'vex.json' };
    const found = matchImage(image, { ...lookup, vex: [{ ids: ['CVE-2024-1'], products: [product], verdict }] });
    expect(found.matches).toEqual([]);
    expect(found.settled).toMatchObject([{ match: { id: 'CVE-2024-1' }, by: verdict }]);
  });
});
