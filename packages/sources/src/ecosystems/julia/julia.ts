import type { Component } from '@breakwater/model';
import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { readToml } from '../parse-toml.ts';
import { purlComponent } from '../purl-component.ts';
import { type Fields, fieldsOf, isFields, reportUnreadable, textOf } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

const MANIFEST = /(?:^|\/)(?:Julia)?Manifest(?:-v\d{1,3}(?:\.\d{1,3})?)?\.toml$/;
/** `packages/JSON/93Ea8/Project.toml` of a depot, `share/julia/stdlib/v1.9/Dates/Project.toml` of Julia itself. */
const INSTALLED =
  /(?:^|\/)(?:\.?julia\/packages\/[^/]+\/[^/]+|julia\/stdlib\/v[\d.]+\/[^/]+)\/(?:Julia)?Project\.toml$/;
/** Inside of an installed package: a list of its documents or tests. */
const OF_OTHERS = /(?:^|\/)(?:julia\/packages|julia\/stdlib|julia\/test|julia\/clones)\//;
const NAME = /^[\w!.+-]{1,255}$/;
const UUID = /^[0-9a-f-]{36}$/;

/** Packages of Julia: installed in a depot, or listed by a manifest. */
export const julia: Ecosystem = {
  name: 'julia',
  wants: (path) => path.endsWith('.toml') && (MANIFEST.test(path) ? !OF_OTHERS.test(path) : INSTALLED.test(path)),
  parse: parseJulia,
  capabilities,
};

function parseJulia(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const document = readToml(file, context, inventory);
    if (document === undefined) continue;
    if (MANIFEST.test(file.path)) readManifest(document, file, context, inventory);
    else readProject(document, file, context, inventory);
  }
  return inventory;
}

/** Format 1 has packages at the top, format 2 below `deps`; a name may be that of several packages. */
function readManifest(document: Fields, file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const packages = Object.hasOwn(document, 'manifest_format') ? fieldsOf(document, 'deps') : document;
  const release = textOf(document, 'julia_version');
  let skipped = 0;
  for (const [name, entries] of Object.entries(packages)) {
    if (packages === document && !Array.isArray(entries) && !isFields(entries)) continue;
    for (const entry of Array.isArray(entries) ? entries : [entries]) {
      const component = isFields(entry) ? toComponent(name, entry, versionOf(entry, release), file.path) : undefined;
      if (component === undefined) skipped += 1;
      else inventory.components.push(component);
    }
  }
  if (skipped === 0) return;
  const message = `Entries of a manifest that have a wrong form: ${skipped}; packages may be missing`;
  inventory.unknowns.push({
    code: 'package-incomplete',
    message,
    place: { source: context.target, path: `/${file.path}` },
  });
}

/** Packages of the standard library come with Julia and have its version; one from a folder may have none. */
function versionOf(entry: Fields, release: string): string {
  return textOf(entry, 'version') || (Object.hasOwn(entry, 'path') ? '' : release);
}

function readProject(document: Fields, file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  // Parts of Julia itself have no version of their own before 1.11: Julia's is known by its program.
  if (textOf(document, 'version') === '' && file.path.includes('julia/stdlib/')) return;
  const folder = file.path.replace(/[^/]+$/, '');
  const component = toComponent(textOf(document, 'name'), document, textOf(document, 'version'), file.path, folder);
  if (component === undefined) reportUnreadable(file, 'states no usable name', context, inventory);
  else inventory.components.push(component);
}

function toComponent(
  name: string,
  fields: Fields,
  version: string,
  path: string,
  folder?: string,
): Component | undefined {
  if (!NAME.test(name) || version.length > 255) return undefined;
  const uuid = textOf(fields, 'uuid').toLowerCase();
  const scope = folder === undefined ? ('locked' as const) : ('installed' as const);
  const files = folder === undefined ? [] : [`/${folder}`];
  const item = { name, version, licences: [], path, scope, development: false, files };
  return purlComponent('julia', item, { qualifiers: { uuid: UUID.test(uuid) ? uuid : '' } });
}
