import { describe, expect, it } from 'vitest';
import { describeBase, formatStep, originOf } from './origin.ts';

describe('a step', () => {
  it.each([
    ['/bin/sh -c #(nop)  CMD ["/bin/sh"]', 'CMD ["/bin/sh"]'],
    ['/bin/sh -c #(nop) ADD file:d48c in / ', 'ADD file:d48c in /'],
    ['/bin/sh -c apk add curl', 'RUN apk add curl'],
    ['RUN /bin/sh -c apk add curl # buildkit', 'RUN apk add curl'],
    ['|1 VERSION=3 /bin/sh -c make', 'RUN make'],
    ['RUN |2 A=1 B= /bin/sh -c make # buildkit', 'RUN make'],
    ['COPY /app /app # buildkit', 'COPY /app /app'],
    ['bazel build ...', 'bazel build ...'],
  ])('%s is %s', (createdBy, step) => expect(formatStep(createdBy)).toBe(step));

  it('of a stranger costs no more than its length', () => {
    const hostile = [`|1 ${'a=b=c '.repeat(600)}x`, `${' '.repeat(4096)}x`, `|1 ${'='.repeat(4096)}`];
    const start = performance.now();
    for (const step of hostile) expect(formatStep(step)).toBe(step.trim());
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('where a component came from', () => {
  const layers = [
    { diffId: 'a', size: 1, createdBy: '/bin/sh -c #(nop) ADD x in /' },
    { diffId: 'b', size: 1, createdBy: 'RUN /bin/sh -c apk add curl # buildkit' },
    { diffId: 'c', size: 1 },
  ];
  const base = { name: 'alpine:3.20', layers: 1, evidence: 'history', confidence: 'high' } as const;

  it('is a layer with its step, of the base image or above', () => {
    expect(originOf({ layers, base }, { layer: 'a' })).toEqual({
      layer: 1,
      fromBase: true,
      baseName: 'alpine:3.20',
      step: 'ADD x in /',
    });
    expect(originOf({ layers, base }, { layer: 'b' })).toEqual({ layer: 2, fromBase: false, step: 'RUN apk add curl' });
    expect(originOf({ layers }, { layer: 'c' })).toEqual({ layer: 3 });
    expect(originOf({ layers, base: { ...base, layers: undefined } }, { layer: 'a' })).toEqual({
      layer: 1,
      step: 'ADD x in /',
    });
    expect(originOf({ layers, base }, { layer: 'x' })).toBeUndefined();
    expect(originOf({ layers, base }, {})).toBeUndefined();
    expect(originOf({ layers: layers.slice(2) }, { layer: 'c' })).toBeUndefined();
  });

  it('is said in words, as sure as it is', () => {
    expect(describeBase({ layers, base })).toBe('alpine:3.20, the lowest 1 of 3 layers');
    expect(describeBase({ layers, base: { layers: 2, evidence: 'history', confidence: 'low' } })).toBe(
      'of unknown name, the lowest 2 of 3 layers (a guess: by the order of steps in its history)',
    );
    expect(describeBase({ layers })).toBeUndefined();
  });
});
