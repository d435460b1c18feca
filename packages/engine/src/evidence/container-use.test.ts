import { type Behaviour, DIMENSIONS, type LearnedProfile } from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownOf, learnedWeb, pendingOf, stateOf, unsettled } from '../compile/issue/learned.fixture.ts';
import { deployment, estate } from '../risk/estate.fixture.ts';
import { absenceIn, usesOf } from './index.ts';

const { workloads } = estate([deployment('shop', 'web', { container: { name: 'nginx' } })]);
const [web] = workloads;
const useOf = (...learned: LearnedProfile[]) => usesOf(learned, workloads).get(web!.id)![0]!;
const withState = (dimension: Behaviour['dimension'], changes: object): LearnedProfile => {
  const learned = learnedWeb();
  return {
    ...learned,
    dimensions: learned.dimensions.map((state) =>
      state.dimension === dimension ? stateOf(dimension, changes) : state,
    ),
  };
};

describe('what was not seen', () => {
  it('counts with the hours, the replicas and the day on which it rests', () => {
    expect(absenceIn(useOf(learnedWeb()), 'open')).toEqual({
      isSettled: true,
      hours: 100,
      words: 'in 100 hours of 3 replicas until 2026-11-20 00:00 UTC',
    });
  });

  it('says what is missing while it is not settled', () => {
    expect(absenceIn(useOf(unsettled(learnedWeb(), 'open')), 'open')).toMatchObject({
      isSettled: false,
      caveat: 'not settled: settles after 31 more hours',
    });
  });

  it.each([
    ['of what nobody tells of', withState('open', { isSeen: false })],
    ['of what was hardly watched', withState('open', { minutes: 59 })],
    ['where not all was kept', learnedWeb({ dropped: 1 })],
  ])('says nothing %s', (_, learned) => {
    expect(absenceIn(useOf(learned), 'open')).toBeUndefined();
  });

  it('is told beside the minutes in which events were lost', () => {
    const absence = absenceIn(useOf(withState('open', { partialMinutes: 40 })), 'open');
    expect(absence?.words).toContain('that were watched whole');
    expect(absence?.caveat).toBe('in 40 more minutes events were lost');
  });

  it('is of a workload that the profile names, and of its container', () => {
    expect(usesOf([learnedWeb({ subject: 'shop/Deployment/other' })], workloads).size).toBe(0);
    expect(usesOf([learnedWeb({ container: 'sidecar' })], workloads).size).toBe(0);
  });

  it('is never more than what any of several profiles saw, held or not', () => {
    const behaviour = fc.record({
      dimension: fc.constantFrom(...DIMENSIONS),
      actor: fc.constantFrom('/a', '/b'),
      parent: fc.constant(''),
      object: fc.constantFrom('x', 'y', 'z'),
    });
    fc.assert(
      fc.property(fc.array(behaviour), fc.array(behaviour), fc.array(behaviour), (a, b, held) => {
        const one = learnedWeb({ behaviours: a.map((each) => knownOf(each)) });
        const other = learnedWeb({
          behaviours: b.map((each) => knownOf(each)),
          pending: held.map((each) => pendingOf(each, 'never')),
        });
        expect(useOf(one, other).behaviours).toEqual(expect.arrayContaining([...a, ...b, ...held]));
      }),
    );
  });
});
