import { beforeAll, describe, expect, it } from 'vitest';
import { exampleComponent, exampleImage, exampleLookup, exampleRow } from '../testing/example-image.ts';
import { judgeImage } from './judge-image.ts';
import { openPolicySet, type PolicySet } from './policy-set.ts';

const KNOWN_EXPLOITED = 'no-known-exploited-vulnerabilities';
const advisories = exampleLookup([exampleRow('CVE-2024-1', 'left', '2.0.0')], ['CVE-2024-1']);
const broken = { unknowns: [{ code: 'layer-truncated', message: 'cut off', place: { source: 'shop.tar' } }] };
const status = { imported: true, advisories: 1, rows: 1, rejected: 0, ecosystems: [], kevDate: '2026-01-01' };
let set: PolicySet;

beforeAll(async () => {
  set = (await openPolicySet([], '2026-01-02T00:00:00Z', status)).policySet;
});

function verdicts(image: ReturnType<typeof exampleImage>, opened = advisories, policies = set): string[] {
  const { results } = judgeImage(image, opened, policies);
  return results.filter(({ policy }) => policy === KNOWN_EXPLOITED).map(({ verdict }) => verdict);
}

describe('judgeImage', () => {
  it('passes a clean image that was read and matched whole', () => {
    expect(verdicts(exampleImage([exampleComponent('right', '1.0.0')]))).toEqual(['pass']);
  });

  it('fails on what is known exploited and has a fix', () => {
    expect(verdicts(exampleImage([exampleComponent('left', '1.0.0')]))).toEqual(['fail']);
  });

  it('cannot pass an image of which a part was not read', () => {
    expect(verdicts(exampleImage([exampleComponent('right', '1.0.0')], broken))).toEqual(['unknown']);
  });

  it('fails on what was read although a part was not: more facts could not clear it', () => {
    expect(verdicts(exampleImage([exampleComponent('left', '1.0.0')], broken))).toEqual(['fail']);
  });

  it('cannot say that something is not exploited without the catalogue', () => {
    const unlisted = exampleLookup([exampleRow('CVE-2024-2', 'left', '2.0.0')]);
    const image = exampleImage([exampleComponent('left', '1.0.0')]);
    expect(verdicts(image, unlisted, { ...set, catalogueImported: false })).toEqual(['unknown']);
  });

  it('does not let an image vouch for itself with advisories that lie beside it', () => {
    const beside = { ...advisories, covers: () => false };
    expect(verdicts(exampleImage([exampleComponent('right', '1.0.0')]), beside)).toEqual(['unknown']);
    expect(verdicts(exampleImage([exampleComponent('left', '1.0.0')]), beside)).toEqual(['fail']);
  });

  it('keeps what could not be matched among the unknowns of the image', () => {
    const foreign = { ...exampleComponent('a', '1'), ecosystem: 'Debian:12' };
    const { image } = judgeImage(exampleImage([foreign], broken), advisories, set);
    expect(image.unknowns.map(({ code }) => code)).toEqual(['layer-truncated', 'component-unmatched']);
  });
});
