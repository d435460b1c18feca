import type { AdvisoryLookup, Component, VulnerabilityMatch } from '@breakwater/model';
import type { FlawDescription } from './describe-flaw.ts';
import { addDoubts, withDoubts } from './doubts.ts';
import { EcosystemJudge } from './judge-component.ts';
import { CPE_ECOSYSTEM, productNames } from './product-names.ts';
import { versionOrderOf } from './versions/index.ts';

/** A component about which nothing, or not everything, could be said. */
export interface UnmatchedComponent {
  /** `Component.id`. */
  component: string;
  /** Why, as a sentence without its full stop. */
  reason: string;
}

export interface MatchResult {
  matches: VulnerabilityMatch[];
  unknowns: UnmatchedComponent[];
}

/**
 * The vulnerabilities of components, by what the advisories say and nothing else. Each flaw is one match a component,
 * whatever number of records and sources tell of it. A component without a version, with one that cannot be read or of
 * an ecosystem without advisories is unknown, never clean. The project that a lock file is of is nobody's package: its
 * name may be that of a stranger's.
 */
export function matchComponents(components: readonly Component[], lookup: AdvisoryLookup): MatchResult {
  const result: MatchResult = { matches: [], unknowns: [] };
  const judges = judgesOf(lookup);
  const owned = new Set(components.flatMap(({ ownedBy }) => (ownedBy === undefined ? [] : [ownedBy])));
  const owners = new Map(components.filter(({ id }) => owned.has(id)).map((owner) => [owner.id, owner]));
  for (const component of components) {
    const { id, name: componentName, version, purl, relationship } = component;
    if (relationship === 'root' || relationship === 'workspace') continue;
    const judge = judgeFor(component, lookup, judges);
    if (typeof judge === 'string') {
      result.unknowns.push({ component: id, reason: judge });
      continue;
    }
    const { flaws, doubts } = judge.judge(component);
    const owner = component.ownedBy === undefined ? undefined : owners.get(component.ownedBy);
    for (const flaw of owner === undefined ? flaws : leftByOwner(flaws, owner, lookup, judges))
      result.matches.push({ ...withDoubts(flaw, component), component: id, componentName, version, purl });
    for (const reason of doubts) result.unknowns.push({ component: id, reason });
  }
  return result;
}

/**
 * The flaws of a language's package that the distribution says nothing of. Where it does, it has the word: it brought
 * the package and mends it without a new version, and what it leaves open is a match of its own package.
 */
function leftByOwner(
  flaws: readonly FlawDescription[],
  owner: Component,
  lookup: AdvisoryLookup,
  judges: Map<string, EcosystemJudge | string>,
): FlawDescription[] {
  const judge = judgeFor(owner, lookup, judges);
  if (typeof judge === 'string') return [...flaws];
  return flaws
    .filter(({ id, aliases }) => judge.stateOf(owner, new Set([id, ...aliases])) === undefined)
    .map((flaw) =>
      addDoubts(flaw, [['owner-silent', `${owner.name} brought it, of which its distribution says nothing here`]]),
    );
}

const kept = new WeakMap<AdvisoryLookup, Map<string, EcosystemJudge | string>>();

/** Judges by ecosystem, kept as long as the lookup: images have most of their packages in common. */
function judgesOf(lookup: AdvisoryLookup): Map<string, EcosystemJudge | string> {
  const judges = kept.get(lookup) ?? new Map<string, EcosystemJudge | string>();
  kept.set(lookup, judges);
  return judges;
}

/** The judge of a component's ecosystem, or the reason why there is none. */
function judgeFor(
  component: Component,
  lookup: AdvisoryLookup,
  judges: Map<string, EcosystemJudge | string>,
): EcosystemJudge | string {
  const { name, version } = component;
  const ecosystem = component.ecosystem ?? (productNames(component).length > 0 ? CPE_ECOSYSTEM : undefined);
  if (ecosystem === undefined) return `no source of advisories is known for ${name}`;
  if (version.trim() === '') return `the version of ${name} is not stated`;
  const judge = judges.get(ecosystem) ?? openJudge(ecosystem, lookup);
  judges.set(ecosystem, judge);
  return judge;
}

function openJudge(ecosystem: string, lookup: AdvisoryLookup): EcosystemJudge | string {
  const order = versionOrderOf(ecosystem);
  if (order === undefined) return `versions of ${ecosystem} cannot be compared`;
  if (!lookup.covers(ecosystem)) return `no advisories for ${ecosystem} have been imported`;
  return new EcosystemJudge(ecosystem, order, lookup);
}
