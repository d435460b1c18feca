import type { Component, ComponentEvidence, Layer } from '@breakwater/model';
import { type BillProperty, listed } from './property.ts';

/** What is told of a package beside the package itself. */
export interface PackageSurroundings {
  /** The image's layers by their diff_id. */
  layers: ReadonlyMap<string, Layer>;
  /** What was seen of components while they ran, by `Component.id`. */
  evidence?: ReadonlyMap<string, ComponentEvidence> | undefined;
}

const SYSTEM_TYPES: ReadonlySet<string> = new Set(['deb', 'apk', 'rpm', 'alpm']);
const SOURCE_VERSION = /^(?:(\d+):)?(.+?)(?:-([^-]+))?$/;
const LONGEST_STEP = 256;

/** Everything of a package that a format has no field for, under our names: reading it gives the same package. */
export function ownProperties(component: Component, { layers, evidence }: PackageSurroundings): BillProperty[] {
  const { ecosystem, source, architecture, vendor, modularityLabel, cpes, symbols, layer, files, scope } = component;
  const found = layer === undefined ? undefined : layers.get(layer);
  const seen = evidence?.get(component.id);
  return listed([
    ['breakwater:architecture', architecture],
    ...(cpes ?? []).map((cpe) => ['breakwater:cpe', cpe] as const),
    ['breakwater:ecosystem', ecosystem],
    ['breakwater:files', files.join('\n')],
    ['breakwater:guessed-from', component.guessedFrom],
    ['breakwater:layer', layer],
    ['breakwater:layer-digest', found?.digest],
    ['breakwater:line', component.line?.toString()],
    ['breakwater:modularity-label', modularityLabel],
    ['breakwater:owned-by', component.ownedBy],
    ['breakwater:relationship', component.relationship],
    ['breakwater:runtime', seen?.state],
    ['breakwater:runtime-last-seen', seen?.lastSeen],
    ['breakwater:scope', scope === 'locked' ? scope : undefined],
    ['breakwater:source:name', source?.name],
    ['breakwater:source:version', source?.version],
    ['breakwater:step', found?.createdBy?.slice(0, LONGEST_STEP).toWellFormed()],
    [
      'breakwater:symbols',
      symbols && JSON.stringify(Object.fromEntries(symbols.map(({ path, names }) => [path, names]))),
    ],
    ['breakwater:vendor', vendor],
  ]);
}

/** What Trivy reads of a package, under its names without their prefix. */
export function trivyProperties(component: Component, { layers }: PackageSurroundings): BillProperty[] {
  const { type, path, source, layer, modularityLabel } = component;
  return listed([
    ['FilePath', SYSTEM_TYPES.has(type) ? undefined : path.replace(/^\//, '')],
    ['LayerDiffID', layer],
    ['LayerDigest', layer === undefined ? undefined : layers.get(layer)?.digest],
    ['Modularitylabel', modularityLabel],
    ...(source ? sourceProperties(type, source) : []),
  ]);
}

/** Trivy takes Debian's and Red Hat's versions apart: `1:2.38-1` is epoch 1, version 2.38, release 1. */
function sourceProperties(type: string, { name, version }: { name: string; version: string }): [string, string?][] {
  const parts = type === 'deb' || type === 'rpm' ? SOURCE_VERSION.exec(version) : null;
  return [
    ['SrcEpoch', parts?.[1]],
    ['SrcName', name],
    ['SrcRelease', parts?.[3]],
    ['SrcVersion', parts?.[2] ?? version],
  ];
}
