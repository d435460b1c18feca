// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Compose are written so.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolate } from './interpolate.ts';

const place = { source: '.env', line: 1 };
const variables = new Map([
  ['TAG', { value: '1.27', place }],
  ['EMPTY', { value: '', place }],
]);

describe('interpolate', () => {
  it.each([
    ['nginx:$TAG', 'nginx:1.27'],
    ['nginx:${TAG}', 'nginx:1.27'],
    ['${TAG}-$TAG.x', '1.27-1.27.x'],
    ['$$TAG $${TAG}', '$TAG ${TAG}'],
    ['${NONE:-3}', '3'],
    ['${NONE-3}', '3'],
    ['${EMPTY:-3}', '3'],
    ['${EMPTY-3}', ''],
    ['${NONE:-${TAG}}', '1.27'],
    ['${NONE:-a}b}', 'ab}'],
    ['${TAG:+yes}', 'yes'],
    ['${NONE:+yes}', ''],
    ['${EMPTY:+yes}${EMPTY+no}', 'no'],
    ['${TAG:?must be set}', '1.27'],
    ['cost: 5$', 'cost: 5$'],
    ['${', '${'],
  ])('reads %s as %s', (text, expected) => {
    expect(interpolate(text, variables)).toMatchObject({ text: expected, unset: [] });
  });

  it('keeps a variable without a value, and names it', () => {
    expect(interpolate('${A}:${B:?no}:$C:${TAG}', variables)).toMatchObject({
      text: '${A}:${B}:${C}:1.27',
      unset: ['A', 'B', 'C'],
    });
  });

  it('tells where the first value stands', () => {
    expect(interpolate('$TAG', variables).from).toEqual(place);
    expect(interpolate('plain', variables).from).toBeUndefined();
  });

  it('never throws, and ends', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('$', '{', '}', ':-', 'TAG', '?', '+', 'x')), (parts) => {
        interpolate(parts.join(''), variables);
      }),
    );
    expect(interpolate('${A:-'.repeat(10_000), variables).text.length).toBeGreaterThan(0);
  });
});
