import { Exception, Policy } from '@breakwater/model';
import { type CompiledPolicy, loadPolicies } from '../../policy/index.ts';

/** A policy for tests, ready to be compiled; whatever is wrong with it is thrown. */
export function samplePolicy(spec: Record<string, unknown>, name = 'sample'): CompiledPolicy {
  const policy = Policy.parse({
    apiVersion: 'breakwater/v1',
    kind: 'Policy',
    metadata: { name },
    spec: { title: 'Sample', why: 'It is tested.', fix: 'None.', severity: 'low', phases: ['deploy'], ...spec },
  });
  const { all, unknowns } = loadPolicies([{ policy, place: { source: 'sample.yaml' } }]);
  const faults = unknowns.filter(({ code }) => code === 'policy-invalid');
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('\n'));
  return all[0] as CompiledPolicy;
}

/** An exception for the sample policy. */
export function sampleException(scope: Record<string, unknown>, expires = '2027-01-31'): Exception {
  return Exception.parse({
    apiVersion: 'breakwater/v1',
    kind: 'Exception',
    metadata: { name: 'excepted' },
    spec: { policies: ['sample'], scope, owner: 'team', reason: 'It is tested.', compensating: 'None.', expires },
  });
}
