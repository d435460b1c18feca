import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LockedPackages } from '../locked-packages.ts';
import { readText, reportUnreadable } from '../read-text.ts';
import { capabilities } from './capabilities.ts';
import { GEM_NAME, gemComponent } from './gem-component.ts';
import { readGemfileLock } from './gemfile-lock.ts';
import { parseGemspec } from './gemspec.ts';

const LOCK_FILE = /(?:^|\/)(?:Gemfile\.lock|gems\.locked)$/;
const SPECIFICATION = /^(.*?)specifications\/(?:default\/)?([^/]+)\.gemspec$/;
/** Inside an installed gem, or documents of one. */
const FOREIGN = /(?:^|\/)(?:gems\/[^/]+-\d[^/]*|usr\/share)\//;

/** Ruby gems: installed, or listed by Bundler's lock files. */
export const ruby: Ecosystem = { name: 'ruby', wants, parse: parseRuby, capabilities };

function wants(path: string): boolean {
  if (path.endsWith('.gemspec')) return /(?:^|\/)specifications\/(?:default\/)?[^/]+$/.test(path);
  return path.endsWith('lock') || path.endsWith('gems.locked') ? LOCK_FILE.test(path) && !FOREIGN.test(path) : false;
}

function parseRuby(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    if (file.path.endsWith('.gemspec')) readSpecification(file, text, context, inventory);
    else {
      const locked = new LockedPackages(gemComponent, GEM_NAME);
      if (!readGemfileLock(text, locked)) reportUnreadable(file, 'is no lock file of Bundler', context, inventory);
      else locked.finish(file.path, context, inventory);
    }
  }
  return inventory;
}

function readSpecification(file: PackageFile, text: string, context: EcosystemContext, inventory: Inventory): void {
  const { name, version, licences } = parseGemspec(text);
  if (!GEM_NAME.test(name) || version === '' || version.length > 1024) {
    const message = 'An installed gem has no usable name or version';
    const place = { source: context.target, path: `/${file.path}` };
    inventory.unknowns.push({ code: 'package-incomplete', message, place });
    return;
  }
  const [, home = '', folder = ''] = SPECIFICATION.exec(file.path) ?? [];
  const details = { licences, path: file.path, scope: 'installed' as const, development: false };
  inventory.components.push(gemComponent({ name, version, ...details, files: [`/${home}gems/${folder}/`] }));
}
