import { type EffectivePom, type EffectivePoms, keyOf } from './effective-poms.ts';
import { isOpen } from './interpolate.ts';
import type { Coordinates, PomDependency } from './pom.ts';

/** An artifact that a project needs, in the one version that is taken of it. */
export interface Resolved extends Coordinates {
  licences: string[];
  /** Whether the project names it itself. */
  direct: boolean;
  /** What it needs itself, as `group:artifact`; absent where its pom is not at hand. */
  needs?: string[];
  /** Where the project says so. */
  line?: number;
  /** Neither shipped nor run: of tests, or provided by what runs the project. */
  development: boolean;
}

export interface Resolution {
  /** Direct and transitive, the nearest first. */
  artifacts: Resolved[];
  /** Artifacts whose own dependencies are not known, because their poms are not at hand. */
  unfollowed: Coordinates[];
  /** More were to be looked at than are. */
  incomplete: boolean;
}

interface Step {
  dependency: PomDependency;
  exclusions: ReadonlySet<string>;
}

interface Chosen extends Resolved {
  hard: boolean;
}

/** Over all projects of a tree: real ones have some hundreds each. What a project names itself is always taken. */
const MOST_STEPS = 500_000;
const MOST_STEPS_OF_PROJECT = 50_000;
const MOST_REQUIRED = 64;
const SHIPPED: ReadonlySet<string> = new Set(['', 'compile', 'runtime']);

/**
 * Finds what projects need, with what that needs in turn: of two versions the one that is nearer to the project, of
 * equally near ones the first, unless one is required (`[1.0]`); what the project manages goes for everything below
 * (maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html).
 */
export class ProjectResolver {
  readonly #poms: EffectivePoms;
  #steps = MOST_STEPS;

  constructor(poms: EffectivePoms) {
    this.#poms = poms;
  }

  resolve(project: EffectivePom): Resolution {
    const required = new Map<string, string>();
    for (;;) {
      const resolution = this.#walk(project, required);
      if (resolution !== undefined) return resolution;
    }
  }

  /** One walk over the tree, breadth first; none where a version came to be required after another was taken. */
  #walk(project: EffectivePom, required: Map<string, string>): Resolution | undefined {
    const chosen = new Map<string, Chosen>();
    const unfollowed: Coordinates[] = [];
    const queue: Step[] = project.dependencies
      .filter(({ scope }) => SHIPPED.has(scope))
      .map((dependency) => ({ dependency, exclusions: new Set(dependency.exclusions) }));
    const direct = queue.length;
    const most = Math.max(direct, Math.min(this.#steps, MOST_STEPS_OF_PROJECT));
    let at = 0;
    for (; at < queue.length && at < most; at++, this.#steps--) {
      const { dependency, exclusions } = queue[at]!;
      const name = nameOf(dependency);
      const { version, hard } = versionOf(dependency, required.get(name));
      const before = chosen.get(name);
      if (before !== undefined) {
        if (before.hard || !hard || before.version === version || required.size >= MOST_REQUIRED) continue;
        required.set(name, version);
        return undefined;
      }
      const found = { group: dependency.group, artifact: dependency.artifact, version };
      const pom = version === '' ? undefined : this.#poms.find(found);
      const steps = pom === undefined ? [] : stepsOf(pom, project, exclusions);
      chosen.set(name, {
        ...found,
        ...describe(dependency, pom),
        hard,
        direct: at < direct,
        development: false,
        ...(pom !== undefined && { needs: steps.map((step) => nameOf(step.dependency)) }),
      });
      if (pom === undefined) unfollowed.push(found);
      queue.push(...steps);
    }
    this.#addOthers(project, chosen);
    return { artifacts: [...chosen.values()], unfollowed, incomplete: at < queue.length };
  }

  /** What the project needs to be built or tested, or gets from where it runs: itself, not what it needs in turn. */
  #addOthers(project: EffectivePom, chosen: Map<string, Chosen>): void {
    for (const dependency of project.dependencies) {
      const { group, artifact } = dependency;
      if (chosen.has(nameOf(dependency))) continue;
      const found = { group, artifact, ...versionOf(dependency, undefined) };
      const details = describe(dependency, this.#poms.find(found));
      chosen.set(nameOf(dependency), { ...found, ...details, direct: true, development: true });
    }
  }
}

/** `group:artifact`, as Maven and its advisories write names. */
export function nameOf({ group, artifact }: Pick<Coordinates, 'group' | 'artifact'>): string {
  return `${group}:${artifact}`;
}

function describe({ line }: PomDependency, pom: EffectivePom | undefined): Pick<Resolved, 'licences' | 'line'> {
  return { licences: pom?.licences ?? [], ...(line !== undefined && { line }) };
}

/** What a dependency needs itself, as the project manages it. */
function stepsOf(pom: EffectivePom, project: EffectivePom, exclusions: ReadonlySet<string>): Step[] {
  return pom.dependencies
    .map((item) => manage(item, project.managed.get(keyOf(item))))
    .filter((item) => SHIPPED.has(item.scope) && !item.optional && !isExcluded(item, exclusions))
    .map((dependency) => ({
      dependency,
      exclusions: dependency.exclusions.length === 0 ? exclusions : new Set([...exclusions, ...dependency.exclusions]),
    }));
}

/** A transitive dependency is as the project manages it, whatever it says itself; one of tests stays one. */
function manage(item: PomDependency, managed: PomDependency | undefined): PomDependency {
  if (managed === undefined) return item;
  return {
    ...item,
    version: managed.version || item.version,
    scope: item.scope === 'test' ? item.scope : managed.scope || item.scope,
    optional: item.optional || managed.optional,
    exclusions: [...item.exclusions, ...managed.exclusions],
  };
}

function isExcluded({ group, artifact }: PomDependency, exclusions: ReadonlySet<string>): boolean {
  if (exclusions.size === 0) return false;
  return [nameOf({ group, artifact }), `${group}:*`, `*:${artifact}`, '*:*'].some((name) => exclusions.has(name));
}

/** The version that is taken; of a range the lowest, which is one that a build may use. */
function versionOf({ version }: PomDependency, required: string | undefined): { version: string; hard: boolean } {
  if (required !== undefined) return { version: required, hard: true };
  const range = /^[[(]\s*([^,\s\])]*)\s*([,\])])/.exec(version);
  if (range !== null) return { version: range[1]!, hard: range[2] === ']' };
  return { version: isOpen(version) ? '' : version, hard: false };
}
