import type { AdvisoryRange } from '@breakwater/model';
import { z } from 'zod';
import type { AdvisoryHead } from './flatten-record.ts';
import type { AffectedPackage } from './read-affected.ts';

const text = z
  .string()
  .max(1000)
  .regex(/^[^\x00-\x1f]*$/);
const Bound = z.object({
  cpe: text,
  ge: text.optional(),
  gt: text.optional(),
  le: text.optional(),
  lt: text.optional(),
  vulnerable: z.boolean().optional(),
});
type Bound = z.infer<typeof Bound>;

/**
 * A CVE with the products that NVD, or who completes it, names by CPE: `cpes` is a plain list of alternatives, each
 * item of `and` a list of groups that must all hold (a product and what it runs on).
 */
export const NvdRecord = z.object({
  id: z.string().regex(/^CVE-[0-9]{4}-[0-9]{4,10}$/),
  published: text.optional(),
  modified: text.optional(),
  cpes: z.array(Bound).max(20_000).optional(),
  and: z
    .array(z.array(z.array(Bound).max(20_000)).max(1000))
    .max(1000)
    .optional(),
});
export type NvdRecord = z.infer<typeof NvdRecord>;

/** Whether a JSON value means to be such a record. */
export function looksLikeNvd(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return 'id' in value && ('cpes' in value || 'and' in value);
}

/** Ecosystem of rows that name products by CPE, `vendor:product`. */
export const CPE_ECOSYSTEM = 'NVD';

/**
 * The rows of such a record, all of low confidence: a name is a guess. `left` counts the names that no package has:
 * devices, operating systems, plug-ins of other programs, and programs of other systems than Linux.
 */
export function flattenNvdRecord(
  record: NvdRecord,
  source: string,
): { head: AdvisoryHead; parts: AffectedPackage[]; left: number } {
  const { id, modified, published, cpes = [], and = [] } = record;
  const held = [...cpes, ...and.filter(runsOnLinux).flat(2)].filter(({ vulnerable }) => vulnerable !== false);
  const stated = cpes.length + and.flat(2).filter(({ vulnerable }) => vulnerable !== false).length;
  const parts = held.flatMap(readBound);
  return {
    head: {
      id,
      cves: [id],
      aliases: [id],
      withdrawn: false,
      summary: '',
      severity: 'unknown',
      source,
      confidence: 'low',
      url: `https://nvd.nist.gov/vuln/detail/${id}`,
      ...(modified === undefined ? {} : { modified }),
      ...(published === undefined ? {} : { published }),
    },
    parts,
    left: stated - parts.length,
  };
}

/** `vendor:product` and the other fields of a CPE 2.3 name; undefined where it names no application of any system. */
export function readCpe(cpe: string): { product: string; version: string } | undefined {
  const [prefix, edition, part, vendor, product, version = '*', update = '*', , , , software = '*'] =
    cpe.split(/(?<!\\):/);
  if (prefix !== 'cpe' || edition !== '2.3' || part !== 'a' || !vendor || !product) return undefined;
  if (vendor === '*' || product === '*' || !/^(?:\*|-|linux|linux_kernel|unix)$/.test(software)) return undefined;
  const exact = isAny(version) ? '' : withoutBackslashes(isAny(update) ? version : `${version}-${update}`);
  return { product: withoutBackslashes(`${vendor}:${product}`).toLowerCase(), version: exact };
}

function readBound({ cpe, ge, gt, le, lt }: Bound): AffectedPackage[] {
  const named = readCpe(cpe);
  if (named === undefined) return [];
  const row = { ecosystem: CPE_ECOSYSTEM, package: named.product };
  if (named.version !== '') return [{ ...row, ranges: [], versions: [named.version] }];
  const range: AdvisoryRange = {
    type: 'ECOSYSTEM',
    events: [
      { introduced: ge ?? gt ?? '0' },
      ...(lt === undefined ? [] : [{ fixed: lt }]),
      ...(le === undefined ? [] : [{ lastAffected: le }]),
    ],
  };
  return [{ ...row, ranges: [range], versions: [], ...(gt === undefined ? {} : { unaffected: [gt] }) }];
}

/** A group of platforms holds where one of them may be an image's: Linux, or a program of any system. */
function runsOnLinux(groups: readonly (readonly Bound[])[]): boolean {
  return groups
    .filter((group) => group.length > 0 && group.every(({ vulnerable }) => vulnerable === false))
    .every((group) => group.some(({ cpe }) => /^cpe:2\.3:a:/.test(cpe) || /^cpe:2\.3:o:[^:]*:[^:]*linux/i.test(cpe)));
}

function isAny(field: string): boolean {
  return field === '*' || field === '-' || field === '';
}

/** Characters beside letters and digits are written with a backslash: `1.2\+cgr`. */
function withoutBackslashes(field: string): string {
  return field.replace(/\\(.)/g, '$1');
}
