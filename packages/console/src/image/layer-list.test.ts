import { describe, expect, it } from 'vitest';
import { stepWords } from './layer-list.tsx';

describe('stepWords', () => {
  it.each([
    ['/bin/sh -c #(nop) ADD file:abc in / ', 'ADD file:abc in /'],
    ['/bin/sh -c apk add curl', 'RUN apk add curl'],
    ['RUN /bin/sh -c npm ci # buildkit', 'RUN npm ci'],
    ['COPY . /app # buildkit', 'COPY . /app'],
  ])('reads %s as %s', (recorded, words) => expect(stepWords(recorded)).toBe(words));
});
