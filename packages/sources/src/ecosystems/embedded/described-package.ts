import type { Component, ComponentType } from '@breakwater/model';
import { formatPurl, LANGUAGE_ECOSYSTEMS, packageName, parsePurl } from '@breakwater/model/purl';
import { isIdentity } from '../purl-of.ts';

/** A package as an SBOM in an image describes it. */
export interface DescribedPackage {
  purl: string;
  licences: string[];
  cpes: string[];
}

const MOST_TEXTS = 64;
const LONGEST_TEXT = 512;
const NOTHING: ReadonlySet<string> = new Set(['', 'NONE', 'NOASSERTION']);
const CPE = /^cpe:2\.3:[a*](?=:)/;

/**
 * The component of a package of a language or a project that an SBOM beside or inside a program describes; undefined
 * where its purl is none, or of another kind.
 */
export function describedComponent(item: DescribedPackage, path: string, files: string[]): Component | undefined {
  const purl = parsePurl(item.purl);
  const ecosystem = purl === undefined ? undefined : LANGUAGE_ECOSYSTEMS[purl.type];
  if (purl === undefined || (ecosystem === undefined && purl.type !== 'generic')) return undefined;
  const [name, version = ''] = [packageName(purl), purl.version];
  if (!isIdentity(name) || (version !== '' && !isIdentity(version))) return undefined;
  const id = formatPurl(purl);
  const cpes = item.cpes
    .filter((cpe) => CPE.test(cpe) && cpe.length <= LONGEST_TEXT)
    .map((cpe) => cpe.replace(CPE, 'cpe:2.3:a'));
  return {
    id,
    type: purl.type as ComponentType,
    name,
    version,
    purl: id,
    ...(ecosystem !== undefined && { ecosystem }),
    ...(cpes.length > 0 && { cpes: cpes.slice(0, MOST_TEXTS) }),
    licences: item.licences.filter((text) => !NOTHING.has(text) && text.length <= LONGEST_TEXT).slice(0, MOST_TEXTS),
    path: `/${path}`,
    files,
    scope: 'installed',
    development: false,
  };
}
