import {
  type Behaviour,
  DIMENSIONS,
  heldByPerson,
  type JsonObject,
  type LearnedProfile,
  type PendingBehaviour,
} from '@breakwater/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { another } from '../profile/profile.fixture.ts';
import { COMPILE_TARGETS } from '../targets.ts';
import { type IssuedPolicies, type IssuedPolicy, issuePolicies } from './index.ts';
import { knownOf, learnedWeb, pendingOf, releaseOf, unsettled } from './learned.fixture.ts';

const NOW = '2026-11-22T12:00:00Z';
const OPTIONS = { now: NOW, selector: { app: 'web' } };
const issue = (learned: LearnedProfile, more: object = {}): IssuedPolicies =>
  issuePolicies(learned, { ...OPTIONS, ...more });
const policyOf = (issued: IssuedPolicies, name: string): IssuedPolicy =>
  issued.policies.find(({ target }) => target === name)!;
const specOf = ({ objects }: IssuedPolicy): JsonObject => objects[0]!['spec'] as JsonObject;
const difference = { from: 'r1', to: 'r2', changes: [], incomplete: [] };

describe('policies issued from a learned profile', () => {
  it('block in every target where all that it rests on is settled, and would have refused nothing', () => {
    const issued = issue(learnedWeb());
    expect(issued.policies.map(({ target, step }) => [target, step])).toEqual(
      COMPILE_TARGETS.filter(({ confine }) => confine).map(({ name }) => [name, 'block']),
    );
    for (const { replay } of [...issued.policies, issued.guards]) expect(replay.refused).toEqual([]);
    expect(issued.guards.steps).toMatchObject({
      programs: 'block',
      starts: 'block',
      connections: 'block',
      mounts: 'block',
    });
  });

  it('leave a dimension open that is not settled, and say what is missing', () => {
    const issued = issue(unsettled(learnedWeb(), 'connect'));
    const network = policyOf(issued, 'network-policy');
    expect(network.armed).toEqual(['listen']);
    expect(specOf(network)['policyTypes']).toEqual(['Ingress']);
    expect(network.watched).toEqual([{ dimension: 'connect', note: 'not settled: settles after 31 more hours' }]);
    expect(issued.guards.steps).toMatchObject({ connections: 'audit', sockets: 'audit', starts: 'block' });
  });

  it('issue nothing that refuses from the moment it is applied, where nothing is settled', () => {
    const issued = issue(unsettled(learnedWeb(), ...DIMENSIONS));
    const steps = Object.fromEntries(issued.policies.map(({ target, step }) => [target, step]));
    expect(steps).toEqual({
      'validating-admission-policy': 'audit',
      'network-policy': 'none',
      'security-context': 'none',
      seccomp: 'none',
      tetragon: 'audit',
      kubearmor: 'audit',
    });
    expect(Object.values(issued.guards.steps)).not.toContain('block');
  });

  it('never let what is pending, and count it as held', () => {
    const shell = another('exec', '/bin/sh', { inImage: true });
    const issued = issue(learnedWeb({ pending: [pendingOf(shell, 'never')] }));
    expect(JSON.stringify(policyOf(issued, 'tetragon').objects)).not.toContain('/bin/sh');
    expect(policyOf(issued, 'tetragon').held).toEqual([{ behaviour: shell, count: 2 }]);
    expect(issued.guards.held).toEqual([{ behaviour: shell, count: 2 }]);
    expect(issued.guards.profile.behaviours).not.toContainEqual(shell);
  });

  it('let what somebody answers for until it runs out', () => {
    const learned = learnedWeb();
    const curl = another('exec', '/usr/bin/wget', { inImage: true });
    learned.behaviours.push(knownOf(curl, { origin: 'accepted', expires: '2026-11-23T00:00:00Z' }));
    const programs = (now: string) => JSON.stringify(policyOf(issue(learned, { now }), 'tetragon').objects);
    expect(programs(NOW)).toContain('/usr/bin/wget');
    expect(programs('2026-11-24T00:00:00Z')).not.toContain('/usr/bin/wget');
  });

  it('do not arm a capability while ports or calls that may take it are not settled', () => {
    const context = policyOf(issue(unsettled(learnedWeb(), 'listen')), 'security-context');
    expect(context.armed).toEqual(['privilege']);
    expect(JSON.stringify(context.objects)).not.toContain('capabilities');
    expect(context.watched).toEqual([{ dimension: 'capability', note: expect.stringContaining('rests on listen') }]);
  });

  it('do not arm a guard that cannot tell apart what is known', () => {
    const learned = learnedWeb();
    learned.behaviours.push(knownOf(another('exec', '/opt/hooks/run-*', { inImage: true })));
    const { steps, gaps } = issue(learned).guards;
    expect(steps).toMatchObject({ starts: 'audit', programs: 'block' });
    expect(gaps.map(({ message }) => message).join()).toContain('/opt/hooks/run-*');
  });
});

describe('a release', () => {
  it('that the profile has not seen disarms everything until its difference is explained', () => {
    const issued = issue(learnedWeb(), { running: { imageDigest: 'sha256:r9' } });
    expect(issued.arming.some(({ isArmed }) => isArmed)).toBe(false);
    expect(issued.arming[0]!.note).toContain('has not seen (r9)');
    expect(issue(learnedWeb(), { running: { imageDigest: 'sha256:r1' } }).guards.step).toBe('block');
  });

  it('whose difference could not be had in full disarms until it was watched for as long as what is new to us', () => {
    const cut = { ...difference, incomplete: ['the files of r2 were not read'] };
    const armingOf = (changes: object, budget = { alerts: 1, hours: 6 }) =>
      issue(learnedWeb({ releases: [releaseOf('r1'), releaseOf('r2', changes)], budget })).arming[0];
    expect(armingOf({ difference: cut, minutes: 1000 })).toMatchObject({
      isArmed: false,
      note: 'release shop/web:r2 could not be compared in full: the files of r2 were not read; blocks after 1 hour of its replicas',
    });
    expect(armingOf({ difference: undefined, minutes: 0 })!.note).toContain('not compared with the one before');
    for (const one of [cut, undefined]) expect(armingOf({ difference: one, minutes: 1080 })!.isArmed).toBe(true);
    expect(armingOf({ difference: cut, minutes: 1080 }, { alerts: 1, hours: 7 })!.isArmed).toBe(false);
    expect(armingOf({ difference: { ...difference, unlisted: 9 }, minutes: 0 })!.isArmed).toBe(true);
  });

  it('that does what nothing explains disarms that dimension, unless it is what an intruder would do', () => {
    const strange = another('connect', 'internet:8443/TCP');
    const unexplained = [{ key: pendingOf(strange, 'witnesses').key, behaviour: strange }];
    const releases = [releaseOf('r1'), releaseOf('r2', { difference, unexplained })];
    const armed = (held: 'witnesses' | 'never' | 'incident'): Behaviour['dimension'][] =>
      issue(learnedWeb({ releases, pending: [pendingOf(strange, held)] })).arming.flatMap(({ dimension, isArmed }) =>
        isArmed ? dimension : [],
      );
    expect(armed('witnesses')).not.toContain('connect');
    expect(armed('witnesses')).toContain('exec');
    expect(armed('never')).toContain('connect');
    expect(armed('incident')).toContain('connect');
  });

  it('refuses no habit that awaits a word: from the beginning, over and over, by several; nor lets an intruder make one', () => {
    const build: Behaviour = { dimension: 'exec', actor: '/usr/bin/make', parent: '', object: '/builds/*/prog' };
    const habit = { ...pendingOf(build, 'incident'), first: '2026-11-10T08:00:00Z', replicas: 3, incidences: 300 };
    const execOf = (changes: Partial<PendingBehaviour>) =>
      issue(learnedWeb({ pending: [{ ...habit, ...changes }] })).arming.find(({ dimension }) => dimension === 'exec')!;
    expect(execOf({})).toMatchObject({
      isArmed: false,
      note: 'from the beginning and over and over /usr/bin/make starts /builds/*/prog, and nobody has said that it may',
    });
    expect(execOf({ incident: 'i-7' }).note).toContain('nobody has said in incident i-7 that it may');
    expect(execOf({ replicas: 1, days: 3 }).isArmed).toBe(false);
    for (const other of [{ replicas: 2 }, { incidences: 299 }, { first: '2026-11-11T00:00:00Z' }])
      expect(execOf(other).isArmed, JSON.stringify(other)).toBe(true);
    expect(execOf({ held: 'never', reason: heldByPerson('ana', 'no builds here') }).isArmed).toBe(true);
  });
});

describe('any learned profile', () => {
  const objects: Record<string, string[]> = {
    exec: ['/bin/a', '/opt/b-*', '/usr/bin/python3'],
    open: ['/etc/x.conf', '/data/*', '/run/secrets/k/token', '/x'],
    connect: ['a.example:1/TCP', '1.2.3.4:5/UDP', 'internet:*/TCP', 'unix:/run/a-*.sock', 'loopback:1/TCP'],
    listen: ['80/TCP', '8443/TCP', '*/UDP'],
    capability: ['CAP_CHOWN', 'CAP_NET_RAW', 'CAP_STRANGE'],
    syscall: ['bpf', 'socket'],
    privilege: ['uid 0', 'uid 7', 'setuid 0', 'unshare user mount', 'ptrace'],
  };
  const behaviour: fc.Arbitrary<Behaviour> = fc.constantFrom(...DIMENSIONS).chain((dimension) =>
    fc.record({
      dimension: fc.constant(dimension),
      actor: fc.constantFrom('', '/bin/a', '/opt/b-*'),
      parent: fc.constantFrom('', '/bin/a'),
      object: fc.constantFrom(...objects[dimension]!),
      ...(dimension === 'open' ? { access: fc.constantFrom('read' as const, 'write' as const) } : {}),
      ...(dimension === 'exec' ? { inImage: fc.boolean() } : {}),
    }),
  );
  const learned = fc
    .tuple(
      fc.uniqueArray(behaviour, { maxLength: 12, selector: (one) => JSON.stringify(one) }),
      fc.subarray([...DIMENSIONS]),
      fc.subarray([...DIMENSIONS]),
    )
    .map(([behaviours, settled, seen]) => {
      const web = learnedWeb({ behaviours: behaviours.map((one) => knownOf(one)) });
      return {
        ...web,
        dimensions: web.dimensions.map((state) => {
          const isSeen = seen.includes(state.dimension) || behaviours.some((one) => one.dimension === state.dimension);
          return { ...state, isSeen, isSettled: isSeen && settled.includes(state.dimension) };
        }),
      };
    });

  it('refuses nothing that it knows, and nothing of a dimension that is not settled', () => {
    fc.assert(
      fc.property(learned, behaviour, (profile, strange) => {
        const issued = issue(profile);
        const settled = profile.dimensions.filter(({ isSettled }) => isSettled).map(({ dimension }) => dimension);
        for (const one of [...issued.policies, issued.guards]) {
          expect(one.armed.filter((dimension) => !settled.includes(dimension))).toEqual([]);
          if (one.step === 'block') expect(one.replay.refused).toEqual([]);
        }
        if (settled.includes(strange.dimension)) return;
        const dimensions = profile.dimensions.map((state) =>
          state.dimension === strange.dimension ? { ...state, isSeen: true } : state,
        );
        const tried = issue({ ...profile, dimensions, pending: [pendingOf(strange, 'witnesses')] });
        for (const { held } of [...tried.policies, tried.guards]) expect(held).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('gives the same documents in whatever order it was learned', () => {
    fc.assert(
      fc.property(learned, (profile) => {
        const turned = { ...profile, behaviours: profile.behaviours.toReversed() };
        expect(issue(turned).version).toBe(issue(profile).version);
      }),
    );
  });
});
