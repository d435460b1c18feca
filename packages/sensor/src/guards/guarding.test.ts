import { DEFAULT_LADDER } from '@breakwater/engine/prevention';
import type { RuntimeEvent } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import type { Guard } from '../kernel/index.ts';
import { Guarding, workloadOf } from './guarding.ts';

const LADDER = { ...DEFAULT_LADDER, hold: 1000, mostDecisions: 1, mostFailures: 1 };
const factsOf = (id: string) => ({ container: { id, image: 'shop/web:1' } });
const refusal = (id: string): RuntimeEvent => ({
  source: 'sensor',
  time: '',
  type: 'mount',
  prevention: 'audited',
  guards: ['mounts'],
  ...factsOf(id),
});

function guardingOf() {
  const state = { now: 0, applied: [] as [string, Guard][], told: [] as string[] };
  const guarding = new Guarding({
    guard: { mounts: 'block', programs: 'audit', allowed: [] },
    ladder: LADDER,
    now: () => state.now,
    apply: (id, guard) => state.applied.push([id, guard]),
    tell: ({ alert }) => state.told.push(alert?.message ?? ''),
  });
  const at = (now: number): void => {
    state.now = now;
    guarding.tick();
  };
  return { guarding, state, at };
}

describe('guards over the life of a container', () => {
  it('begin by telling, and go on and back by the ladder, each step told', () => {
    const { guarding, state, at } = guardingOf();
    expect(guarding.guardOf(factsOf('a'))).toEqual({ mounts: 'audit', programs: 'audit', allowed: [] });
    at(1000);
    at(2000);
    expect(state.applied.at(-1)).toEqual(['a', { mounts: 'block', programs: 'audit', allowed: [] }]);
    guarding.take(refusal('a'));
    guarding.take(refusal('a'));
    expect(state.applied.at(-1)).toEqual(['a', { mounts: 'audit', programs: 'audit', allowed: [] }]);
    expect(state.told).toEqual([
      'Prevention in shop/web:1 goes on: audit -> warn (1 s without trouble)',
      'Prevention in shop/web:1 goes on: warn -> block, blocking in 1 (1 s without trouble)',
      'Prevention in shop/web:1 rolled back: block -> audit (2 refusals within 60 s: more than 1)',
    ]);
  });

  it('make an alert of what would be stopped, on the rung between', () => {
    const { guarding, at } = guardingOf();
    guarding.guardOf(factsOf('a'));
    expect(guarding.take(refusal('a')).alert).toBeUndefined();
    at(70_000);
    expect(guarding.take(refusal('a')).alert).toMatchObject({
      priority: 'warning',
      message: 'Would be stopped: mounts',
    });
  });

  it('go back when containers end because their first program failed', () => {
    const { guarding, state, at } = guardingOf();
    for (const id of ['a', 'b', 'c']) guarding.guardOf(factsOf(id));
    at(1000);
    at(2000);
    for (const id of ['a', 'b']) {
      guarding.take({ source: 'sensor', time: '', type: 'exit', exitCode: 137, ...factsOf(id) });
      guarding.ended(factsOf(id));
    }
    expect(state.told.at(-1)).toContain('rolled back');
  });

  it('are what they are at once where no ladder is asked for', () => {
    const guarding = new Guarding({ guard: { mounts: 'block' }, now: () => 0, apply: () => {}, tell: () => {} });
    expect(guarding.guardOf(factsOf('a'))).toEqual({ mounts: 'block' });
  });
});

describe('the workload of a container', () => {
  const pod = (name: string) => ({ pod: { namespace: 'shop', name, labels: {} }, container: { name: 'app' } });
  it.each([
    [pod('web-5d9c8b7f6-x2x9p'), 'shop/web/app'],
    [pod('agent-x2x9p'), 'shop/agent/app'],
    [pod('database-0'), 'shop/database/app'],
    [pod('web'), 'shop/web/app'],
    [{ container: { id: 'a', name: 'web', image: 'web:1' } }, 'web:1'],
    [{ container: { id: 'a' } }, 'a'],
  ])('is that of its replicas: %j', (facts, workload) => {
    expect(workloadOf(facts)).toBe(workload);
  });
});
