import type { RoleUse } from '../../identity/usage/index.ts';
import { fieldAt } from '../../json/index.ts';
import { holdersOf } from './bindings.ts';
import { type Proposer, setField } from './proposal.ts';

/** Narrows roles to what audit logs show that their holders used. */
export const proposeUsedRoles: Proposer = (facts) => {
  const { roleUses } = facts;
  if (roleUses === undefined) return [];
  const holders = Map.groupBy(facts.identity.grants, ({ cluster, role }) => `${cluster} ${role}`);
  return facts.objects.flatMap((object) => {
    if (object.kind !== 'Role' && object.kind !== 'ClusterRole') return [];
    if (fieldAt(object.object, 'aggregationRule') !== undefined) return [];
    const name = object.kind === 'Role' ? `Role ${object.namespace}/${object.name}` : `ClusterRole ${object.name}`;
    const use = roleUses.get(`${object.cluster} ${name}`);
    if (use === undefined || use.unused === 0 || use.rules.length === 0) return [];
    const identities = [...new Set(holders.get(`${object.cluster} ${name}`)?.map(({ identity }) => identity))];
    return {
      change: {
        id: `used-role:${object.cluster}:${name}`,
        title: `Narrow ${name} to what was used of it in ${days(use)}`,
        detail: `${use.unused} of its ${use.granted} permissions were never used, or are wider than what was used. Check that the audit log covers what its holders do seldom: upgrades, recovery, the end of a month.`,
        workloads: [...new Set(identities.flatMap((identity) => holdersOf(facts, identity)))],
        edits: [setField(object, ['rules'], use.rules)],
        afterRebuild: false,
      },
      cuts: identities.map((identity) => ({ from: identity, kinds: ['permission' as const] })),
    };
  });
};

const days = ({ days: count }: RoleUse): string => `${Math.max(1, count)} ${count <= 1 ? 'day' : 'days'} of audit logs`;
