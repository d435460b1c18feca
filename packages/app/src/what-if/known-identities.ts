import type { EstateFacts } from '@breakwater/engine/risk';
import { groupsOf } from '@breakwater/engine/risk/leak';
import type { LeakedIdentity, Unknown } from '@breakwater/model';
import { nearNames, spell } from './near-names.ts';
import type { Leaking } from './read-who.ts';

/** Users and groups that every API server knows, whatever bindings say. */
const BUILT_IN = /^system:(masters|authenticated|unauthenticated|anonymous|nodes|node:.+|serviceaccounts(:.+)?)$/;

const KINDS = { User: 'user', Group: 'group', ServiceAccount: 'service account' } as const;

/** Says of each who leaks whether anything in the estate names him, and who may have been meant where nothing does. */
export function withKnown(
  leaking: Leaking['identities'],
  { identity: { identities } }: EstateFacts,
): { identities: LeakedIdentity[]; unknowns: Unknown[] } {
  const told = leaking.map((each): LeakedIdentity => {
    const known =
      BUILT_IN.test(each.name) ||
      identities.some(
        ({ kind, namespace, name }) => kind === each.kind && namespace === each.namespace && name === each.name,
      );
    return { ...each, groups: groupsOf(each), known, near: known ? [] : nearNames(each, identities) };
  });
  const sources = Map.groupBy(told, ({ from }) => from);
  const unknowns = [...sources].flatMap(([from, own]) => {
    if (own.some(({ known }) => known)) return [];
    const [first] = own as [LeakedIdentity];
    const hint =
      first.near.length > 0
        ? `Near it: ${first.near.join(', ')}.`
        : 'Give the manifests or the cluster that hold its bindings too.';
    return [
      {
        code: 'identity-unknown',
        message: `Nothing here names ${KINDS[first.kind]} ${spell(first)}: only what everybody of its groups may do is told.`,
        place: { source: from === '' ? spell(first) : from },
        hint,
      },
    ];
  });
  return { identities: told, unknowns };
}
