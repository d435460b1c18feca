import type { LearnedProfile } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { another } from '../profile/profile.fixture.ts';
import { type IssuedPolicies, issuePolicies, recordOf, reissue as reissueRecord } from './index.ts';
import { knownOf, learnedWeb, releaseOf, unsettled } from './learned.fixture.ts';

const issue = (learned: LearnedProfile) =>
  issuePolicies(learned, { now: '2026-11-22T12:00:00Z', selector: { app: 'web' } });

/** As it is kept: what JSON leaves of it. */
const reissue = (before: IssuedPolicies | undefined, after: IssuedPolicies) =>
  reissueRecord(before && JSON.parse(JSON.stringify(recordOf(before))), after);

describe('issuing again', () => {
  it('is nothing where nothing changed', () => {
    const { policies, added, removed, arming } = reissue(issue(learnedWeb()), issue(learnedWeb()));
    expect(policies.filter(({ change }) => change !== 'unchanged')).toEqual([]);
    expect([added, removed, arming]).toEqual([[], [], []]);
  });

  it('after a release applies only what changed, each with what explains it', () => {
    const after = learnedWeb();
    const mail = knownOf(another('connect', 'mail.example:587/TCP'), { origin: 'explained', releases: ['r2'] });
    after.behaviours.push(mail);
    after.releases.push(
      releaseOf('r2', {
        difference: { from: 'r1', to: 'r2', changes: [], incomplete: [] },
        explained: [{ key: mail.key, behaviour: mail.behaviour, by: 'MAIL_HOST is new in the environment' }],
      }),
    );
    const { policies, added } = reissue(issue(learnedWeb()), issue(after));
    expect(policies.filter(({ change }) => change !== 'unchanged').map(({ target }) => target)).toEqual([
      'network-policy',
      'tetragon',
      'sensor',
    ]);
    expect(added).toEqual(['/usr/sbin/nginx connects to mail.example:587/TCP: MAIL_HOST is new in the environment']);
  });

  it('says which dimension armed, which fell back, and withdraws what must not refuse any more', () => {
    const early = issue(unsettled(learnedWeb(), 'connect', 'listen'));
    const late = issue(learnedWeb());
    expect(reissue(early, late).arming).toContainEqual(
      expect.stringMatching(/^connect blocks now: settled: 100 hours/),
    );
    const back = reissue(late, early);
    expect(back.arming).toContainEqual('connect falls back to telling: not settled: settles after 31 more hours');
    expect(back.policies).toContainEqual({ target: 'network-policy', change: 'withdrawn', before: 'block' });
  });

  it('the first time issues all', () => {
    const { policies, from } = reissue(undefined, issue(learnedWeb()));
    expect(from).toBe('');
    expect(new Set(policies.map(({ change }) => change))).toEqual(new Set(['issued']));
  });

  it('the first time says what does not block and why, of what is seen', () => {
    const { arming } = reissue(undefined, issue(unsettled(learnedWeb(), 'connect')));
    expect(arming).toContainEqual('connect only tells: not settled: settles after 31 more hours');
    expect(arming.filter((sentence) => sentence.startsWith('syscall'))).toEqual([]);
  });
});
