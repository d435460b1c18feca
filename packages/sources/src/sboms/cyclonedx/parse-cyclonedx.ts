import type { Component, Distribution, Image, Unknown } from '@breakwater/model';
import { parsePurl } from '@breakwater/model/purl';
import type { SbomReading } from '../sbom-reading.ts';
import { distributionOf, distributionOfPurl } from './distribution.ts';
import { arrayOf, type CdxComponent, cleanText, componentOf, objectOf, property } from './document.ts';
import { type PackageContext, packageOf } from './package.ts';
import { subjectOf } from './subject.ts';

const MOST_COMPONENTS = 500_000;
const DEEPEST = 64;
const MOST_UNKNOWNS = 1_000;
/** Versions whose JSON has the fields that are read. */
const VERSIONS = /^1\.[2-7]$/;
/** Kinds of component that are no software packages. */
const NOT_PACKAGES = new Set([
  'file',
  'device',
  'data',
  'machine-learning-model',
  'cryptographic-asset',
  'operating-system',
]);

type Pointer = (string | number)[];
interface Found {
  component: CdxComponent | undefined;
  pointer: Pointer;
}

/**
 * Reads a CycloneDX JSON document, 1.2 to 1.7, as an image with `source` `sbom`. Pure but for a digest; `source` is
 * what places name. What a component lacks is an unknown of the image with a pointer to it: nothing is dropped in
 * silence.
 */
export function parseCycloneDx(text: string, source: string): SbomReading {
  const document = documentOf(text);
  if (!document)
    return { unknowns: [{ code: 'sbom-invalid', message: 'SBOM is not a JSON object', place: { source } }] };
  const unknowns: Unknown[] = [];
  const specVersion = cleanText(document['specVersion']);
  if (!VERSIONS.test(specVersion)) {
    const message = `CycloneDX ${specVersion || 'without a version'} is read as 1.7: fields may be missed`;
    unknowns.push({ code: 'sbom-version-unknown', message, place: { source } });
  }
  const main = componentOf(objectOf(document['metadata'])?.['component']);
  for (const said of main?.properties.get('breakwater:unknown') ?? []) unknowns.push(carriedUnknown(said, source));
  const subject = subjectOf(main, source, text);
  const found = flatten(document['components'], source, unknowns);
  const distribution = detect(found);
  const { isImage, isOwn, ...identity } = subject;
  const context: PackageContext = { distribution, isImage: isImage || distribution !== undefined, isOwn };
  const components = packages(found, context, source, unknowns);
  if (components.length === 0) {
    unknowns.push({ code: 'sbom-without-packages', message: 'SBOM lists no package that is read', place: { source } });
  }
  const image: Image = {
    ...identity,
    source: 'sbom',
    target: source,
    ...(distribution && { distribution }),
    layers: [],
    components,
    fileCount: 0,
    unknowns: bounded(unknowns, source),
  };
  return { image, unknowns: [] };
}

/** An unknown that we wrote into the document: what it lacked then it lacks now. */
function carriedUnknown(said: string, source: string): Unknown {
  const [, code = 'sbom-incomplete', message = said] = /^([a-z0-9-]{1,64}): (.*)$/s.exec(said) ?? [];
  return { code, message, place: { source } };
}

function documentOf(text: string): Record<string, unknown> | undefined {
  try {
    return objectOf(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch {
    return undefined;
  }
}

/** Every component with the components inside it, in the order of the document. */
function flatten(components: unknown, source: string, unknowns: Unknown[]): Found[] {
  const found: Found[] = [];
  const waiting = [{ list: components, pointer: ['components'] as Pointer }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const [index, value] of arrayOf(next.list).entries()) {
      const component = componentOf(value);
      const pointer = [...next.pointer, index];
      found.push({ component, pointer });
      if (!component?.components.length) continue;
      const inner = [...pointer, 'components'];
      if (inner.length <= DEEPEST && found.length < MOST_COMPONENTS)
        waiting.push({ list: component.components, pointer: inner });
      else
        unknowns.push({
          code: 'sbom-too-large',
          message: 'Components are nested too deep to be read',
          place: { source, pointer: inner },
        });
    }
  }
  return found;
}

/** The operating system of the document, or the only distribution that its packages name. */
function detect(found: readonly Found[]): Distribution | undefined {
  const system = found.find(({ component }) => component?.type === 'operating-system')?.component;
  const named =
    system && distributionOf(system.name, system.version || (property(system, 'syft:distro:versionID') ?? ''));
  if (named) return named;
  for (const { component } of found) {
    const purl = component && parsePurl(component.purl);
    const distribution = purl && distributionOfPurl(purl);
    if (distribution) return distribution;
  }
  return undefined;
}

function packages(found: readonly Found[], context: PackageContext, source: string, unknowns: Unknown[]): Component[] {
  const byId = new Map<string, Component>();
  for (const { component, pointer } of found) {
    const place = { source, pointer };
    if (!component) unknowns.push({ code: 'component-invalid', message: 'Component has no name', place });
    if (!component || isNoPackage(component)) continue;
    const { package: made, gap } = packageOf(component, context);
    if (gap) unknowns.push({ ...gap, place });
    if (made) add(byId, made);
  }
  return [...byId.values()];
}

/** Files, systems and the lock files under which Trivy groups packages say nothing that could be matched. */
function isNoPackage(component: CdxComponent): boolean {
  if (component.purl !== '') return false;
  return NOT_PACKAGES.has(component.type) || property(component, 'aquasecurity:trivy:Type') !== undefined;
}

/** The same package at another path is another component; the same at the same path is one that is listed twice. */
function add(byId: Map<string, Component>, made: Component): void {
  if (!byId.has(made.id)) byId.set(made.id, made);
  else if (byId.get(made.id)?.path !== made.path) {
    const id = `${made.id}#${made.path}`;
    if (!byId.has(id)) byId.set(id, { ...made, id });
  }
}

function bounded(unknowns: Unknown[], source: string): Unknown[] {
  if (unknowns.length <= MOST_UNKNOWNS) return unknowns;
  const message = `${unknowns.length - MOST_UNKNOWNS} more components could not be read`;
  return [...unknowns.slice(0, MOST_UNKNOWNS), { code: 'components-unread', message, place: { source } }];
}
