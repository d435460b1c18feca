import type { IdentityFacts } from '@breakwater/engine/identity';
import { keyOfIdentity, UsageCollector } from '@breakwater/engine/identity/usage';
import type { Unknown } from '@breakwater/model';
import { readAudit } from '@breakwater/sources/audit';
import { showPath } from '@breakwater/sources/inputs';

/** Reads audit logs and collects what the identities of an estate asked for. */
export async function collectUsage(
  paths: readonly string[],
  { identities }: IdentityFacts,
  { signal, onFile }: { signal?: AbortSignal | undefined; onFile?: (path: string, index: number) => void } = {},
): Promise<{ usage: UsageCollector; unknowns: Unknown[] }> {
  const usage = new UsageCollector(new Set(identities.map(keyOfIdentity)));
  const unknowns: Unknown[] = [];
  for (const [index, path] of paths.entries()) {
    onFile?.(path, index);
    for await (const batch of readAudit(path, { source: showPath(path) })) {
      signal?.throwIfAborted();
      for (const { event, unknown } of batch)
        if (event === undefined) unknowns.push(unknown);
        else usage.add(event);
    }
  }
  return { usage, unknowns };
}
