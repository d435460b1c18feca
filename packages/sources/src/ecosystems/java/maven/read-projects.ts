import type { EcosystemContext, Inventory, PackageFile } from '../../ecosystem.ts';
import { type LockedPackage, LockedPackages } from '../../locked-packages.ts';
import { reportUnreadable } from '../../read-text.ts';
import { MAVEN_NAME, mavenComponent } from '../maven-component.ts';
import { type EffectivePom, EffectivePoms } from './effective-poms.ts';
import type { Coordinates, Pom } from './pom.ts';
import type { PomStore } from './pom-store.ts';
import { nameOf, ProjectResolver, type Resolution } from './resolve-project.ts';

const MOST_NAMED = 3;

/**
 * Lists projects of Maven and what they need, each project by itself, from the poms that are at hand: those of the tree
 * and those that repositories in it hold. What others would say is an unknown at the project.
 */
export function readProjects(
  files: PackageFile[],
  store: PomStore,
  context: EcosystemContext,
  inventory: Inventory,
): void {
  const poms = new EffectivePoms(store);
  const resolver = new ProjectResolver(poms);
  for (const file of files) {
    const pom = store.at('', file.path);
    const project = pom === undefined ? undefined : poms.of(pom);
    if (pom === undefined || project === undefined) {
      reportUnreadable(file, 'is no XML document of Maven', context, inventory);
      continue;
    }
    const resolution = resolver.resolve(project);
    const locked = new LockedPackages(mavenComponent, MAVEN_NAME);
    lockProject(project, resolution, locked);
    locked.finish(file.path, context, inventory);
    reportGaps(pom, project, resolution, store, context, inventory);
  }
}

/** A project without a whole name is left out, and so are dependencies of half a name, which Maven refuses. */
function lockProject(project: EffectivePom, { artifacts }: Resolution, locked: LockedPackages): void {
  const found = new Map<string, LockedPackage>();
  const { licences } = project;
  const isNamed = project.group !== '' && project.artifact !== '';
  const root = isNamed
    ? locked.add(nameOf(project), versionOf(project), { licences, relationship: 'root' })
    : undefined;
  for (const item of artifacts) {
    if (item.group === '' || item.artifact === '') continue;
    const relationship = item.direct ? 'direct' : 'indirect';
    const added = locked.add(nameOf(item), item.version, { ...item, relationship });
    if (added !== undefined) found.set(nameOf(item), added);
  }
  for (const item of artifacts) {
    const from = found.get(nameOf(item));
    const targets = item.needs?.flatMap((name) => found.get(name) ?? []);
    if (from !== undefined && targets !== undefined) locked.link(from, targets);
    if (root !== undefined && from !== undefined && item.direct) locked.link(root, [from]);
  }
}

const versionOf = ({ version }: Coordinates): string => (version.includes('${') ? '' : version);

function reportGaps(
  pom: Pom,
  project: EffectivePom,
  { artifacts, unfollowed, incomplete }: Resolution,
  store: PomStore,
  { target }: EcosystemContext,
  { unknowns }: Inventory,
): void {
  const report = (message: string, line?: number): void => {
    const place = { source: target, path: `/${pom.path}`, ...(line !== undefined && { line }) };
    unknowns.push({ code: 'package-incomplete', message, place });
  };
  for (const { role, line, ...missing } of project.missing) {
    const what = role === 'parent' ? 'The parent' : 'A list of versions';
    report(`${what} of a pom.xml is not at hand: ${titleOf(missing)}; what it says is missing`, line);
  }
  const folder = pom.path.slice(0, Math.max(0, pom.path.lastIndexOf('/')));
  const modules = pom.modules.filter((module) => store.at(folder, module) === undefined);
  if (modules.length > 0) report(`Modules of a pom.xml are not there: ${listed(modules)}`);
  const open = artifacts.filter(({ version }) => version === '');
  if (open.length > 0) report(`Versions that a pom.xml leaves to others are not known: ${listed(open.map(nameOf))}`);
  const blind = unfollowed.filter(({ version }) => version !== '');
  if (blind.length > 0) {
    report(
      `What dependencies of a pom.xml need in turn is not known, no repository is at hand: ${listed(blind.map(titleOf))}`,
    );
  }
  if (incomplete) report('A pom.xml needs more than is followed: packages may be missing');
}

const titleOf = (item: Coordinates): string => `${nameOf(item)}:${item.version}`;

function listed(names: string[]): string {
  const shown = names.slice(0, MOST_NAMED).map((name) => name.slice(0, 256));
  return names.length > MOST_NAMED ? `${shown.join(', ')} and ${names.length - MOST_NAMED} more` : shown.join(', ');
}
