import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuantileSketch } from './quantile-sketch.ts';

const PARTS = [0.01, 0.5, 0.95, 0.99, 1];

describe('a sketch of quantiles', () => {
  it('is off by 3 % at most', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-5, max: 1e12, noNaN: true }), { minLength: 1 }), (values) => {
        const sketch = new QuantileSketch();
        for (const value of values) sketch.add(value);
        const sorted = [...values].sort((a, b) => a - b);
        for (const part of PARTS) {
          const exact = sorted[Math.ceil(part * sorted.length) - 1]!;
          expect(Math.abs(sketch.quantile(part) - exact)).toBeLessThanOrEqual(0.0301 * exact);
        }
      }),
    );
  });

  it('stays small, whatever comes', () => {
    const sketch = new QuantileSketch();
    for (let exponent = -300; exponent < 300; exponent += 0.05) sketch.add(10 ** exponent);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1, 0]) sketch.add(value);
    expect(sketch.buckets().length).toBeLessThanOrEqual(512);
    expect(sketch.quantile(1)).toBeLessThanOrEqual(sketch.highest);
    expect(new QuantileSketch().quantile(0.5)).toBe(0);
  });

  it('is the same once it was kept', () => {
    const sketch = new QuantileSketch();
    for (let value = 0; value < 1000; value++) sketch.add(value);
    const other = new QuantileSketch(sketch.buckets(), sketch.zeros, sketch.highest);
    expect(PARTS.map((part) => other.quantile(part))).toEqual(PARTS.map((part) => sketch.quantile(part)));
    expect(other.total).toBe(1000);
  });
});
