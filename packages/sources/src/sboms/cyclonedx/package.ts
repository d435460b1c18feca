import type { Component, Distribution, Unknown } from '@breakwater/model';
import { formatPurl, LANGUAGE_ECOSYSTEMS, type Purl, packageName, parsePurl } from '@breakwater/model/purl';
import { distributionOfPurl } from './distribution.ts';
import { type CdxComponent, property } from './document.ts';

/** What the rest of the document says about every package. */
export interface PackageContext {
  distribution: Distribution | undefined;
  /** Whether the document describes an image: its packages lie at paths from the root. */
  isImage: boolean;
  /** Whether we wrote it: paths and files are then as they were. */
  isOwn: boolean;
}

type Gap = Pick<Unknown, 'code' | 'message'>;

const TYPES: ReadonlySet<string> = new Set([
  ...Object.keys(LANGUAGE_ECOSYSTEMS),
  'deb',
  'apk',
  'rpm',
  'alpm',
  'generic',
] satisfies string[]);
const SYSTEM_TYPES = new Set(['deb', 'apk', 'rpm', 'alpm']);
const WITH_EPOCH = new Set(['deb', 'rpm', 'alpm']);
const INSTALLED_NPM = /^\/(?:.*\/)?node_modules\/.*\/package\.json$/;
/** Types whose names hold slashes, which some tools encode instead of writing a namespace. */
const WITH_SLASHES = new Set(['npm', 'golang', 'composer']);
const SOURCE_RPM = /^(.{1,256})-([^-]{1,128}-[^-]{1,128})\.src\.rpm$/;

/** Makes a package of a component. Either may be missing: a package without a version is one with a gap. */
export function packageOf(component: CdxComponent, context: PackageContext): { package?: Component; gap?: Gap } {
  const named = `${component.group && `${component.group}/`}${component.name} ${component.version}`.trim();
  if (component.purl === '') {
    return { gap: { code: 'component-without-purl', message: `${named} has no purl, so what it is cannot be told` } };
  }
  const purl = withNamespace(parsePurl(component.purl));
  if (!purl)
    return { gap: { code: 'component-purl-invalid', message: `${named} has no valid purl: ${component.purl}` } };
  if (!isPackageType(purl.type)) {
    return {
      gap: { code: 'component-type-unknown', message: `${named} is of type ${purl.type}, which is not judged` },
    };
  }
  const version = versionOf(purl, component);
  const made = build(component, canonical(purl, version), purl.type, version, context);
  if (version !== '') return { package: made };
  return { package: made, gap: { code: 'component-without-version', message: `${named} has no version` } };
}

/** `%40babel%2Fcore` is the namespace `@babel` and the name `core`. */
function withNamespace(purl: Purl | undefined): Purl | undefined {
  const slash = purl && WITH_SLASHES.has(purl.type) && !purl.namespace ? purl.name.lastIndexOf('/') : -1;
  if (!purl || slash <= 0) return purl;
  return { ...purl, namespace: purl.name.slice(0, slash), name: purl.name.slice(slash + 1) };
}

function build(
  component: CdxComponent,
  purl: Purl,
  type: Component['type'],
  version: string,
  context: PackageContext,
): Component {
  const text = formatPurl(purl);
  const ecosystem = property(component, 'breakwater:ecosystem') ?? ecosystemOf(purl, context.distribution);
  const source = sourceOf(component, purl, version);
  const architecture = purl.qualifiers['arch'] ?? property(component, 'breakwater:architecture');
  const layer = property(component, 'breakwater:layer', 'aquasecurity:trivy:LayerDiffID', 'syft:location:0:layerID');
  const path = pathOf(component, context.isImage && !context.isOwn);
  return {
    id: idOf(component, text),
    type,
    name: packageName(purl),
    version,
    purl: text,
    ...(ecosystem && { ecosystem }),
    ...(source && { source }),
    ...(architecture && { architecture }),
    licences: component.licences,
    path,
    ...(layer && { layer }),
    files: context.isOwn ? ownFiles(component) : folders(component, type, path),
    scope: property(component, 'breakwater:scope') === 'locked' ? 'locked' : 'installed',
    development: component.scope === 'excluded' || property(component, 'cdx:npm:package:development') === 'true',
  };
}

function isPackageType(type: string): type is Component['type'] {
  return TYPES.has(type);
}

/** Trivy writes the epoch beside the version, Syft in it; here it is always in it. */
function versionOf(purl: Purl, component: CdxComponent): string {
  const version = purl.version ?? component.version;
  const epoch = purl.qualifiers['epoch'];
  const lacksEpoch = WITH_EPOCH.has(purl.type) && /^\d{1,9}$/.test(epoch ?? '') && !/^\d+:/.test(version);
  return version !== '' && lacksEpoch ? `${epoch}:${version}` : version;
}

/** The purl with its epoch in the version and without what only told apart entries of the document. */
function canonical(purl: Purl, version: string): Purl {
  const { 'package-id': _id, epoch, ...qualifiers } = purl.qualifiers;
  const kept = epoch !== undefined && !WITH_EPOCH.has(purl.type) ? { ...qualifiers, epoch } : qualifiers;
  const { version: _version, ...rest } = purl;
  return { ...rest, ...(version !== '' && { version }), qualifiers: kept };
}

/** `Component.id` as our own documents carry it in `bom-ref`: the purl, with `#path` where it is there twice. */
function idOf({ ref, purl }: CdxComponent, text: string): string {
  return ref.startsWith(`${purl}#`) ? `${text}${ref.slice(purl.length)}` : text;
}

function ecosystemOf(purl: Purl, distribution: Distribution | undefined): string | undefined {
  if (!SYSTEM_TYPES.has(purl.type)) return LANGUAGE_ECOSYSTEMS[purl.type];
  const own = distributionOfPurl(purl);
  return own ? own.ecosystem : distribution?.ecosystem;
}

/** Source package: our own properties, Trivy's, Syft's, or the purl's `upstream`. */
function sourceOf(component: CdxComponent, purl: Purl, version: string): Component['source'] {
  if (!SYSTEM_TYPES.has(purl.type)) return undefined;
  const own = property(component, 'breakwater:source:name');
  if (own) return { name: own, version: property(component, 'breakwater:source:version') ?? version };
  const trivy = property(component, 'aquasecurity:trivy:SrcName');
  if (trivy) return { name: trivy, version: trivySourceVersion(component) ?? version };
  const upstream = purl.qualifiers['upstream'];
  if (upstream) return upstreamOf(upstream, version);
  const syft = property(component, 'syft:metadata:source', 'syft:metadata:originPackage', 'syft:metadata:sourceRpm');
  if (!syft) return undefined;
  const syftVersion = property(component, 'syft:metadata:sourceVersion');
  return syftVersion ? { name: syft, version: syftVersion } : upstreamOf(syft, version);
}

function trivySourceVersion(component: CdxComponent): string | undefined {
  const version = property(component, 'aquasecurity:trivy:SrcVersion');
  const release = property(component, 'aquasecurity:trivy:SrcRelease');
  const epoch = property(component, 'aquasecurity:trivy:SrcEpoch');
  const withEpoch = version && epoch && epoch !== '0' ? `${epoch}:${version}` : version;
  return withEpoch && release ? `${withEpoch}-${release}` : withEpoch;
}

function upstreamOf(upstream: string, version: string): Component['source'] {
  const rpm = SOURCE_RPM.exec(upstream);
  if (rpm) return { name: rpm[1] ?? upstream, version: rpm[2] ?? version };
  const at = upstream.lastIndexOf('@');
  return at > 0 ? { name: upstream.slice(0, at), version: upstream.slice(at + 1) } : { name: upstream, version };
}

function pathOf(component: CdxComponent, isImage: boolean): string {
  const path =
    component.locations[0] ??
    property(component, 'aquasecurity:trivy:FilePath', 'syft:location:0:path', 'cdx:npm:package:path', 'SrcFile') ??
    '';
  return isImage && path !== '' ? rooted(path) : path;
}

function ownFiles(component: CdxComponent): string[] {
  return property(component, 'breakwater:files')?.split('\n') ?? [];
}

/** Folders of an npm package installed at these places: it owns them, as npm lays packages out. */
function folders({ locations }: CdxComponent, type: string, path: string): string[] {
  if (type !== 'npm') return [];
  return [path, ...locations.slice(1).map(rooted)]
    .filter((place) => INSTALLED_NPM.test(place))
    .map((place) => place.slice(0, -'package.json'.length));
}

function rooted(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}
