import { describe, expect, it } from 'vitest';
import { type WebhookRule, webhookRules, widenedRules } from './webhook-rules.ts';

const rule = (resources: string[], operations: string[], group = ''): WebhookRule => ({
  operations,
  apiGroups: [group],
  apiVersions: ['v1'],
  resources,
  scope: '*',
});

describe('widenedRules', () => {
  it('changes nothing where everything is asked about already', () => {
    expect(
      widenedRules([rule(['pods', 'services'], ['CREATE', 'UPDATE'])], [rule(['pods'], ['CREATE'])]),
    ).toBeUndefined();
    const every = webhookRules([{ kind: 'Pod', operations: ['CREATE', 'DELETE'], groups: [] }]);
    expect(widenedRules(every, every)).toBeUndefined();
    expect(widenedRules([rule(['pods'], ['*'])], [rule(['pods'], ['CONNECT'])])).toBeUndefined();
  });

  it('asks about what either does, so that replicas take nothing from one another', () => {
    const [one, other] = [
      [rule(['pods'], ['CREATE', 'UPDATE'])],
      [rule(['pods'], ['DELETE']), rule(['roles'], ['CREATE'], 'rbac')],
    ];
    const both = [rule(['pods'], ['CREATE', 'UPDATE', 'DELETE']), rule(['roles'], ['CREATE'], 'rbac')];
    expect(widenedRules(one, other)).toEqual(both);
    expect(widenedRules(both, one)).toBeUndefined();
    expect(widenedRules(both, other)).toBeUndefined();
    expect(widenedRules([], one)).toEqual(one);
  });

  it('does not count rules that ask about less than they say', () => {
    const narrow = { ...rule(['pods'], ['CREATE']), scope: 'Cluster' };
    expect(widenedRules([narrow], [rule(['pods'], ['CREATE'])])).toEqual([rule(['pods'], ['CREATE'])]);
  });
});
