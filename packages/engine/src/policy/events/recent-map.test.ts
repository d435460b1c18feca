import { describe, expect, it } from 'vitest';
import { RecentMap } from './recent-map.ts';

describe('what was set lately', () => {
  it('is kept while half of the room is taken by others, and gone when all of it was', () => {
    const map = new RecentMap<number>(8);
    map.set('kept', 0);
    for (let index = 0; index < 100; index += 1) {
      for (let other = 0; other < 3; other += 1) map.set(`other-${index}-${other}`, index);
      expect(map.get('kept')).toBe(index === 0 ? 0 : index - 1);
      map.set('kept', index);
    }
    for (let index = 0; index < 8; index += 1) map.set(`last-${index}`, index);
    expect(map.get('kept')).toBeUndefined();
    expect(map.get('last-7')).toBe(7);
  });

  it('is as it was set last', () => {
    const map = new RecentMap<number>(4);
    for (const value of [1, 2, 3]) map.set('a', value);
    map.set('b', 1);
    map.set('c', 1);
    expect(map.get('a')).toBe(3);
    map.set('a', 4);
    expect(map.get('a')).toBe(4);
  });
});
