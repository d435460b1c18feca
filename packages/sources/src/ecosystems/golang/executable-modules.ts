import type { Distiller, EcosystemContext, FileHead, Inventory, PackageFile } from '../ecosystem.ts';
import { isExecutable } from '../executables/executable.ts';
import { isIdentity } from '../purl-of.ts';
import { readBuildInfo } from './build-info.ts';
import { BuildInfoStream, type Outcome } from './build-info-stream.ts';
import { goComponent, releaseOf } from './go-component.ts';
import { modulesOf } from './modules-of.ts';

const LARGEST = 24 * 1024 * 1024;
const UNREAD = 'unread';

const distiller: Distiller = {
  sections: ['.go.buildinfo'],
  largest: LARGEST,
  whole: (content) => toFacts(readBuildInfo(content)),
  stream: () => new BuildInfoStream(toFacts),
};

/** Takes build information from executables of any name. */
export function distilExecutable({ bytes }: FileHead): Distiller | undefined {
  return isExecutable(bytes) ? distiller : undefined;
}

/** The toolchain's version, a line feed, and the modules as they were written. */
function toFacts(outcome: Outcome): Buffer | undefined {
  if (outcome === undefined) return undefined;
  return Buffer.from(outcome === 'unread' ? UNREAD : `${outcome.version.replaceAll('\n', ' ')}\n${outcome.modules}`);
}

/** The modules of an executable and, as `stdlib`, the Go that compiled it; each is in that one file. */
export function readExecutableModules(file: PackageFile, context: EcosystemContext, inventory: Inventory): void {
  const text = file.bytes.toString('utf8');
  const [version, modules] = splitOnce(text);
  const unknown = (message: string): void => {
    const place = { source: context.target, path: `/${file.path}` };
    inventory.unknowns.push({ code: 'package-incomplete', message, place });
  };
  if (text === UNREAD) {
    unknown('A large executable of Go before 1.18 was not read: its modules are not known');
    return;
  }
  const add = (name: string, moduleVersion: string): void => {
    if (!isIdentity(name) || moduleVersion.length > 1024) {
      unknown('A module has a name that cannot be one');
      return;
    }
    const details = { licences: [], path: file.path, scope: 'installed' as const, development: false };
    inventory.components.push(goComponent({ name, version: moduleVersion, ...details, files: [`/${file.path}`] }));
  };
  const { main, dependencies, unreadable } = modulesOf(modules);
  if (main !== undefined) add(main.path, main.version);
  for (const item of dependencies) add(item.path, item.version);
  const release = releaseOf(version);
  add('stdlib', release ?? '');
  if (release === undefined) unknown(`It was compiled by ${version.slice(0, 64)}, which is no release of Go`);
  if (unreadable > 0)
    unknown(`Lines of build information that have a wrong form: ${unreadable}; modules may be missing`);
}

function splitOnce(text: string): [version: string, modules: string] {
  const end = text.indexOf('\n');
  return end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end + 1)];
}
