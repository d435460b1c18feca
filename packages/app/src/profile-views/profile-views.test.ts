import type { ReleaseDifference } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { exampleProfile } from '../testing/index.ts';
import { byNeed, compareReleases, summariseProfile } from './index.ts';

const noDifference = (): ReleaseDifference => ({ from: '', to: '', changes: [], incomplete: [] });

describe('a summary', () => {
  it('counts only dimensions that somebody sees, and names those that are not settled', () => {
    expect(summariseProfile(exampleProfile())).toMatchObject({
      settled: 5,
      seen: 6,
      unsettled: ['open'],
      pending: 2,
      image: 'registry.example/shop/cart:1.5.0',
    });
  });

  it('stands before others where something is to be decided, then where less is settled', () => {
    const decide = summariseProfile(exampleProfile('a'));
    const learning = { ...summariseProfile(exampleProfile('b')), pending: 0 };
    const settled = { ...learning, subject: 'c', settled: learning.seen };
    expect([settled, learning, decide].sort(byNeed).map(({ subject }) => subject)).toEqual(['a', 'b', 'c']);
  });
});

describe('two releases', () => {
  it('are the newest and the one before it, where none are named', () => {
    const { from, to, difference } = compareReleases(exampleProfile(), {}, noDifference);
    expect([from.id, to.id]).toEqual(['cart-1', 'cart-2']);
    expect(difference.changes).toHaveLength(2);
  });

  it('tell what nothing explains apart from what is explained, and what came no more', () => {
    const { explained, unexplained, gone } = compareReleases(exampleProfile(), {}, noDifference);
    expect(explained.map(({ key, by }) => [key, by])).toEqual([['k5', expect.stringContaining('SMTP_HOST')]]);
    expect(unexplained.map(({ key }) => key)).toEqual(['k7', 'k8']);
    expect(gone.map(({ key }) => key)).toEqual(['k4']);
  });

  it('tell what was learned with the later one apart from what is not known', () => {
    const profile = exampleProfile();
    const [first] = profile.behaviours;
    const learned = { ...first!, key: 'k10', origin: 'learned' as const, releases: ['cart-2'] };
    const { unexplained, learned: found } = compareReleases(
      { ...profile, behaviours: [...profile.behaviours, learned] },
      {},
      noDifference,
    );
    expect(found.map(({ key }) => key)).toEqual(['k10']);
    expect(unexplained.map(({ key }) => key)).toEqual(['k7', 'k8']);
  });

  it('are compared anew the other way round', () => {
    const { gone, difference } = compareReleases(exampleProfile(), { from: 'cart-2', to: 'cart-1' }, noDifference);
    expect(gone.map(({ key }) => key)).toEqual(['k7', 'k8', 'k5']);
    expect(difference.changes).toEqual([]);
  });

  it('say what may be missing', () => {
    const { unknowns } = compareReleases(exampleProfile(), {}, noDifference);
    expect(unknowns.join(' ')).toMatch(/Nobody sees system calls/);
    expect(unknowns.join(' ')).toMatch(/Events were lost/);
  });

  it.each([
    [{ to: 'gone' }, 'release-unknown'],
    [{ from: 'cart-1', to: 'cart-1' }, 'releases-too-few'],
  ])('of %j are refused', (wanted, code) => {
    expect(() => compareReleases(exampleProfile(), wanted, noDifference)).toThrow(expect.objectContaining({ code }));
  });

  it('need two', () => {
    const profile = exampleProfile();
    const one = { ...profile, releases: profile.releases.slice(0, 1) };
    expect(() => compareReleases(one, {}, noDifference)).toThrow(expect.objectContaining({ code: 'releases-too-few' }));
  });
});
