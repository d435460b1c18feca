import { describe, expect, it } from 'vitest';
import { type Program, Programs } from './programs.ts';

const program = (path: string): Program => ({ path, arguments: '', inImage: true, fileless: false });

describe('programs', () => {
  it('that are named again stay through a flood of others, and the rest goes', () => {
    const programs = new Programs();
    programs.put(1, program('/1'));
    programs.put(2, program('/2'));
    for (let id = 3; id < 100_000; id++) {
      programs.put(id, program(`/${id}`));
      if (id % 1000 === 0) programs.get(1);
    }
    expect([programs.get(1)?.path, programs.get(2), programs.get(99_999)?.path]).toEqual(['/1', undefined, '/99999']);
  });
});
