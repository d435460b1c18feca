import { type GraphPackage, type GraphProject, lockGraph } from '../lock-graph.ts';
import type { LockedPackages } from '../locked-packages.ts';
import { normalizeName } from './python-component.ts';

/** Versions of one distribution that a lock file holds for different platforms: so many are linked. */
const MOST_VERSIONS = 16;
const REQUIREMENT = /^\s*([A-Za-z0-9](?:[\w.-]{0,254}[A-Za-z0-9])?)/;

/** A package of a lock file whose needs are names. */
export interface NamedPackage extends Omit<GraphPackage<never>, 'needs'> {
  needs: readonly string[] | undefined;
}

/** What a project asks for by names. */
export interface NamedProject {
  ships: readonly string[];
  develops: readonly string[];
}

/** Takes packages that name what they need, whatever the spelling: every version of a name is meant. */
export function lockByName(
  packages: readonly NamedPackage[],
  projects: readonly NamedProject[],
  locked: LockedPackages,
): void {
  const byName = Map.groupBy(packages, ({ name }) => normalizeName(name));
  const find = (names: readonly string[]): NamedPackage[] => {
    const wanted = new Set(names.map(normalizeName));
    return [...wanted].flatMap((name) => byName.get(name)?.slice(0, MOST_VERSIONS) ?? []);
  };
  const graph = packages.map(({ needs, ...item }): GraphPackage<NamedPackage> => {
    return { ...item, needs: needs === undefined ? undefined : find(needs) };
  });
  lockGraph(
    new Map(packages.map((item, index) => [item, graph[index]!])),
    projects.map(
      ({ ships, develops }): GraphProject<NamedPackage> => ({ ships: find(ships), develops: find(develops) }),
    ),
    locked,
  );
}

/** The names in a list of requirements (PEP 508): `requests[socks]>=2; python_version > "3"` is `requests`. */
export function namesOf(requirements: readonly unknown[]): string[] {
  return requirements.flatMap((item) => (typeof item === 'string' ? (REQUIREMENT.exec(item)?.[1] ?? []) : []));
}
