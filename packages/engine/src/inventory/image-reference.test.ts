import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImageReference, imageKey, imageReference } from './image-reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

const full = ({ registry, repository, tag, digest }: ImageReference): string =>
  `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;

describe('imageReference', () => {
  it.each([
    ['redis', 'docker.io/library/redis'],
    ['redis:7-alpine', 'docker.io/library/redis:7-alpine'],
    ['shop/cart', 'docker.io/shop/cart'],
    ['index.docker.io/redis', 'docker.io/library/redis'],
    ['localhost/cart:1', 'localhost/cart:1'],
    ['localhost:5000/a/b/c:1', 'localhost:5000/a/b/c:1'],
    ['ghcr.io/a/b_c__d-e.f', 'ghcr.io/a/b_c__d-e.f'],
    [`gcr.io/a/b@${DIGEST}`, `gcr.io/a/b@${DIGEST}`],
    [`gcr.io/a/b:1@${DIGEST}`, `gcr.io/a/b:1@${DIGEST}`],
    ['[::1]:5000/a', '[::1]:5000/a'],
  ])('reads %s as %s', (text, expected) => {
    expect(full(imageReference(text)!)).toBe(expected);
  });

  it.each([
    '',
    ':',
    'a:',
    'Cart',
    'a//b',
    'a b',
    'a:b c',
    '{{ image }}',
    `a@${DIGEST}@${DIGEST}`,
    'a@sha256:short',
    'a/B',
    'mesosphere:marathon/latest',
    'x'.repeat(5000),
  ])('takes %j for no reference', (text) => {
    expect(imageReference(text)).toBeUndefined();
  });

  it('reads its own spelling back, and answers at once whatever the text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '.', '-', '_', '/', ':', '@', '1', 'localhost', DIGEST), { maxLength: 40 }),
        (parts) => {
          const reference = imageReference(parts.join(''));
          if (reference !== undefined) expect(imageReference(full(reference))).toEqual(reference);
        },
      ),
    );
    expect(imageReference(`${'a-'.repeat(2000)}!`)).toBeUndefined();
  });
});

describe('imageKey', () => {
  it.each([
    ['redis', 'redis:latest'],
    ['docker.io/library/redis:latest', 'redis:latest'],
    ['localhost/cart:1', 'cart:1'],
    ['index.docker.io/shop/cart:1', 'shop/cart:1'],
    ['localhost:5000/cart:1', 'localhost:5000/cart:1'],
    [`ghcr.io/a/b:1@${DIGEST}`, 'ghcr.io/a/b:1'],
    [`ghcr.io/a/b@${DIGEST}`, `ghcr.io/a/b@${DIGEST}`],
    ['{{ image }}', undefined],
  ])('of %s is %s', (text, key) => expect(imageKey(text)).toBe(key));
});
