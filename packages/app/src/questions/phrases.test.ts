import { describe, expect, it } from 'vitest';
import { ageOf, listSome, nameOfId, spellPaths } from './phrases.ts';

describe('phrases of answers', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
    [['a', 'b', 'c', 'd'], 'a, b, c and 1 more'],
  ])('list %o', (names, text) => expect(listSome(names)).toBe(text));

  it.each([
    ['default/shop/Deployment/cart', 'shop/cart'],
    ['default//ClusterRoleBinding/ops', 'ops'],
    ['arn:aws:eks:eu:1:cluster/prod/shop/Deployment/cart', 'shop/cart'],
    ['sha256:abc', 'sha256:abc'],
  ])('name %s', (id, name) => expect(nameOfId(id)).toBe(name));

  it('spell paths so that a shell takes each as one', () => {
    expect(spellPaths(['k8s/', 'my images', "o'clock"])).toBe("k8s/ 'my images' 'o'\\''clock'");
    expect(spellPaths(['a', 'b', 'c', 'd', 'e'])).toBe('PATH...');
  });

  it.each([
    ['2027-01-10T11:58:00Z', '2 min'],
    ['2027-01-10T02:00:00Z', '10 h'],
    ['2027-01-01T12:00:00Z', '9 days'],
  ])('tell the age of %s', (time, age) => expect(ageOf(time, '2027-01-10T12:00:00Z')).toBe(age));
});
