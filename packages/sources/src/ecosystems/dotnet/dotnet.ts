import type { Ecosystem, EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LineFinder } from '../line-finder.ts';
import { LockedPackages } from '../locked-packages.ts';
import { type Fields, readJsonText, readText, reportUnreadable } from '../read-text.ts';
import { readXml, type XmlElement } from '../xml/read-xml.ts';
import { distilAssembly, readAssemblies } from './assemblies.ts';
import { capabilities } from './capabilities.ts';
import { readDepsJson } from './deps-json.ts';
import { lockAssets, lockConfig, lockPackages, lockProps } from './lists.ts';
import { NUGET_NAME, nugetComponent } from './nuget-component.ts';

const LISTS =
  /(?:\.deps\.json|(?:^|\/)(?:packages\.lock\.json|project\.assets\.json|packages\.config|Directory\.Packages\.props))$/;

/** Packages of NuGet: shipped with programs of .NET, or listed for their build. */
export const dotnet: Ecosystem = {
  name: 'dotnet',
  wants: (path) => /(?:json|config|props)$/.test(path) && LISTS.test(path),
  distil: distilAssembly,
  parse: parseDotnet,
  capabilities,
};

function parseDotnet(files: PackageFile[], context: EcosystemContext): Inventory {
  const inventory: Inventory = { components: [], unknowns: [] };
  for (const file of files) {
    if (file.distilled) continue;
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    if (name.endsWith('.deps.json')) readDepsJson(file, context, inventory);
    else if (name === 'packages.lock.json') readJsonList(file, lockPackages, context, inventory);
    else if (name === 'project.assets.json') readJsonList(file, lockAssets, context, inventory);
    else if (name === 'packages.config') readXmlList(file, 'packages', lockConfig, context, inventory);
    else readXmlList(file, 'Project', lockProps, context, inventory);
  }
  readAssemblies(files, context, inventory);
  return inventory;
}

function readJsonList(
  file: PackageFile,
  lock: (document: Fields, locked: LockedPackages, lines: LineFinder) => void,
  context: EcosystemContext,
  inventory: Inventory,
): void {
  const read = readJsonText(file, context, inventory);
  if (read === undefined) return;
  const locked = new LockedPackages(nugetComponent, NUGET_NAME);
  lock(read.content, locked, new LineFinder(read.text));
  locked.finish(file.path, context, inventory);
}

function readXmlList(
  file: PackageFile,
  root: string,
  lock: (document: XmlElement, locked: LockedPackages) => void,
  context: EcosystemContext,
  inventory: Inventory,
): void {
  const text = readText(file, context, inventory);
  const document = text === undefined ? undefined : readXml(text);
  if (document?.name !== root) {
    if (text !== undefined) reportUnreadable(file, 'is no XML document of NuGet', context, inventory);
    return;
  }
  const locked = new LockedPackages(nugetComponent, NUGET_NAME);
  lock(document, locked);
  locked.finish(file.path, context, inventory);
}
