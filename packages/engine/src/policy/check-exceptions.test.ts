import type { Exception } from '@breakwater/model';
import { expect, it } from 'vitest';
import { checkExceptions } from './check-exceptions.ts';

const exception = (name: string, document: number, ...policies: string[]): Exception => ({
  apiVersion: 'breakwater/v1',
  kind: 'Exception',
  metadata: { name },
  spec: {
    policies,
    scope: { namespaces: ['ci'] },
    owner: 'team-ci',
    reason: 'Builds images.',
    expires: '2027-01-31',
    compensating: 'The node pool runs nothing else.',
  },
  place: { source: 'exceptions.yaml', document },
});

it('leaves out a second exception of a name, and tells of policies that there are not', () => {
  const [first, second, third] = [
    exception('runner', 0, 'privileged', 'pirvileged'),
    exception('runner', 1, 'privileged'),
    exception('builder', 2, 'privileged'),
  ] as const;
  const { exceptions, unknowns } = checkExceptions([first, second, third], new Set(['privileged']));
  expect(exceptions).toEqual([first, third]);
  expect(unknowns).toEqual([
    {
      code: 'exception-idle',
      message: 'exception runner: there is no policy pirvileged',
      place: { source: 'exceptions.yaml', document: 0, pointer: ['spec', 'policies', 1] },
    },
    {
      code: 'exception-invalid',
      message: 'exception runner: another exception has this name',
      place: { source: 'exceptions.yaml', document: 1, pointer: ['metadata', 'name'] },
    },
  ]);
});
