import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { UserError } from '@breakwater/model';
import { z } from 'zod';

const Entry = z.object({
  verb: z.string(),
  user: z.object({ username: z.string() }),
  impersonatedUser: z.object({ username: z.string() }).optional(),
  objectRef: z.object({
    resource: z.string(),
    namespace: z.string().optional(),
    name: z.string().optional(),
    subresource: z.string().optional(),
  }),
  responseStatus: z.object({ code: z.number() }).optional(),
  requestReceivedTimestamp: z.string(),
});

const CHANGES = new Set(['create', 'update', 'patch', 'apply']);
/** Kubernetes' own: it carries out what others wanted. */
const SYSTEM = /^system:(node:|kube-|serviceaccount:kube-system:|apiserver)/;
const LARGEST_LINE = 16 * 1024 * 1024;

/**
 * Who changed each object last, by the audit log of an API server (JSON lines): the key is `resource namespace/name`.
 * What Kubernetes did itself, what was refused and what is no entry is passed over. Throws UserError where the file
 * cannot be read.
 */
export async function readAuditLog(path: string): Promise<Map<string, { user: string; at: string }>> {
  const users = new Map<string, { user: string; at: string }>();
  const input = createReadStream(path, 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const entry = line.length <= LARGEST_LINE ? readEntry(line) : undefined;
      if (!entry) continue;
      const { objectRef, user, impersonatedUser, requestReceivedTimestamp: at } = entry;
      const who = impersonatedUser?.username ?? user.username;
      if (!CHANGES.has(entry.verb) || objectRef.subresource !== undefined || SYSTEM.test(who)) continue;
      if ((entry.responseStatus?.code ?? 0) >= 400 || objectRef.name === undefined) continue;
      const key = `${objectRef.resource} ${objectRef.namespace ?? ''}/${objectRef.name}`;
      const known = users.get(key);
      if (!known || known.at <= at) users.set(key, { user: who, at });
    }
  } catch (cause) {
    throw new UserError(`The audit log ${path} cannot be read.`, {
      code: 'audit-log-unreadable',
      hint: 'Name the file that --audit-log-path of the API server writes.',
      cause,
    });
  }
  return users;
}

function readEntry(line: string): z.infer<typeof Entry> | undefined {
  try {
    return Entry.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
