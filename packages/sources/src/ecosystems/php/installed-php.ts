import type { EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { joinPath } from '../join-path.ts';
import { isIdentity } from '../purl-of.ts';
import { linesOf, readText, reportUnreadable } from '../read-text.ts';
import { COMPOSER_NAME, composerComponent } from './composer-component.ts';

const PACKAGE = /^ {8}'([^'\\]{1,512})' => array\($/;
const FIELD = /^ {12}'(pretty_version|install_path|dev_requirement)' => (.{1,4096}),$/;
const TEXT = /^(?:__DIR__ \. )?'([^'\\]*)'$/;

/**
 * `vendor/composer/installed.php`, which Composer 2 writes beside installed.json and which is left where that was
 * removed. Its lines are read as Composer writes them; it is never run. The project itself lies in it too, as `root`.
 */
export function readInstalledPhp(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const text = readText(file, context, inventory);
  if (text === undefined) return;
  const versions = text.indexOf("\n    'versions' => array(");
  if (versions === -1) {
    reportUnreadable(file, 'is no list of Composer', context, inventory);
    return;
  }
  const root = /\n {4}'root' => array\(\r?\n {8}'name' => '([^'\\\n]{1,512})'/.exec(
    text.slice(0, versions + 4096),
  )?.[1];
  let name: string | undefined;
  let fields = new Map<string, string>();
  for (const line of [...linesOf(text.slice(versions)), '        ),']) {
    const opened = PACKAGE.exec(line)?.[1];
    const [, field, value] = FIELD.exec(line) ?? [];
    if (opened !== undefined) {
      name = opened;
      fields = new Map();
    } else if (field !== undefined) fields.set(field, value!);
    else if (line === '        ),' && name !== undefined) {
      if (name !== root) add(name, fields, file.path, inventory);
      name = undefined;
    }
  }
}

/** What another package replaces or provides has no version of its own there. */
function add(name: string, fields: Map<string, string>, path: string, { components }: Inventory): void {
  const version = TEXT.exec(fields.get('pretty_version') ?? '')?.[1];
  if (!COMPOSER_NAME.test(name) || !isIdentity(version)) return;
  const place = TEXT.exec(fields.get('install_path') ?? '')?.[1];
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const files = place === undefined ? [] : joinPath(folder, place.replace(/^\//, '')).map((item) => `/${item}/`);
  const development = fields.get('dev_requirement') === 'true';
  components.push(composerComponent({ name, version, licences: [], path, scope: 'installed', development, files }));
}
