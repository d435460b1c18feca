import { describe, expect, it } from 'vitest';
import { describeBase } from './describe-base.ts';
import { readHistory, stepsOfLayers } from './history.ts';

interface Step {
  created_by?: string;
  comment?: string;
  created?: string;
  empty_layer?: boolean;
}

const nop = (text: string, day: number): Step => ({
  created_by: `/bin/sh -c #(nop)  ${text}`,
  created: `2026-01-0${day}T00:00:00Z`,
  empty_layer: /^(?:CMD|ENTRYPOINT|ENV)/.test(text),
});
const kit = (text: string, day: number, empty = false): Step => ({
  created_by: text,
  comment: 'buildkit.dockerfile.v0',
  created: `2026-01-0${day}T00:00:00Z`,
  empty_layer: empty,
});
const from = (name: string, text = 'RUN x'): Step => ({ created_by: `/bin/sh -c ${text}`, comment: `FROM ${name}` });

const debian = [nop('ADD file:a in /', 1), nop('CMD ["bash"]', 1)];
const baseOf = (history: Step[], annotations = {}, labels = {}, layers?: number) => {
  const read = readHistory({ history });
  return describeBase(read, layers ?? read.filter(({ isEmpty }) => !isEmpty).length, annotations, labels);
};
const NAME = 'org.opencontainers.image.base.name';
const DIGEST = 'org.opencontainers.image.base.digest';
const digest = `sha256:${'a'.repeat(64)}`;

describe('the base image in the history', () => {
  it.each<[string, Step[], object | undefined]>([
    ['is none of an image from scratch', debian, undefined],
    [
      'ends with its CMD',
      [...debian, nop('COPY file:b in /app', 5), nop('CMD ["app"]', 5)],
      { layers: 1, confidence: 'medium' },
    ],
    [
      'is the next one below, not the one below that',
      [
        ...debian,
        nop('COPY file:b in /', 3),
        nop('ENTRYPOINT ["node"]', 3),
        nop('CMD ["node"]', 3),
        kit('COPY . . # buildkit', 7),
      ],
      { layers: 2, confidence: 'medium' },
    ],
    [
      'is a guess where all was built at once',
      [...debian, nop('COPY file:b in /app', 1)],
      { layers: 1, confidence: 'low' },
    ],
    [
      'ends where BuildKit begins',
      [
        { created_by: '# debian.sh out/', comment: 'debuerreotype 0.15' },
        kit('RUN x # buildkit', 5),
        kit('CMD ["x"]', 5, true),
      ],
      { layers: 1, confidence: 'medium' },
    ],
    ['is not known where nothing tells', [kit('COPY a / # buildkit', 1), kit('RUN x # buildkit', 5)], undefined],
    [
      'is named by Buildah, also in builds with kept steps',
      [...debian, from('docker.io/library/debian:12'), from('d00e6de9b402'), from('d00e6de9b402')],
      { name: 'docker.io/library/debian:12', layers: 1, confidence: 'high' },
    ],
    [
      'is the last that Buildah names',
      [...debian, from('docker.io/library/debian:12'), from('localhost/tools:1')],
      { name: 'localhost/tools:1', layers: 2, confidence: 'high' },
    ],
  ])('%s', (_, history, expected) => {
    expect(baseOf(history)).toEqual(expected === undefined ? undefined : { ...expected, evidence: 'history' });
  });

  it('is not looked for where the history does not fit the layers', () => {
    const history = [...debian, nop('COPY file:b in /app', 5)];
    expect(baseOf(history, {}, {}, 3)).toBeUndefined();
    expect(baseOf([], {}, {}, 3)).toBeUndefined();
    expect(describeBase(readHistory({ history: 'x' }), 1, {}, {})).toBeUndefined();
  });
});

describe('the base image that somebody names', () => {
  it('in an annotation is sure, and its layers as sure as the history', () => {
    const annotations = { [NAME]: 'debian:12', [DIGEST]: digest };
    expect(baseOf([], annotations, {}, 2)).toEqual({
      name: 'debian:12',
      digest,
      evidence: 'annotation',
      confidence: 'high',
    });
    const history = [...debian, nop('COPY file:b in /app', 5)];
    expect(baseOf(history, annotations)).toEqual({
      name: 'debian:12',
      digest,
      layers: 1,
      evidence: 'history',
      confidence: 'medium',
    });
  });

  it('in a label is a guess: a label of the base image is inherited', () => {
    expect(baseOf([], {}, { [NAME]: 'debian:12' }, 2)).toEqual({
      name: 'debian:12',
      evidence: 'label',
      confidence: 'low',
    });
    expect(baseOf([], { [NAME]: 7, [DIGEST]: 'sha256:x' }, {}, 2)).toBeUndefined();
  });
});

describe('steps of layers', () => {
  const steps = (layers: number, ...history: Step[]) => stepsOfLayers(readHistory({ history }), layers);

  it('pass over entries that made none', () => {
    expect(steps(2, ...debian, kit('COPY a / # buildkit', 2), kit('ENV A=b', 2, true))).toEqual([
      '/bin/sh -c #(nop)  ADD file:a in /',
      'COPY a / # buildkit',
    ]);
  });

  it('are not known where a history is shorter or longer than the layers, or says nothing', () => {
    expect(steps(3, ...debian)).toEqual([]);
    expect(steps(1, kit('RUN a', 1), kit('RUN b', 1))).toEqual([]);
    expect(steps(1, { comment: 'imported' })).toEqual([undefined]);
  });
});
