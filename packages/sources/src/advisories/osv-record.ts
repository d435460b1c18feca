import { z } from 'zod';

const MOST_EVENTS = 10_000;
const id = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[^\s\x00-\x1f]+$/);
const ids = z.array(id).max(10_000).nullish();
// Control characters part the fields of the index, and no version or name has one.
const version = z
  .string()
  .max(1000)
  .regex(/^[^\x00-\x1f]*$/);
const name = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^[^\x00-\x1f]+$/);
const time = z
  .string()
  .max(64)
  .regex(/^[^\x00-\x1f]*$/);

const severities = z
  .array(z.object({ type: z.string().max(64), score: z.string().max(1000) }))
  .max(100)
  .nullish();

const range = z.object({
  type: z.string().max(64),
  events: z
    .array(
      z.object({
        introduced: version.optional(),
        fixed: version.optional(),
        last_affected: version.optional(),
        limit: version.optional(),
      }),
    )
    .max(MOST_EVENTS)
    .nullish(),
});

const words = z.union([z.string(), z.number()]).nullish().catch(null);

/** Packages of a Go module, and what of them a flaw is in. A package without functions is meant as a whole. */
const imports = z
  .array(z.object({ path: name, symbols: z.array(name).max(10_000).nullish() }))
  .max(10_000)
  .nullish()
  .catch(null);

/** `name:stream` of an rpm module. */
const module = version.nullish().catch(null);

const affected = z.object({
  package: z.object({ ecosystem: name, name, purl: z.string().nullish() }).nullish(),
  ranges: z.array(range).max(MOST_EVENTS).nullish(),
  versions: z.array(version).max(200_000).nullish(),
  severity: severities,
  ecosystem_specific: z
    .object({
      severity: words,
      urgency: words,
      imports,
      custom_ranges: z.array(range).max(MOST_EVENTS).nullish().catch(null),
      rpm_modularity: module,
    })
    .nullish()
    .catch(null),
  database_specific: z
    .object({ rpm_modularity: module, last_known_affected_version_range: version.nullish().catch(null) })
    .nullish()
    .catch(null),
});

/** The fields of an OSV record (https://ossf.github.io/osv-schema/) that matching needs. All else is left out. */
export const OsvRecord = z.object({
  id,
  modified: time.nullish(),
  published: time.nullish(),
  withdrawn: time.nullish(),
  aliases: ids,
  related: ids,
  upstream: ids,
  summary: z.string().nullish(),
  details: z.string().nullish(),
  severity: severities,
  affected: z.array(affected).max(200_000).nullish(),
  references: z
    .array(z.object({ type: z.string().nullish(), url: z.string() }))
    .nullish()
    .catch(null),
  database_specific: z
    .object({
      severity: words,
      confidence: words,
      informational: words,
      regression_update: z.boolean().nullish().catch(null),
      source: words,
      unaffected_versions: z.record(z.string(), z.array(version)).nullish().catch(null),
      anchore: z.object({ record_type: words }).nullish().catch(null),
      cvss_v4: words,
      cvss_v3: words,
      cvss_score: words,
      cvss_v2: words,
    })
    .nullish()
    .catch(null),
});
export type OsvRecord = z.infer<typeof OsvRecord>;

/** Whether a JSON value means to be an OSV record, valid or not: what else a file holds is no broken advisory. */
export function looksLikeOsv(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return ['affected', 'schema_version', 'aliases', 'summary', 'details'].some((field) => Object.hasOwn(value, field));
}
