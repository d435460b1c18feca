import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatReference, imageReference } from './image-reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('imageReference', () => {
  it.each([
    ['redis', 'docker.io/library/redis:latest'],
    ['redis:7-alpine', 'docker.io/library/redis:7-alpine'],
    ['shop/cart', 'docker.io/shop/cart:latest'],
    ['index.docker.io/redis', 'docker.io/library/redis:latest'],
    ['localhost/cart:1', 'localhost/cart:1'],
    ['localhost:5000/a/b/c:1', 'localhost:5000/a/b/c:1'],
    ['ghcr.io/a/b_c__d-e.f', 'ghcr.io/a/b_c__d-e.f:latest'],
    [`gcr.io/a/b@${DIGEST}`, `gcr.io/a/b@${DIGEST}`],
    [`gcr.io/a/b:1@${DIGEST}`, `gcr.io/a/b:1@${DIGEST}`],
    ['[::1]:5000/a', '[::1]:5000/a:latest'],
  ])('reads %s as %s', (text, full) => {
    expect(formatReference(imageReference(text)!)).toBe(full);
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
          if (reference !== undefined) expect(imageReference(formatReference(reference))).toMatchObject(reference);
        },
      ),
    );
    expect(imageReference(`${'a-'.repeat(2000)}!`)).toBeUndefined();
  });
});
