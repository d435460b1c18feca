import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { purlComponent } from '../purl-component.ts';
import { isIdentity } from '../purl-of.ts';
import { readText, reportUnreadable } from '../read-text.ts';
import { readXml, type XmlElement } from '../xml/read-xml.ts';
import { capabilities } from './capabilities.ts';

const METAINFO = /(?:^|\/)flatpak\/(app|runtime)\/[^/]+\/.{1,512}\.(?:metainfo|appdata)\.xml$/;
const NAME = /^[\w.-]{1,255}$/;

/** Applications of Flatpak, by the description that each brings (AppStream's metainfo). */
export const flatpak: Ecosystem = {
  name: 'flatpak',
  wants: (path) => path.endsWith('.xml') && path.includes('flatpak/') && METAINFO.test(path),
  parse: parseFlatpak,
  capabilities,
};

function parseFlatpak(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    const root = readXml(text);
    const name = childOf(root, 'id')?.text ?? '';
    // The newest release stands first.
    const version = childOf(childOf(root, 'releases'), 'release')?.attributes.get('version');
    if (!NAME.test(name) || !isIdentity(version)) {
      reportUnreadable(file, 'states no usable name and version of an application', context, inventory);
      continue;
    }
    const licences = [childOf(root, 'project_license')?.text ?? ''];
    const folder = /^(?:.*\/)?flatpak\/(?:app|runtime)\/[^/]+\//.exec(file.path)?.[0] ?? file.path;
    const details = {
      licences,
      path: file.path,
      scope: 'installed' as const,
      development: false,
      files: [`/${folder}`],
    };
    inventory.components.push(purlComponent('flatpak', { name, version, ...details }));
  }
  return inventory;
}

function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}
