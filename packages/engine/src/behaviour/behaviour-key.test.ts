import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Behaviour } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behaviourKey, behaviourText } from './index.ts';
import { sipHash } from './sip-hash.ts';

const GOLDEN: readonly { behaviour: Behaviour; key: string }[] = JSON.parse(
  readFileSync(new URL('golden-keys.json', import.meta.url), 'utf8'),
);

/** Names with everything in them by which a border could be forged. */
const hostileName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom('\0', '\n', ':', '1', '0', ',', ' ', '/', '\u001b', 'é', '\u{1f600}'),
    maxLength: 12,
  }),
);
const behaviour: fc.Arbitrary<Behaviour> = fc
  .record({
    dimension: fc.constantFrom('exec', 'open', 'connect'),
    actor: hostileName,
    parent: hostileName,
    access: fc.constantFrom(undefined, 'read', 'write'),
    object: hostileName,
    inImage: fc.constantFrom(undefined, true, false),
    applet: fc.constantFrom(undefined, 'sh', 'image'),
  })
  .map(({ access, inImage, applet, ...fields }) => ({
    ...(fields as Behaviour),
    ...(access && { access: access as 'read' }),
    ...(inImage !== undefined && { inImage }),
    ...(applet !== undefined && { applet }),
  }));

describe('the key of a behaviour', () => {
  it.each(GOLDEN)('is the golden one: $key', ({ behaviour, key }) => {
    expect(behaviourKey(behaviour)).toBe(key);
  });

  it('is SipHash-2-4 as its authors count it', () => {
    const key = Uint8Array.from({ length: 16 }, (_, index) => index);
    const bytes = new Uint8Array(24).map((_, index) => index);
    expect(sipHash(key, bytes, 15)).toBe('a129ca6149be45e5');
    expect(sipHash(key, bytes, 0)).toBe('726fdb47dd0e0e31');
  });

  it('differs where anything differs, whatever is in a name: no border between fields can be forged', () => {
    fc.assert(
      fc.property(behaviour, behaviour, (a, b) => {
        const isSame = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(behaviourText(a) === behaviourText(b)).toBe(isSame);
        // Lone surrogates have no UTF-8: they are told apart in the text only.
        if (isWellFormed(a) && isWellFormed(b)) expect(behaviourKey(a) === behaviourKey(b)).toBe(isSame);
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on what was hashed before', () => {
    fc.assert(
      fc.property(behaviour, behaviour, (a, b) => {
        const key = behaviourKey(a);
        behaviourKey({ ...b, object: b.object.repeat(300) });
        expect(behaviourKey(a)).toBe(key);
      }),
    );
  });

  it('spreads: a hundred thousand behaviours have as many keys', () => {
    const keys = new Set<string>();
    for (let index = 0; index < 100_000; index++)
      keys.add(behaviourKey({ dimension: 'open', actor: '/a', parent: '', access: 'read', object: `/${index}` }));
    expect(keys.size).toBe(100_000);
    expect(new Set([...keys].map((key) => createHash('md5').update(key).digest('hex')[0])).size).toBe(16);
  });
});

const sorted = (value: Behaviour): unknown => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
const isWellFormed = (value: Behaviour): boolean =>
  [value.actor, value.parent, value.object].every((text) => text.isWellFormed());
