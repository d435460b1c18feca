import { describe, expect, it } from 'vitest';
import { ToldLately } from './told-lately.ts';

const told = (id: string, size: number) => ({ id, size, batch: { behaviours: [], replicas: [], losses: [] } });

describe('what was told lately', () => {
  it('is given once', () => {
    const lately = new ToldLately();
    const one = told('a', 10);
    lately.note(one);
    expect([lately.sizeOf('a'), lately.take('a'), lately.take('a'), lately.sizeOf('a')]).toEqual([
      10,
      one.batch,
      undefined,
      undefined,
    ]);
  });

  it('is let go of, the oldest first, where nobody takes it', () => {
    const lately = new ToldLately();
    for (let index = 0; index < 50; index += 1) lately.note(told(`${index}`, 1_000_000));
    const left = Array.from({ length: 50 }, (_, index) => index).filter((one) => lately.sizeOf(`${one}`) !== undefined);
    expect(left).toEqual([46, 47, 48, 49]);
    lately.note(told('too large', 5_000_000));
    expect(lately.sizeOf('too large')).toBeUndefined();
  });
});
