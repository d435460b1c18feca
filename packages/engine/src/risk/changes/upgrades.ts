import type { Component, Dockerfile, Image, TextEdit, VulnerabilityMatch } from '@breakwater/model';
import { compareVersions } from '../../matching/index.ts';
import { type EstateFacts, exploitOf } from '../graph/index.ts';
import { nodeOf, type Proposal, type Proposer } from './proposal.ts';

/** Packages of the distribution come together from one repository: one change for all. */
const systemTypes = new Set<Component['type']>(['deb', 'apk', 'rpm', 'alpm']);

interface Upgrade {
  component: Component;
  /** Lowest version without any of the flaws that have a fix. */
  version: string;
  matches: VulnerabilityMatch[];
  /** That attackers use one of the flaws and it works here, 0 to 1. */
  odds: number;
}

/** Packages of applications that are proposed one by one, for each image. */
const SINGLE_UPGRADES = 12;

/** An image, and who runs it. */
export interface UsedImage {
  image: Image;
  reference: string;
  workloads: string[];
}

/** Images that workloads run, each once. */
export function usedImages(facts: EstateFacts): UsedImage[] {
  const used = new Map<string, UsedImage>();
  for (const [workload, images] of facts.images) {
    for (const { image, reference } of images) {
      if (image === undefined) continue;
      const known = used.get(image.id);
      if (known === undefined) used.set(image.id, { image, reference, workloads: [workload] });
      else if (!known.workloads.includes(workload)) known.workloads.push(workload);
    }
  }
  return [...used.values()];
}

function highest(ecosystem: string | undefined, versions: string[]): string {
  return versions.reduce((best, version) =>
    ecosystem !== undefined && compareVersions(ecosystem, version, best) === 1 ? version : best,
  );
}

/** Components of an image with flaws that a version removes; the likeliest to be used first. */
function upgradesOf(facts: EstateFacts, { image }: UsedImage): Upgrade[] {
  const matches = Map.groupBy(facts.vulnerabilities.get(image.id) ?? [], (match) => match.component);
  const evidence = facts.evidence.get(image.id);
  return image.components
    .flatMap((component) => {
      const fixable = (matches.get(component.id) ?? []).filter((match) => match.fixedVersion !== undefined);
      if (fixable.length === 0) return [];
      const versions = fixable.map((match) => match.fixedVersion!);
      const odds = fixable.map((match) => {
        const { shared, local } = exploitOf(match, evidence?.get(component.id), facts.settings);
        return shared * local;
      });
      return [
        { component, version: highest(component.ecosystem, versions), matches: fixable, odds: Math.max(...odds) },
      ];
    })
    .sort((left, right) => right.odds - left.odds);
}

/** The facts once the image is built anew with these versions. */
function withUpgrades(facts: EstateFacts, image: Image, upgrades: Upgrade[]): EstateFacts {
  const gone = new Set(upgrades.flatMap((upgrade) => upgrade.matches));
  const left = (facts.vulnerabilities.get(image.id) ?? []).filter((match) => !gone.has(match));
  return { ...facts, vulnerabilities: new Map(facts.vulnerabilities).set(image.id, left) };
}

const installers: Partial<Record<Component['type'], (names: string) => string>> = {
  deb: (names) => `RUN apt-get update && apt-get install -y --only-upgrade ${names} && rm -rf /var/lib/apt/lists/*`,
  apk: (names) => `RUN apk upgrade --no-cache ${names}`,
};

/** A line after the final FROM that brings the packages up to date; none where the recipe is not of that kind. */
function recipeEdits(recipe: Dockerfile | undefined, upgrades: Upgrade[]): TextEdit[] {
  const from = recipe?.instructions.find((instruction) => instruction.keyword.toUpperCase() === 'FROM');
  const names = upgrades.map(({ component }) => component.name);
  const install = installers[upgrades[0]!.component.type];
  if (recipe === undefined || from === undefined || install === undefined) return [];
  if (!names.every((name) => /^[a-z0-9][a-z0-9+.-]*$/i.test(name))) return [];
  const lines = [install(names.toSorted().join(' '))];
  return [{ target: 'text', path: recipe.path, line: from.line, operation: 'insert-after', lines }];
}

function listed(upgrades: Upgrade[]): string {
  const shown = upgrades.slice(0, 8).map(({ component, version }) => `${component.name} to ${version}`);
  const rest = upgrades.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function proposal(facts: EstateFacts, used: UsedImage, upgrades: Upgrade[], id: string): Proposal {
  const [first] = upgrades;
  const title =
    upgrades.length === 1
      ? `Upgrade ${first!.component.name} to ${first!.version} in image ${used.reference}`
      : `Update ${upgrades.length} packages in image ${used.reference}`;
  const edits = recipeEdits(facts.dockerfiles?.get(used.reference), upgrades);
  return {
    change: {
      id: `${id}:${used.image.id}`,
      title,
      detail:
        `${listed(upgrades)}. The image has to be built and rolled out anew` +
        `${edits.length === 0 ? '; the build recipe is not among the files given.' : '.'}`,
      workloads: used.workloads,
      edits,
      afterRebuild: true,
    },
    cuts: used.workloads.map((workload) => ({ to: nodeOf({ id: workload }), kinds: ['exploit', 'entry'] })),
    revise: (current) => withUpgrades(current, used.image, upgrades),
    alike: [
      upgrades.length === 1
        ? {
            key: `upgrade:${first!.component.type}/${first!.component.name}`,
            title: (workloads) => `Upgrade ${first!.component.name} in the images of ${workloads}`,
          }
        : { key: id, title: (workloads) => `Update packages in the images of ${workloads}` },
    ],
  };
}

/** Brings packages to versions without the flaws that open steps: those of the distribution together, others one by one. */
export const proposeUpgrades: Proposer = (facts) =>
  usedImages(facts).flatMap((used) => {
    const upgrades = upgradesOf(facts, used);
    const system = upgrades.filter(({ component }) => systemTypes.has(component.type));
    const others = Map.groupBy(
      upgrades.filter(({ component }) => !systemTypes.has(component.type)),
      ({ component }) => `${component.type}/${component.name}`,
    );
    return [
      ...(system.length === 0 ? [] : [proposal(facts, used, system, 'upgrade-system')]),
      ...[...others].slice(0, SINGLE_UPGRADES).map(([name, same]) => proposal(facts, used, same, `upgrade:${name}`)),
    ];
  });
