import type { Distiller, EcosystemContext, FileHead, Inventory, PackageFile } from '../ecosystem.ts';
import { isFields, parseJson, textOf } from '../read-text.ts';
import { readAssembly } from './assembly.ts';
import { NUGET_NAME, nugetComponent } from './nuget-component.ts';

const ASSEMBLY = /(?<!\.resources)\.(?:dll|exe)$/i;
const UNNAMED = Buffer.from('null');

const distiller: Distiller = {
  largest: 64 * 1024 * 1024,
  whole(content) {
    const found = readAssembly(content);
    if (found === 'unnamed') return UNNAMED;
    return found === undefined ? undefined : Buffer.from(JSON.stringify(found));
  },
};

/** Takes name and version out of assemblies, which are PE files everywhere. */
export function distilAssembly({ path, bytes }: FileHead): Distiller | undefined {
  return bytes[0] === 0x4d && bytes[1] === 0x5a && ASSEMBLY.test(path) ? distiller : undefined;
}

/**
 * The assemblies that no `.deps.json` beside or above them accounts for: programs of .NET Framework and Mono, and what
 * was copied in. That an assembly is the package of its name is a guess, and a good one.
 */
export function readAssemblies(files: PackageFile[], context: EcosystemContext, inventory: Inventory): void {
  const told = new Set(files.filter(({ path }) => path.endsWith('.deps.json')).map(({ path }) => folderOf(path)));
  for (const { path, bytes, distilled } of files) {
    if (!distilled || foldersAbove(path).some((folder) => told.has(folder))) continue;
    const found = parseJson(bytes.toString('utf8'));
    const [name, version] = isFields(found) ? [textOf(found, 'name'), textOf(found, 'version')] : ['', ''];
    if (!NUGET_NAME.test(name)) {
      const message = 'An assembly of .NET does not say its name and version';
      inventory.unknowns.push({
        code: 'package-incomplete',
        message,
        place: { source: context.target, path: `/${path}` },
      });
      continue;
    }
    const details = { licences: [], path, scope: 'installed' as const, development: false, files: [`/${path}`] };
    inventory.components.push({ ...nugetComponent({ name, version, ...details }), guessedFrom: 'manifest' });
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let at = folderOf(path); ; at = folderOf(at)) {
    folders.push(at);
    if (at === '') return folders;
  }
}
