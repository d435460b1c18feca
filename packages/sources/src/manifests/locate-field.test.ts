import { describe, expect, it } from 'vitest';
import { fieldLocator } from './locate-field.ts';

const TEXT = `# top
kind: A
---
kind: Pod
spec:
  containers:
  - name: a
  - name: b
    securityContext: {privileged: true}
`;

describe('fieldLocator', () => {
  it.each<[pointer: (string | number)[], line: number, column: number]>([
    [['spec', 'containers', 1, 'securityContext', 'privileged'], 9, 23],
    [['spec', 'containers', 1], 8, 5],
    [['spec', 'containers'], 6, 3],
    [[], 4, 1],
  ])('finds %j', (pointer, line, column) => {
    expect(fieldLocator(TEXT)(1, pointer)).toEqual({ line, column });
  });

  it('points at the nearest ancestor of a field that is missing', () => {
    expect(fieldLocator(TEXT)(1, ['spec', 'containers', 0, 'securityContext', 'privileged'])).toEqual({
      line: 7,
      column: 5,
    });
    expect(fieldLocator(TEXT)(1, ['spec', 'hostPID'])).toEqual({ line: 5, column: 1 });
  });

  it('reads JSON, and answers for documents that are not there', () => {
    expect(fieldLocator('{\n  "a": {\n    "b": 1\n  }\n}\n')(0, ['a', 'b'])).toEqual({ line: 3, column: 5 });
    expect(fieldLocator('a: 1\n')(7, ['a'])).toEqual({ line: 1, column: 1 });
  });
});
