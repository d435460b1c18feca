import type { Ecosystem, EcosystemContext, FileTree, Inventory, PackageFile } from '../ecosystem.ts';
import { ownedFiles } from '../owned-files.ts';
import { purlComponent } from '../purl-component.ts';
import { linesOf, readText } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

const ENTRY = /^var\/db\/pkg\/([^/]{1,255})\/[^/]{1,255}\/(PF|CONTENTS|LICENSE)$/;
/** `python-exec-2.4.6-r4` (PMS 3.1.2 and 3.2): a name, a version with a letter and suffixes, a revision. */
const FULL_NAME =
  /^([\w+][\w+-]{0,254}?)-(\d{1,64}(?:\.\d{1,64}){0,15}[a-z]?(?:_(?:alpha|beta|pre|rc|p)\d{0,64}){0,4}(?:-r\d{1,9})?)$/;

/** The database of Portage (Gentoo and its relatives): a folder a package. */
export const portage: Ecosystem = {
  name: 'portage',
  wants: (path) => path.startsWith('var/db/pkg/') && ENTRY.test(path),
  parse: parsePortage,
  capabilities,
};

function parsePortage(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const file of files) {
    if (!file.path.endsWith('/PF')) continue;
    const category = ENTRY.exec(file.path)?.[1] ?? '';
    const [, name, version] = FULL_NAME.exec(file.bytes.toString('utf8', 0, 1024).trim()) ?? [];
    if (name === undefined || version === undefined) {
      const message = 'A package has no usable name or version';
      const place = { source: context.target, path: `/${file.path}` };
      inventory.unknowns.push({ code: 'package-incomplete', message, place });
      continue;
    }
    const beside = (other: string): string => textOf(byPath.get(file.path.replace(/PF$/, other)), context, inventory);
    inventory.components.push(
      purlComponent(
        'ebuild',
        {
          name: `${category}/${name}`,
          version,
          licences: [beside('LICENSE').trim()],
          path: file.path,
          scope: 'installed',
          development: false,
          files: context.tree === undefined ? [] : owned(beside('CONTENTS'), context.tree),
        },
        { namespace: category, name },
      ),
    );
  }
  return inventory;
}

function textOf(file: PackageFile | undefined, context: EcosystemContext, inventory: Inventory): string {
  return file === undefined ? '' : (readText(file, context, inventory) ?? '');
}

/** `obj /usr/bin/python-exec2c 25d9 1621609137`: files, with digest and time behind the path. */
function owned(contents: string, tree: FileTree): string[] {
  return ownedFiles(paths(contents), tree);
}

function* paths(contents: string): Generator<string> {
  for (const line of linesOf(contents)) {
    if (line.startsWith('obj /')) yield line.slice(5).split(' ').slice(0, -2).join(' ');
  }
}
