import type { AuditEvent, ManifestObject } from '@breakwater/model';
import { describe, expect, it } from 'vitest';
import { keyOfIdentity, roleUsesOf, UsageCollector } from '../../identity/usage/index.ts';
import { deployment, estate, manifest } from '../estate.fixture.ts';
import { buildAttackGraph } from '../graph/index.ts';
import { proposeChanges } from './index.ts';

const role = (part: object = {}): ManifestObject =>
  manifest('Role', 'shop', 'worker', {
    rules: [{ apiGroups: [''], resources: ['secrets', 'pods/exec'], verbs: ['get', 'create'] }],
    ...part,
  });
const binding = manifest('RoleBinding', 'shop', 'worker', {
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'worker' },
  subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'shop' }],
});
const event = (time: string): AuditEvent => ({
  time,
  user: 'system:serviceaccount:shop:default',
  groups: [],
  verb: 'get',
  resource: { group: '', resource: 'secrets', namespace: 'shop', name: 'db' },
  allowed: true,
});

function proposed(objects: ManifestObject[], events: AuditEvent[]) {
  const facts = estate([deployment('shop', 'cart'), ...objects]);
  const usage = new UsageCollector(new Set(facts.identity.identities.map(keyOfIdentity)));
  for (const each of events) usage.add(each);
  const seen = { ...facts, roleUses: roleUsesOf(facts.identity, usage) };
  return proposeChanges(seen, buildAttackGraph(seen).graph).filter(({ change }) => change.id.startsWith('used-role:'));
}

describe('roles of which audit logs show the use', () => {
  const events = ['2026-11-01T00:00:00.000Z', '2026-11-14T12:00:00.000Z'].map(event);

  it('are narrowed to it', () => {
    const [proposal] = proposed([role(), binding], events);
    expect(proposal?.change).toMatchObject({
      title: 'Narrow Role shop/worker to what was used of it in 2 days of audit logs',
      edits: [
        {
          pointer: ['rules'],
          value: [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['db'], verbs: ['get'] }],
        },
      ],
    });
    expect(proposal?.change.detail).toContain('3 of its 4 permissions');
  });

  it.each<[string, ManifestObject[], AuditEvent[]]>([
    ['nothing was logged', [role(), binding], []],
    ['nothing of it was used', [role(), binding], [{ ...events[0]!, user: 'alice' }]],
    ['nobody holds it', [role()], events],
    [
      'all of it was used',
      [role({ rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] }), binding],
      events,
    ],
  ])('stay as they are where %s', (_, objects, asked) => {
    expect(proposed(objects, asked)).toEqual([]);
  });
});
