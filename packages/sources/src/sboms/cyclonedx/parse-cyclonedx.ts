import type { Unknown } from '@breakwater/model';
import { type Bill, MOST_ENTRIES, property } from '../bill/bill.ts';
import { carriedUnknown } from '../bill/carried-unknown.ts';
import { arrayOf, cleanText, objectOf, textsOf } from '../bill/fields.ts';
import { ownSystem } from '../bill/own-system.ts';
import { type CdxComponent, componentOf } from './component.ts';
import { subjectOf } from './subject.ts';

const DEEPEST = 64;
/** Versions whose fields are read. */
const VERSIONS = /^1\.[0-7]$/;
/** Kinds of component that are no software packages. */
const NOT_PACKAGES = new Set([
  'file',
  'device',
  'data',
  'machine-learning-model',
  'cryptographic-asset',
  'operating-system',
]);
/** Kinds of Trivy's that are no place: packages of them name their own file each. */
const SCATTERED = new Set(['node-pkg', 'python-pkg', 'gemspec', 'jar', 'conda-pkg']);

type Pointer = (string | number)[];

/**
 * A CycloneDX document, 1.2 to 1.7, as JSON has its fields, in the form that all formats share. `source` is what places
 * name. What a component lacks is an unknown with a pointer to it: nothing is dropped in silence.
 */
export function cycloneDxBill(document: Record<string, unknown>, source: string): Bill {
  const unknowns: Unknown[] = [];
  const specVersion = cleanText(document['specVersion']);
  if (!VERSIONS.test(specVersion)) {
    const message = `CycloneDX ${specVersion || 'without a version'} is read as 1.7: fields may be missed`;
    unknowns.push({ code: 'sbom-version-unknown', message, place: { source } });
  }
  const main = componentOf(objectOf(document['metadata'])?.['component'], ['metadata', 'component']);
  for (const said of main?.properties.get('breakwater:unknown') ?? []) unknowns.push(carriedUnknown(said, source));
  const found = flatten(document['components'], source, unknowns);
  const subject = subjectOf(main);
  const system = systemOf(found);
  return {
    subject,
    ...(system && { system }),
    entries: found.filter((component) => !isNoPackage(component)),
    dependencies: dependenciesOf(document['dependencies']),
    owners: new Map(
      found.flatMap((component) => {
        const owner = subject.isOwn && property(component, 'breakwater:owned-by');
        return owner ? [[component.ref, owner] as const] : [];
      }),
    ),
    groups: new Map(found.flatMap(groupOf)),
    unknowns,
  };
}

/** Every component with the components inside it, in the order of the document. */
function flatten(components: unknown, source: string, unknowns: Unknown[]): CdxComponent[] {
  const found: CdxComponent[] = [];
  const waiting = [{ list: components, pointer: ['components'] as Pointer }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const [index, value] of arrayOf(next.list).entries()) {
      if (found.length >= MOST_ENTRIES) return tooLarge(found, next.pointer, source, unknowns);
      const pointer = [...next.pointer, index];
      const component = componentOf(value, pointer);
      if (!component) {
        unknowns.push({ code: 'component-invalid', message: 'Component has no name', place: { source, pointer } });
        continue;
      }
      found.push(component);
      if (component.components.length === 0) continue;
      const inner = [...pointer, 'components'];
      if (inner.length <= DEEPEST) waiting.push({ list: component.components, pointer: inner });
      else tooLarge(found, inner, source, unknowns);
    }
  }
  return found;
}

function tooLarge(found: CdxComponent[], pointer: Pointer, source: string, unknowns: Unknown[]): CdxComponent[] {
  const message = 'Components are too many, or nested too deep, to be read';
  unknowns.push({ code: 'sbom-too-large', message, place: { source, pointer } });
  return found;
}

function systemOf(found: readonly CdxComponent[]): Bill['system'] {
  const system = found.find(({ type }) => type === 'operating-system');
  if (!system) return undefined;
  const title = property(system, 'syft:distro:prettyName');
  const own = ownSystem(system);
  return {
    name: property(system, 'syft:distro:id') ?? system.name,
    version: system.version || (property(system, 'syft:distro:versionID') ?? ''),
    ...(title && { title }),
    ...(own && { own }),
  };
}

function dependenciesOf(value: unknown): Bill['dependencies'] {
  const dependencies = new Map<string, readonly string[]>();
  for (const item of arrayOf(value)) {
    const fields = objectOf(item);
    const ref = cleanText(fields?.['ref']);
    if (ref !== '' && !dependencies.has(ref)) dependencies.set(ref, textsOf(fields?.['dependsOn']));
  }
  return dependencies;
}

/** Trivy lists packages under the lock file or program they were found in. */
function groupOf(component: CdxComponent): [ref: string, path: string][] {
  const kind = component.purl === '' ? property(component, 'aquasecurity:trivy:Type') : undefined;
  const isPlace = kind !== undefined && component.type === 'application' && !SCATTERED.has(kind);
  return isPlace && component.name !== kind ? [[component.ref, component.name]] : [];
}

/** Files, systems and the lock files under which Trivy groups packages say nothing that could be matched. */
function isNoPackage(component: CdxComponent): boolean {
  if (component.purl !== '') return false;
  return NOT_PACKAGES.has(component.type) || property(component, 'aquasecurity:trivy:Type') !== undefined;
}
