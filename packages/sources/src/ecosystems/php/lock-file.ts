import type { EcosystemContext, Inventory, PackageFile } from '../ecosystem.ts';
import { LineFinder } from '../line-finder.ts';
import { type GraphPackage, type GraphProject, lockGraph } from '../lock-graph.ts';
import { LockedPackages } from '../locked-packages.ts';
import { type Fields, fieldsOf, isFields, listOf, readJson, readJsonText, textOf } from '../read-text.ts';
import { COMPOSER_NAME, composerComponent, licencesOf } from './composer-component.ts';

/** A `composer.lock`, with the `composer.json` beside it, which tells what the project itself asks for. */
export function readLockFile(
  file: PackageFile,
  manifest: PackageFile | undefined,
  context: EcosystemContext,
  inventory: Inventory,
): void {
  const read = readJsonText(file, context, inventory);
  if (read === undefined) return;
  const { content, text } = read;
  const locked = new LockedPackages(composerComponent, COMPOSER_NAME);
  const lines = new LineFinder(text);
  const graph = new Map<string, GraphPackage<string>>();
  for (const field of ['packages', 'packages-dev']) {
    if (Object.keys(fieldsOf(content, field)).length > 0) locked.skip();
    for (const entry of listOf(content, field)) {
      const item = isFields(entry) ? toGraphPackage(entry, field === 'packages-dev', lines) : undefined;
      if (item === undefined) locked.skip();
      else graph.set(`${keyOf(item.name)}${graph.has(keyOf(item.name)) ? ` ${graph.size}` : ''}`, item);
    }
  }
  lockGraph(graph, manifest === undefined ? [] : projectsOf(manifest, context, inventory), locked);
  locked.finish(file.path, context, inventory);
}

function toGraphPackage(entry: Fields, development: boolean, lines: LineFinder): GraphPackage<string> {
  const name = textOf(entry, 'name');
  const needs = Object.keys(fieldsOf(entry, 'require')).map(keyOf);
  const line = lines.find(`"name": ${JSON.stringify(name)},`);
  return { name, version: textOf(entry, 'version'), development, licences: licencesOf(entry), needs, line };
}

/** What the `composer.json` beside a lock file asks for. */
function projectsOf(file: PackageFile, context: EcosystemContext, inventory: Inventory): GraphProject<string>[] {
  const content = readJson(file, context, inventory) ?? {};
  const [ships = [], develops = []] = ['require', 'require-dev'].map((field) =>
    Object.keys(fieldsOf(content, field)).map(keyOf),
  );
  return [{ ships, develops }];
}

/** Names are of any case (Composer 1), and one. */
function keyOf(name: string): string {
  return name.toLowerCase();
}
