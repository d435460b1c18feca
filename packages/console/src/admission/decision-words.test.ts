import type { AdmissionDecision } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { deedOf, repeatedDecisions } from './decision-words.ts';

const decision = (uid: string, time: string, more: Partial<AdmissionDecision> = {}): AdmissionDecision => ({
  time: `2026-11-23T02:13:${time}Z`,
  uid,
  operation: 'CONNECT',
  kind: 'PodAttachOptions',
  namespace: 'shop',
  name: 'db',
  user: 'alice',
  outcome: 'denied',
  reasons: [],
  more: 0,
  ...more,
});

describe('what somebody asked to do', () => {
  it.each([
    ['CREATE', 'Pod', 'create', 'Pod'],
    ['CONNECT', 'PodExecOptions', 'run a command in', 'Pod'],
    ['CONNECT', 'PodAttachOptions', 'attach to', 'Pod'],
    ['CONNECT', 'PodPortForwardOptions', 'forward ports of', 'Pod'],
    ['CONNECT', 'ServiceProxyOptions', 'send requests through', 'Service'],
    ['CONNECT', 'GizmoOptions', 'connect to', 'GizmoOptions'],
    ['CREATE', 'ExecOptions', 'create', 'ExecOptions'],
  ] as const)('%s of %s is to %s a %s', (operation, kind, words, of) => {
    expect(deedOf({ operation, kind })).toEqual([words, of]);
  });
});

describe('decisions one after the other', () => {
  it('are one where they differ in their moment alone', () => {
    const rows = repeatedDecisions([
      decision('4', '15.260'),
      decision('3', '15.218'),
      decision('2', '15.100', { user: 'oncall', outcome: 'break-glass' }),
      decision('1', '15.063'),
      decision('0', '01.000'),
    ]);
    expect(rows.map(({ decision: { uid }, times }) => [uid, times])).toEqual([
      ['4', 2],
      ['2', 1],
      ['1', 1],
      ['0', 1],
    ]);
  });
});
