import { describe, expect, it } from 'vitest';
import { readHistory, stepsOfLayers } from './history.ts';

const steps = (layers: number, ...history: [created: string, isEmpty?: boolean][]) =>
  stepsOfLayers(
    readHistory({ history: history.map(([created_by, empty_layer = false]) => ({ created_by, empty_layer })) }),
    layers,
  );

describe('steps of layers', () => {
  it('are those that made one, in their order', () => {
    expect(steps(2, ['ADD file:1 in /'], ['CMD ["sh"]', true], ['RUN make'])).toEqual(['ADD file:1 in /', 'RUN make']);
  });

  it('are none where there are not as many', () => {
    expect(steps(1, ['ADD file:1 in /'], ['RUN make'])).toEqual([]);
  });

  it.each(['CMD ["/bin/httpd"]', '/bin/sh -c #(nop) CMD ["sh"]', 'EXPOSE map[80/tcp:{}]', 'env A=b'])(
    'are not the last of several that were made one layer: %s changes no file',
    (last) => {
      expect(steps(1, ['COPY bin /bin', true], ['COPY app /app', true], [last])).toEqual([undefined]);
    },
  );

  it('are those whose names only begin alike', () => {
    expect(steps(1, ['ENVIRONMENT=a make'])).toEqual(['ENVIRONMENT=a make']);
  });
});
