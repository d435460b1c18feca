import type { Distiller, Ecosystem, EcosystemContext, FileHead, Inventory, PackageFile } from '../ecosystem.ts';
import { purlComponent } from '../purl-component.ts';
import { isIdentity } from '../purl-of.ts';
import { isFields, parseJson, textOf } from '../read-text.ts';
import { capabilities } from './capabilities.ts';

const PLUGIN = /(?:^|\/)wp-content\/(?:mu-)?plugins\/(?:([\w.-]{1,255})\/)?([\w.-]{1,255})\.php$/;
/** WordPress reads no more of a file for its header. */
const HEADER = 8192;
const FIELD = /^[ \t/*#@]{0,64}(Plugin Name|Version|License):[ \t]{0,64}([^\r\n]{0,512})/gim;

/** The main file of a plugin holds a header and little more. */
const LARGEST = 1024 * 1024;
const distiller: Distiller = { largest: LARGEST, whole: readHeader };

/** Plugins of WordPress, by the header of their main file; the file itself is not kept. */
export const wordpress: Ecosystem = {
  name: 'wordpress',
  wants: () => false,
  distil: ({ path, size }: FileHead) =>
    size <= LARGEST && path.endsWith('.php') && PLUGIN.test(path) ? distiller : undefined,
  parse: parsePlugins,
  capabilities,
};

/** Name, version and licence of a plugin as JSON; undefined for every other file of PHP. */
function readHeader(content: Buffer): Buffer | undefined {
  const fields: Record<string, string> = {};
  for (const [, field = '', value = ''] of content.toString('utf8', 0, HEADER).matchAll(FIELD)) {
    fields[field.toLowerCase()] ??= value.replace(/\s*(?:\*\/|\?>).*$/, '').trim();
  }
  return fields['plugin name'] ? Buffer.from(JSON.stringify(fields)) : undefined;
}

function parsePlugins(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const [, folder, own] = PLUGIN.exec(file.path) ?? [];
    const fields = parseJson(file.bytes.toString('utf8'));
    const name = folder ?? own;
    if (!file.distilled || !isFields(fields) || name === undefined) continue;
    const version = textOf(fields, 'version');
    if (!isIdentity(version)) {
      const message = `The plugin ${name} of WordPress states no version`;
      const place = { source: context.target, path: `/${file.path}` };
      inventory.unknowns.push({ code: 'package-incomplete', message, place });
    }
    const owned = folder === undefined ? file.path : file.path.replace(/[^/]+$/, '');
    inventory.components.push(
      purlComponent('wordpress-plugin', {
        name,
        version: isIdentity(version) ? version : '',
        licences: [textOf(fields, 'license')],
        path: file.path,
        scope: 'installed',
        development: false,
        files: [`/${owned}`],
      }),
    );
  }
  return inventory;
}
