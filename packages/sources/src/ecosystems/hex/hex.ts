import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LockedPackages } from '../locked-packages.ts';
import { readText, reportUnreadable } from '../read-text.ts';
import { isOfRuntime, readApplication } from './application.ts';
import { capabilities } from './capabilities.ts';
import { HEX_NAME, hexComponent } from './hex-component.ts';
import { readMixLock, readRebarLock } from './lock-files.ts';

const LOCK_FILE = /(?:^|\/)(?:mix|rebar)\.lock$/;
/** `lib/jason-1.3.0/ebin/jason.app`, as releases and installations have it. */
const APPLICATION = /(?:^|\/)lib\/[^/]+\/ebin\/[^/]+\.app$/;
const FETCHED = /(?:^|\/)(?:deps|_build)\/[^/]+\/(?:mix|rebar)\.lock$/;

/** Packages of Hex, for Elixir and Erlang: in a release, or listed by mix.lock and rebar.lock. */
export const hex: Ecosystem = {
  name: 'hex',
  wants: (path) =>
    path.endsWith('.app')
      ? APPLICATION.test(path)
      : path.endsWith('.lock') && LOCK_FILE.test(path) && !FETCHED.test(path),
  parse: parseHex,
  capabilities,
};

function parseHex(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    const text = readText(file, context, inventory);
    if (text === undefined) continue;
    if (file.path.endsWith('.app')) readInstalled(file, text, context, inventory);
    else readLock(file, text, context, inventory);
  }
  return inventory;
}

function readLock(file: PackageFile, text: string, context: EcosystemContext, inventory: Inventory): void {
  const locked = new LockedPackages(hexComponent, HEX_NAME);
  const read = file.path.endsWith('mix.lock') ? readMixLock : readRebarLock;
  if (read(text, locked)) locked.finish(file.path, context, inventory);
  else reportUnreadable(file, 'is no lock file of mix or rebar', context, inventory);
}

function readInstalled(file: PackageFile, text: string, context: EcosystemContext, inventory: Inventory): void {
  const application = readApplication(text);
  if (application === undefined) {
    const message = 'An installed application of Erlang has no usable name or version';
    inventory.unknowns.push({
      code: 'package-incomplete',
      message,
      place: { source: context.target, path: `/${file.path}` },
    });
    return;
  }
  if (isOfRuntime(application.name)) return;
  const folder = file.path.replace(/ebin\/[^/]+$/, '');
  const details = { licences: [], path: file.path, scope: 'installed' as const, development: false };
  inventory.components.push(hexComponent({ ...application, ...details, files: [`/${folder}`] }));
}
