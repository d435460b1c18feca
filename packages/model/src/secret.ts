import { z } from 'zod';
import { Place, Unknown } from './place.ts';

/** What a secret opens, as far as its type and the names of its keys tell. */
export const SecretFamily = z.enum(['cloud', 'database', 'token', 'key', 'registry', 'other']);
export type SecretFamily = z.infer<typeof SecretFamily>;

/** Somebody who can come to a secret's content, and how. */
export const SecretReader = z.object({
  /** `workload shop/web`, `service account shop/deployer`, `user jane`. */
  who: z.string(),
  /** By holding it, by a permission, by a command in a pod that holds it, or by the node or the database under it. */
  by: z.enum(['mount', 'environment', 'image-pull', 'permission', 'exec', 'node', 'database']),
  /** Follows the name: "mounts it", "can read every secret: ClusterRoleBinding ops gives ClusterRole admin". */
  how: z.string(),
  places: z.array(Place),
});
export type SecretReader = z.infer<typeof SecretReader>;

/** A secret written in plain text. What it says is kept nowhere. */
export const WrittenSecret = z.object({
  /** `github-token`, `password`, `private-key`. */
  rule: z.string(),
  /** `Deployment shop/web`, or the file. */
  subject: z.string(),
  where: z.enum(['environment', 'argument', 'config-map', 'annotation', 'field', 'file', 'secret-manifest']),
  /** Variable, key or field that it is set to. */
  name: z.string(),
  /** Equal where the same secret stands. */
  fingerprint: z.string(),
  place: Place,
});
export type WrittenSecret = z.infer<typeof WrittenSecret>;

/** A certificate in a secret. */
export const SecretCertificate = z.object({
  key: z.string(),
  /** ISO 8601. */
  notAfter: z.string(),
  state: z.enum(['valid', 'ends-soon', 'expired']),
});
export type SecretCertificate = z.infer<typeof SecretCertificate>;

export const SecretFacts = z.object({
  /** `cluster/namespace/name`. */
  id: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** As Kubernetes types it; absent where its manifest is not here. */
  type: z.string().optional(),
  family: SecretFamily,
  /** Names of its keys; values are never kept. */
  keys: z.array(z.string()),
  /** Where it comes from: `external` is a store outside of the cluster, `sealed` is a manifest that is encrypted. */
  origin: z.enum(['manifest', 'cluster', 'external', 'sealed', 'made', 'elsewhere']),
  /** `External Secrets, from SecretStore vault`; absent for what lies in the manifest itself. */
  store: z.string().optional(),
  /** Who needs it: `Deployment shop/web mounts it`. */
  usedBy: z.array(z.string()),
  /** True where nothing that was given names it, and it is nothing that programs use by themselves. */
  unused: z.boolean(),
  readers: z.array(SecretReader),
  /** Readers beyond those listed. */
  moreReaders: z.number().int().nonnegative(),
  /** Where the same secret, or its manifest with its content, lies in plain text. */
  written: z.array(WrittenSecret),
  /** ISO 8601, of a live one. */
  created: z.string().optional(),
  /** Older than a year and never changed since, as far as it tells. */
  stale: z.boolean(),
  certificates: z.array(SecretCertificate),
  encryptedAtRest: z.enum(['yes', 'no', 'unknown']),
  places: z.array(Place),
});
export type SecretFacts = z.infer<typeof SecretFacts>;

/** Whether the API server of a cluster encrypts secrets where it stores them. */
export const SecretEncryption = z.object({
  cluster: z.string(),
  encrypted: z.enum(['yes', 'no', 'unknown']),
  reason: z.string(),
  places: z.array(Place),
});
export type SecretEncryption = z.infer<typeof SecretEncryption>;

/** A store of secrets outside of the cluster, or a manifest that is sealed, and what it serves. */
export const SecretStoreFacts = z.object({
  /** `ExternalSecret shop/db`, `Deployment shop/web`. */
  subject: z.string(),
  /** "External Secrets, from ClusterSecretStore aws". */
  words: z.string(),
  /** `cluster/namespace/name` of the Secret that it makes; absent where files in pods are all. */
  secret: z.string().optional(),
  place: Place,
});
export type SecretStoreFacts = z.infer<typeof SecretStoreFacts>;

/** What `secrets` prints as JSON. */
export const SecretReport = z.object({
  schemaVersion: z.literal(1),
  secrets: z.array(SecretFacts),
  /** Plain secrets that belong to no secret of the cluster. */
  written: z.array(WrittenSecret),
  encryption: z.array(SecretEncryption),
  stores: z.array(SecretStoreFacts),
  unknowns: z.array(Unknown),
});
export type SecretReport = z.infer<typeof SecretReport>;
