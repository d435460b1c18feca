import { type Behaviour, Incident, Policy } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { testPolicy, untestedRules } from '../../policy/cases/index.ts';
import { type CompiledPolicy, loadPolicies } from '../../policy/index.ts';
import { proposeGate } from './index.ts';

function compilePolicy(policy: Policy): CompiledPolicy {
  const { policies, unknowns } = loadPolicies([{ policy, place: { source: 'gate.yaml' } }]);
  expect(unknowns).toEqual([]);
  return policies[0]!;
}

const entry = (behaviour: Partial<Behaviour>) => ({
  ...{ time: '2026-11-22T03:00:00Z', kind: 'deviation', sentence: 'it did', subject: 'shop/Deployment/web' },
  behaviour: { dimension: 'exec', actor: '/bin/sh', object: '/bin/x', ...behaviour },
});
const incidentOf = (changes: object): Incident =>
  Incident.parse({
    ...{ id: 'INC-7f3a', title: 'A shell in shop/web', subjects: ['shop/Deployment/web'] },
    ...{ severity: 'high', initialSeverity: 'high', facts: [], status: 'open', first: '', last: '' },
    ...{ processes: [], entries: [], techniques: [], confidence: '', advice: [], unknowns: [] },
    ...changes,
  });

const CASES: [string, object, RegExp][] = [
  [
    'a program that is not in the image',
    { processes: [{ id: 'p1', subject: 's', path: '/tmp/x', inImage: false }] },
    /readOnlyRoot/,
  ],
  [
    'a file written where none was',
    { entries: [entry({ dimension: 'open', access: 'create', object: '/usr/bin/x' })] },
    /readOnlyRoot/,
  ],
  ['a mount', { entries: [entry({ dimension: 'privilege', object: 'mount proc /mnt' })] }, /privileged/],
  ['a setuid call', { entries: [entry({ dimension: 'privilege', object: 'setuid 0' })] }, /allowPrivilegeEscalation/],
  ['a process of root', { processes: [{ id: 'p1', subject: 's', path: '/bin/sh', uid: 0 }] }, /runAsNonRoot/],
  ['a token that was read', { techniques: ['T1552.007'] }, /automountToken/],
  [
    "the runtime's socket",
    { entries: [entry({ dimension: 'connect', object: 'unix:/run/docker.sock' })] },
    /hostPaths/,
  ],
];

describe('a gate proposed after an incident', () => {
  it.each(CASES)('refuses what made it possible: %s', (_, changes, rule) => {
    const { policy, because } = proposeGate(incidentOf(changes))!;
    expect(because).toHaveLength(1);
    expect(policy.spec.require?.[0]?.expr).toMatch(rule);
    expect(Policy.parse(policy)).toEqual(policy);
    const compiled = compilePolicy(policy);
    expect(testPolicy(compiled).filter(({ passed }) => !passed)).toEqual([]);
    expect(untestedRules(compiled)).toEqual([]);
  });

  it('joins all that it finds, for the namespaces of the incident alone', () => {
    const all = CASES.map(([, changes]) => changes as Partial<Incident>);
    const { policy } = proposeGate(
      incidentOf({
        processes: all.flatMap(({ processes = [] }) => processes),
        entries: all.flatMap(({ entries = [] }) => entries),
        techniques: ['T1552.007'],
        subjects: ['shop/Deployment/web', 'bank/StatefulSet/ledger', 'registry.example/x:1'],
      }),
    )!;
    expect(policy.spec.require).toHaveLength(6);
    expect(policy.spec.match).toEqual({ namespaces: { include: ['bank', 'shop'] } });
    expect(testPolicy(compilePolicy(policy)).map(({ actual }) => actual)).toEqual(['fail', 'pass']);
    expect(untestedRules(compilePolicy(policy))).toEqual([]);
  });

  it('says what no manifest shows', () => {
    const shell = { id: 'p1', subject: 's', path: '/bin/bash', inImage: true, uid: 0 };
    expect(proposeGate(incidentOf({ processes: [shell] }))?.notes[0]).toContain('the image has /bin/bash');
  });

  it('is none where manifests have no part in it', () => {
    expect(
      proposeGate(incidentOf({ entries: [entry({ dimension: 'connect', object: 'internet:443/TCP' })] })),
    ).toBeUndefined();
  });
});
