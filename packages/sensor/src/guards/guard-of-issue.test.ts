import { type DimensionArming, issueGuards } from '@breakwater/engine/compile/issue';
import { DIMENSIONS } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { guardOfIssue } from './guard-of-issue.ts';

const armed = (...names: string[]): DimensionArming[] =>
  DIMENSIONS.map((dimension) => ({
    dimension,
    isSeen: true,
    isArmed: names.includes(dimension),
    note: 'not settled: settles after 3 more hours',
  }));

const issued = (...names: string[]) =>
  issueGuards(
    {
      version: 1,
      subject: 'shop/Deployment/web',
      budget: { alerts: 1, hours: 6 },
      dimensions: DIMENSIONS.map((dimension) => ({
        dimension,
        isSeen: true,
        minutes: 600,
        partialMinutes: 0,
        behaviours: 1,
        once: 0,
        expected: 0,
        atMost: 0,
        isSettled: true,
        note: '',
      })),
      behaviours: [
        {
          behaviour: { dimension: 'exec', actor: '', parent: '', object: '/bin/web', inImage: true },
          key: 'k',
          origin: 'learned',
          incidences: 9,
          replicas: 1,
          days: 1,
          releases: [],
        },
      ],
      pending: [],
      releases: [],
      resources: [],
      dropped: 0,
      growth: [],
    },
    armed(...names),
    '2026-11-22T12:00:00Z',
  );

describe('guards as they were issued', () => {
  it('stop what was asked for where the profile is settled, and tell of the rest with what is missing', () => {
    const { guard, notes } = guardOfIssue(issued('exec'), { starts: 'block', programs: 'block', connections: 'block' });
    expect(guard).toMatchObject({
      starts: 'block',
      programs: 'block',
      connections: 'audit',
      permits: [{ guard: 'starts', object: '/bin/web' }],
    });
    expect(notes).toContain('connect is only told: not settled: settles after 3 more hours');
  });

  it('never go further than what was asked for', () => {
    const { guard, notes } = guardOfIssue(issued(...DIMENSIONS), { starts: 'audit' });
    expect([guard.starts, guard.programs]).toEqual(['audit', undefined]);
    expect(notes).toEqual([]);
  });
});
