import { parseControl } from '../dpkg/control.ts';
import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { purlComponent } from '../purl-component.ts';
import { isIdentity } from '../purl-of.ts';
import { readText, reportUnreadable } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

const STATUS = /(?:^|\/)vcpkg\/status$/;
const FIELDS = new Set(['package', 'version', 'port-version', 'architecture', 'status', 'feature']);

/** Ports that vcpkg installed; its list has the form of dpkg's. */
export const vcpkg: Ecosystem = {
  name: 'vcpkg',
  wants: (path) => path.endsWith('vcpkg/status') && STATUS.test(path),
  parse: parseVcpkg,
  capabilities,
};

function parseVcpkg(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    const { paragraphs, oddLines } = parseControl(text, FIELDS);
    if (oddLines.length > 0) reportUnreadable(file, 'has lines that are no fields', context, inventory);
    for (const { fields } of paragraphs) {
      const state = fields.get('status')?.split(/\s+/).at(-1);
      const name = fields.get('package');
      const version = fields.get('version');
      if (state !== 'installed' || fields.has('feature')) continue;
      if (!isIdentity(name) || !isIdentity(version)) {
        reportUnreadable(file, 'has a port without a usable name and version', context, inventory);
        continue;
      }
      const port = fields.get('port-version');
      const item = { name, version: port ? `${version}#${port}` : version, licences: [], path: file.path };
      const triplet = fields.get('architecture') ?? '';
      inventory.components.push(
        purlComponent(
          'vcpkg',
          { ...item, scope: 'installed', development: false, files: [] },
          { qualifiers: { triplet } },
        ),
      );
    }
  }
  return inventory;
}
