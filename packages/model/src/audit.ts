import { z } from 'zod';
import { Unknown } from './place.ts';
import { SCHEMA_VERSION } from './ranking.ts';

/** One request of an audit log, as an API server decided it: what it takes to tell which permission was used. */
export interface AuditEvent {
  /** ISO 8601, when the request came. */
  time: string;
  /** As whom the request was decided: whoever was impersonated, where somebody was. */
  user: string;
  groups: string[];
  /** The log names no groups: beside those that Kubernetes gives to everybody he may be in any. */
  groupsUnknown?: boolean;
  /** Who asked, where he acted as somebody else. */
  impersonator?: { user: string; groups: string[] };
  verb: string;
  /** What was asked for; absent for paths. */
  resource?: {
    /** Empty for the core group. */
    group: string;
    /** With its subresource: `pods/exec`. */
    resource: string;
    /** Empty for what is in none, and for all of them. */
    namespace: string;
    /** Empty for requests that name nothing. */
    name: string;
  };
  /** Of requests for what is no resource: `/metrics`. */
  path?: string;
  /** False where the API server refused it. */
  allowed: boolean;
}

/** How far an audit log can tell what was not used. */
export const AuditCoverage = z.object({
  /** ISO 8601 of the first and the last request; empty where there is none. */
  from: z.string(),
  to: z.string(),
  requests: z.number().int(),
  /** Days in which there is any. */
  days: z.number().int(),
  /** Longest time without any request, in hours. */
  longestGap: z.number(),
  /** Whether an audit policy among the files says what is logged. */
  policy: z.boolean(),
  /** Whether reading (get, list, watch) is in the log at all. */
  reads: z.boolean(),
  /** Whether the log names the groups of who asks: without, nothing is known of what groups use. */
  groups: z.boolean(),
});
export type AuditCoverage = z.infer<typeof AuditCoverage>;

/** One permission that a binding gives: a verb on a resource, or on a path. */
export const PermissionUse = z.object({
  verb: z.string(),
  group: z.string(),
  resource: z.string(),
  /** Empty for all. */
  names: z.array(z.string()),
  path: z.string(),
  /** Requests that it allowed. */
  used: z.number().int(),
  /** ISO 8601 of the last; empty where it was never used. */
  last: z.string(),
  /** Of a wildcard, what of it was used: `get pods`; at most twenty. */
  of: z.array(z.string()),
  /** Whether the log would hold its use: `unknown` where nothing says what is logged. */
  logged: z.enum(['yes', 'no', 'unknown']),
});
export type PermissionUse = z.infer<typeof PermissionUse>;

/** What of one binding somebody used. */
export const GrantUse = z.object({
  binding: z.string(),
  role: z.string(),
  /** Empty for the whole cluster. */
  namespace: z.string(),
  used: z.number().int(),
  permissions: z.array(PermissionUse),
  /** Where binding and role are written. */
  places: z.array(z.string()),
});
export type GrantUse = z.infer<typeof GrantUse>;

/** What one identity was given and used. */
export const IdentityUse = z.object({
  /** `identity:CLUSTER/NAMESPACE/NAME` and the like. */
  id: z.string(),
  kind: z.enum(['User', 'Group', 'ServiceAccount']),
  namespace: z.string(),
  name: z.string(),
  requests: z.number().int(),
  /** Requests of it that were refused. */
  refused: z.number().int(),
  first: z.string(),
  last: z.string(),
  granted: z.number().int(),
  /** Permissions that were never used, of those whose use would be in the log, as far as is known. */
  unused: z.number().int(),
  grants: z.array(GrantUse),
  /** Roles and bindings that are enough for every request in the log, as YAML; empty where nothing was used. */
  sufficient: z.string(),
});
export type IdentityUse = z.infer<typeof IdentityUse>;

/** What `breakwater permissions unused` tells. */
export const PermissionReport = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  coverage: AuditCoverage,
  identities: z.array(IdentityUse),
  /** Who asked, and is named by no binding: at most fifty. */
  strangers: z.array(z.object({ user: z.string(), requests: z.number().int() })),
  unknowns: z.array(Unknown),
});
export type PermissionReport = z.infer<typeof PermissionReport>;
