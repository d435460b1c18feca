import type { VexProduct, VexStatement, VexVerdict } from '@breakwater/model';
import { z } from 'zod';
import { listOf, MOST, prose, text } from './vex-fields.ts';

const component = z.object({
  'bom-ref': text,
  name: text,
  version: text,
  purl: text,
  cpe: text,
  hashes: listOf(z.object({ alg: text, content: z.string().max(256) })),
  components: z.array(z.unknown()).max(MOST).optional().catch(undefined),
});
const party = z.object({ name: text });

/** A CycloneDX BOM with analyses (https://cyclonedx.org/capabilities/vex/), as far as matching needs it. */
export const CycloneDxVex = z.object({
  metadata: z
    .object({
      timestamp: text,
      component: component.optional().catch(undefined),
      authors: listOf(party),
      supplier: party.optional().catch(undefined),
      manufacture: party.optional().catch(undefined),
      manufacturer: party.optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  components: z.array(z.unknown()).max(MOST).optional().catch(undefined),
  vulnerabilities: listOf(
    z.object({
      id: text,
      references: listOf(z.object({ id: text })),
      analysis: z
        .object({ state: text, justification: text, detail: text, lastUpdated: text, firstIssued: text })
        .optional()
        .catch(undefined),
      affects: listOf(
        z.object({
          ref: z.string().max(4096),
          versions: listOf(z.object({ version: text, range: text, status: text })),
        }),
      ),
    }),
  ),
});
type Bom = z.infer<typeof CycloneDxVex>;
type Flaw = Bom['vulnerabilities'][number];

const STATES: Readonly<Record<string, VexVerdict['status']>> = Object.freeze({
  exploitable: 'affected',
  in_triage: 'under_investigation',
  false_positive: 'not_affected',
  not_affected: 'not_affected',
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
});

/** The statements of a BOM: each vulnerability with an analysis. `left` counts analyses without a known state. */
export function parseCycloneDxVex(bom: Bom, document: string): { statements: VexStatement[]; left: number } {
  const components = componentsOf(bom);
  const { metadata } = bom;
  const author =
    metadata?.authors[0]?.name ?? metadata?.supplier?.name ?? (metadata?.manufacturer ?? metadata?.manufacture)?.name;
  let left = 0;
  const statements = bom.vulnerabilities.flatMap((flaw): VexStatement[] => {
    const { analysis, id } = flaw;
    if (analysis === undefined) return [];
    const state = analysis.state ?? '';
    const status = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
    if (status === undefined || !id) {
      left++;
      return [];
    }
    const time = analysis.lastUpdated ?? analysis.firstIssued ?? metadata?.timestamp;
    const verdict: VexVerdict = {
      author: author || 'an author that it does not name',
      status,
      document,
      ...(analysis.justification && { justification: analysis.justification }),
      ...prose(analysis.detail),
      ...(time && { time }),
    };
    const ids = [id, ...flaw.references.flatMap((reference) => reference.id ?? [])];
    return [{ ids: [...new Set(ids)], verdict, products: productsOf(flaw, status, components) }];
  });
  return { statements, left };
}

/** What a vulnerability is said of. A version with a status that contradicts the analysis is no part of it. */
function productsOf(
  { affects }: Flaw,
  status: VexVerdict['status'],
  components: ReadonlyMap<string, string[]>,
): VexProduct[] {
  const wanted = status === 'not_affected' || status === 'fixed' ? 'unaffected' : 'affected';
  return affects.flatMap(({ ref, versions }) => {
    const meant = versions.filter((item) => (item.status ?? wanted) === wanted);
    if (versions.length > 0 && meant.length === 0) return [];
    const names = components.get(ref) ?? components.get(linked(ref)) ?? [linked(ref)];
    return [{ names, versions: meant.flatMap(({ version, range }) => version ?? range ?? []), parts: [] }];
  });
}

/** `urn:cdx:SERIAL/VERSION#REF`: a component of another BOM, whose reference is often its purl. */
function linked(ref: string): string {
  if (!ref.startsWith('urn:cdx:')) return ref;
  const part = ref.slice(ref.indexOf('#') + 1);
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Names of the components by their reference, those inside others too. */
function componentsOf({ metadata, components }: Bom): Map<string, string[]> {
  const names = new Map<string, string[]>();
  const open: unknown[] = [metadata?.component, ...(components ?? [])];
  for (let seen = 0; open.length > 0 && seen < MOST; seen++) {
    const { data } = component.safeParse(open.pop());
    if (data === undefined) continue;
    open.push(...(data.components ?? []));
    if (data['bom-ref'] !== undefined) names.set(data['bom-ref'], namesOf(data));
  }
  return names;
}

function namesOf({ purl, cpe, name, version, hashes }: z.infer<typeof component>): string[] {
  const digests = hashes.map(
    ({ alg = '', content }) => `${alg.toLowerCase().replace('-', '')}:${content.toLowerCase()}`,
  );
  const stated = [purl, cpe, ...digests].filter((item) => item !== undefined && item !== '') as string[];
  if (stated.length > 0 || name === undefined) return stated;
  return [version ? `${name}:${version}` : name];
}
