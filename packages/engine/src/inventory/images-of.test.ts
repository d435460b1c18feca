import { Image, type Workload } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { imagesOf, sameImage } from './images-of.ts';
import { workloadsOf } from './workloads-of.ts';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const image = (references: string[], more: Partial<Image> = {}): Image =>
  Image.parse({ id: digest('1'), source: 'docker-archive', target: 'a.tar', components: [], references, ...more });

function pod(...references: string[]): Workload {
  const object = {
    metadata: { name: 'p' },
    spec: { containers: references.map((reference, at) => ({ name: `c${at}`, image: reference })) },
  };
  const known = {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: 'a',
    name: 'p',
    cluster: 'default',
    place: { source: 'a' },
  };
  return workloadsOf([{ ...known, object }]).workloads[0]!;
}

describe('sameImage', () => {
  it.each([
    ['redis:7', 'docker.io/library/redis:7', true],
    ['shop/cart:1', 'localhost/shop/cart:1', true],
    ['docker.io/shop/cart:1', 'shop/cart:1', true],
    ['cart', 'localhost/cart:latest', true],
    ['cart:1', 'cart:2', false],
    ['shop/cart:1', 'ghcr.io/shop/cart:1', false],
    ['cart:1', 'shop/cart:1', false],
    ['not a reference', 'not a reference', false],
  ])('%s and %s: %s', (reference, own, same) => {
    expect(sameImage(reference, image([own]))).toBe(same);
  });

  it('lets the digest decide', () => {
    const known = image(['shop/cart:1'], { manifestDigests: [digest('a'), digest('b')] });
    expect(sameImage(`elsewhere.io/x@${digest('b')}`, known)).toBe(true);
    expect(sameImage(`shop/cart:1@${digest('c')}`, known)).toBe(false);
    expect(sameImage(`cart@${digest('1')}`, image([]))).toBe(true);
  });

  it('goes by the tag where an archive does not know its digest', () => {
    expect(sameImage(`shop/cart:1@${digest('c')}`, image(['shop/cart:1']))).toBe(true);
    expect(sameImage(`shop/cart@${digest('c')}`, image(['shop/cart:latest']))).toBe(false);
  });
});

describe('imagesOf', () => {
  it('finds the image of each container, and says which are missing', () => {
    const redis = image(['redis:7'], { id: digest('2') });
    const cart = image(['localhost/cart:1'], { id: digest('3'), manifestDigests: [digest('a')] });
    const found = imagesOf([pod('redis:7', `ghcr.io/cart@${digest('a')}`, 'gone:1', '')], [redis, cart]).get(
      'default/a/Pod/p',
    )!;
    expect(found.map(({ container, reference, image: own }) => [container.name, reference, own?.id])).toEqual([
      ['c0', 'redis:7', digest('2')],
      ['c1', `ghcr.io/cart@${digest('a')}`, digest('3')],
      ['c2', 'gone:1', undefined],
      ['c3', '', undefined],
    ]);
  });

  it('agrees with sameImage', () => {
    const images = ['a:1', 'localhost/a:1', 'x.io/a:1', 'b'].map((reference, at) =>
      image([reference], { id: digest(`${at}`) }),
    );
    for (const reference of ['a:1', 'x.io/a:1', 'b:latest', 'c']) {
      const found = imagesOf([pod(reference)], images).get('default/a/Pod/p')![0]!.image;
      expect(found).toBe(images.find((candidate) => sameImage(reference, candidate)));
    }
  });
});
