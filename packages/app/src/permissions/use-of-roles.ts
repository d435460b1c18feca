import type { IdentityFacts } from '@breakwater/engine/identity';
import type { RoleUse } from '@breakwater/engine/identity/usage';
import type { Unknown } from '@breakwater/model';

/** What audit logs show of the use of roles; undefined where there are none. */
export async function useOfRoles(
  paths: readonly string[],
  identity: IdentityFacts,
  signal?: AbortSignal,
): Promise<{ roleUses: ReadonlyMap<string, RoleUse>; unknowns: Unknown[] } | undefined> {
  if (paths.length === 0) return undefined;
  const [{ roleUsesOf }, { collectUsage }] = await Promise.all([
    import('@breakwater/engine/identity/usage'),
    import('./collect-usage.ts'),
  ]);
  const { usage, unknowns } = await collectUsage(paths, identity, { signal });
  return { roleUses: roleUsesOf(identity, usage), unknowns };
}
