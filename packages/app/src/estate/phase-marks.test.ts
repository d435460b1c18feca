import type { Finding } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { exampleAssessment, exampleFinding } from '../testing/index.ts';
import { phaseMarks } from './phase-marks.ts';

const read = {
  ...exampleAssessment('', ['cart'], []).ranking.workloads[0]!,
  images: [{ reference: 'a', image: 'sha256:1' }],
};
const unread = { ...read, images: [{ reference: 'a' }] };
const finding = (change: Partial<Finding>) => ({ ...exampleFinding(read.id, 'r', 'high', true), ...change });

describe('phaseMarks', () => {
  it('calls clean only what was looked at', () => {
    expect(phaseMarks(read, [], true)).toEqual({ build: 'clean', deploy: 'clean', run: 'clean' });
    expect(phaseMarks(unread, [], false)).toEqual({ build: 'unknown', deploy: 'clean', run: 'unknown' });
  });

  it('shows the worst of each phase', () => {
    const findings = [
      finding({ phase: 'build', severity: 'low' }),
      finding({ phase: 'build', severity: 'critical' }),
      finding({ phase: 'deploy', severity: 'medium' }),
      finding({ phase: 'run', severity: 'high' }),
    ];
    expect(phaseMarks(read, findings, true)).toEqual({ build: 'critical', deploy: 'medium', run: 'high' });
  });

  it('passes over quiet vulnerabilities, exceptions and what is not decided in deploy', () => {
    const findings = [
      finding({ phase: 'build', matters: false }),
      finding({ phase: 'deploy', exception: 'runner' }),
      finding({ phase: 'deploy', verdict: 'unknown' }),
    ];
    expect(phaseMarks(read, findings, true)).toEqual({ build: 'clean', deploy: 'clean', run: 'clean' });
  });
});
