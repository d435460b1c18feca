import { type Behaviour, heldByPerson } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { BehaviourModel } from './behaviour-model.ts';

const SHELL: Behaviour = { dimension: 'exec', actor: '/usr/sbin/nginx', parent: '', object: '/usr/bin/check' };
const KEY = 'k1';

describe('a behaviour that a person holds back', () => {
  it('is not known however many replicas do it, says who holds it and why, and is no incident', () => {
    const model = new BehaviourModel({ subject: 'shop/Deployment/cart' });
    const see = (replica: string, day: number): void => {
      const time = `2026-01-0${day}T10:00:00Z`;
      model.take({ behaviours: [{ key: KEY, behaviour: SHELL }], replica, time });
    };
    see('r1', 1);
    model.hold(KEY, heldByPerson('team shop', 'nothing of ours runs that'));
    for (const day of [2, 3, 4, 5]) for (const replica of ['r1', 'r2', 'r3']) see(replica, day);
    const { pending, behaviours } = model.describe('2026-01-06T00:00:00Z');
    expect(behaviours.map(({ key }) => key)).not.toContain(KEY);
    expect(pending).toMatchObject([
      { key: KEY, held: 'never', reason: 'held by team shop: nothing of ours runs that' },
    ]);
    expect(pending[0]).not.toHaveProperty('incident');
  });

  it('is known again as soon as somebody answers for it', () => {
    const model = new BehaviourModel({ subject: 'shop/Deployment/cart' });
    model.take({ behaviours: [{ key: KEY, behaviour: SHELL }], replica: 'r1', time: '2026-01-01T10:00:00Z' });
    model.hold(KEY, heldByPerson('team shop', 'what is that'));
    const word = { owner: 'team shop', reason: 'the new check', expires: '2026-02-01T00:00:00Z' };
    expect(model.accept(KEY, word, '2026-01-01T11:00:00Z')).toBe(true);
    const { behaviours } = model.describe('2026-01-02T00:00:00Z');
    expect(behaviours.map(({ key, origin }) => [key, origin])).toEqual([[KEY, 'accepted']]);
  });
});
