import { behaviourKey, behavioursOf } from '@breakwater/engine/behaviour';
import { BehaviourProfile, LearnedProfile, type RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import type { ReadProfile } from '../profiles/read-profiles.ts';
import { judgeByProfiles } from './judge-by-profiles.ts';

const NGINX = { path: '/usr/sbin/nginx', arguments: '', pid: 1, uid: 0, inImage: true };
const SHELL = { path: '/bin/dash', arguments: '-c id', pid: 9, uid: 0, inImage: true };
const event = (more: Partial<RuntimeEvent>): RuntimeEvent => ({
  source: 'tetragon',
  time: '2026-11-20T10:00:00.000Z',
  type: 'exec',
  pod: { namespace: 'shop', name: 'web-7c9d5b8f4d-x2x7k', labels: {} },
  container: { id: 'c1', name: 'nginx', image: 'shop/web:1', imageDigest: 'sha256:1' },
  process: NGINX,
  ...more,
});
const reads = (path: string, more: Partial<RuntimeEvent> = {}) =>
  event({ type: 'open', file: { path, access: 'read' }, ...more });
const KNOWN = [
  event({}),
  reads('/etc/nginx/nginx.conf'),
  event({ type: 'listen', local: { address: '::', port: 80 } }),
];
const behaviours = KNOWN.flatMap(behavioursOf);
const DIMENSIONS = ['exec', 'open', 'connect', 'listen', 'privilege'] as const;

function recorded(more: Partial<BehaviourProfile> = {}): ReadProfile {
  const own = { subject: 'shop/Deployment/web', container: 'nginx', origin: 'recorded' as const };
  const profile = BehaviourProfile.parse({ ...own, dimensions: [...DIMENSIONS], behaviours, ...more });
  return { profile, recorded: [] };
}

function learned(settled: readonly string[]): ReadProfile {
  const seen = { incidences: 9, replicas: 2, days: 2, releases: [] };
  const state = {
    isSeen: true,
    minutes: 9,
    partialMinutes: 0,
    behaviours: 1,
    once: 0,
    expected: 0,
    atMost: 0,
    note: '',
  };
  const profile = LearnedProfile.parse({
    version: 1,
    subject: 'shop/Deployment/web',
    container: 'nginx',
    budget: { alerts: 1, hours: 6 },
    dimensions: DIMENSIONS.map((dimension) => ({ ...state, dimension, isSettled: settled.includes(dimension) })),
    behaviours: behaviours.map((one) => ({ behaviour: one, key: behaviourKey(one), origin: 'learned', ...seen })),
    ...{ pending: [], releases: [], resources: [], growth: [] },
  });
  return { ...recorded(), learned: profile };
}

const newTo = (profile: ReadProfile, ...events: RuntimeEvent[]) => {
  const judge = judgeByProfiles([profile]);
  return events.flatMap((one) => judge.judge(one)).map(({ judgement }) => judgement?.behaviour.object);
};

describe('recorded events beside a profile', () => {
  it('tell nothing where the profile has it', () => {
    expect(newTo(recorded(), ...KNOWN)).toEqual([]);
  });

  it('tell what it does not have, as new and not as sure', () => {
    const judge = judgeByProfiles([recorded()]);
    const [sign] = judge.judge(event({ process: SHELL, parent: NGINX }));
    expect(sign).toMatchObject({ kind: 'deviation', subject: 'shop/Deployment/web', container: 'nginx' });
    expect(sign?.judgement).toMatchObject({ verdict: 'deviation', isSettled: false, isGrave: false });
    expect(sign?.judgement?.behaviour).toMatchObject({ actor: '/usr/sbin/nginx', object: '/bin/dash' });
  });

  it('of one that says how sure it is, tell what is new where it is settled, and what is grave anywhere', () => {
    const config = reads('/etc/hosts');
    const shadow = reads('/etc/shadow');
    const start = event({ process: SHELL, parent: NGINX });
    expect(newTo(learned(['exec']), start, config, shadow)).toEqual(['/bin/dash', '/etc/shadow']);
    const judge = judgeByProfiles([learned(['exec'])]);
    for (const one of [start, config, shadow]) judge.judge(one);
    expect(judge.end().join()).toMatch(/^\d new behaviours? (?:is|are) not told: .* is not settled there\.$/);
  });

  it('tell nothing of what the profile did not see at all', () => {
    const call: RuntimeEvent = event({ type: 'connect', peer: { address: '192.0.2.1', port: 4444, protocol: 'TCP' } });
    expect(newTo(recorded({ dimensions: ['exec'] }), call)).toEqual([]);
    expect(newTo(recorded(), call)).toEqual(['internet:4444/TCP']);
  });

  it('of another tool count as the deed that its alert tells of', () => {
    const alert = { rule: 'Terminal shell in container', priority: 'Notice', message: '', tags: [] };
    const raised = event({ source: 'falco', type: 'alert', alert, process: SHELL, parent: NGINX });
    expect(newTo(recorded(), raised)).toContain('/bin/dash');
    const named = { ...raised, process: { ...SHELL, path: 'sh' }, parent: { ...NGINX, path: 'nginx' } };
    expect(newTo(recorded(), named)).toEqual([]);
  });

  it('that were stopped are no behaviour', () => {
    expect(newTo(recorded(), { ...reads('/etc/shadow'), prevention: 'stopped' })).toEqual([]);
  });

  it('are judged by the profile of their workload, however its kind or its pod is named, else of their image', () => {
    const fresh = reads('/etc/hosts');
    for (const subject of ['shop/Pod/web-7c9d5b8f4d-ppppp', 'shop/ReplicaSet/web', 'shop/web:1'])
      expect(newTo(recorded({ subject }), fresh), subject).toHaveLength(1);
    const ofImage = recorded({ subject: 'ci/web', container: undefined, imageDigest: 'sha256:1' });
    expect(newTo(ofImage, fresh)).toHaveLength(1);
    for (const other of [
      { subject: 'shop/Deployment/cart' },
      { container: 'sidecar' },
      { subject: 'pay/Deployment/web' },
    ])
      expect(newTo(recorded(other), fresh), JSON.stringify(other)).toEqual([]);
  });

  it('of no profile say so, and a profile of which nothing came says so too', () => {
    const judge = judgeByProfiles([recorded({ subject: 'shop/Deployment/cart' })]);
    expect(judge.judge(reads('/etc/shadow'))).toEqual([]);
    expect(judge.unknownsOf(reads('/etc/shadow')).join()).toContain('nothing was learned');
    expect(judge.end()).toEqual([
      'Nothing was judged by the profile of shop/Deployment/cart nginx: no event is of it.',
    ]);
    const older = judgeByProfiles([recorded({ imageDigest: 'sha256:0' })]);
    expect(older.unknownsOf(reads('/etc/shadow')).join()).toContain('another image');
  });
});
