import type { AdvisoryLookup, AdvisoryRow, Component, VulnerabilityMatch } from '@breakwater/model';
import { describeFlaw, type FlawDescription, type JudgedRow } from './describe-flaw.ts';
import { joinFlaws } from './join-flaws.ts';
import { judgeRow } from './judge-row.ts';
import { nameForRow, packageNames } from './package-names.ts';
import { versionOrderOf } from './versions/index.ts';
import type { VersionOrder } from './versions/version-order.ts';

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

interface Judgement {
  flaws: FlawDescription[];
  doubts: string[];
}

/**
 * The vulnerabilities of components, by what the advisories say and nothing else. Each flaw is one match a component,
 * whatever number of records and sources tell of it. A component without a version, with one that cannot be read or of
 * an ecosystem without advisories is unknown, never clean.
 */
export function matchComponents(components: readonly Component[], lookup: AdvisoryLookup): MatchResult {
  const matches: VulnerabilityMatch[] = [];
  const unknowns: UnmatchedComponent[] = [];
  const judge = rememberJudgements(lookup);
  for (const component of components) {
    const { flaws, doubts } = judge(component);
    const { id, name: componentName, version, purl } = component;
    for (const flaw of flaws) matches.push({ ...flaw, component: id, componentName, version, purl });
    for (const reason of doubts) unknowns.push({ component: id, reason });
  }
  return { matches, unknowns };
}

/** Packages built from one source share its judgement, so that it is made once. */
function rememberJudgements(lookup: AdvisoryLookup): (component: Component) => Judgement {
  const judgements = new Map<string, Judgement>();
  const coverage = new Map<string, boolean>();
  const covers = (ecosystem: string): boolean => {
    const known = coverage.get(ecosystem) ?? lookup.covers(ecosystem);
    coverage.set(ecosystem, known);
    return known;
  };
  return (component) => {
    const { ecosystem } = component;
    const order = ecosystem === undefined ? undefined : versionOrderOf(ecosystem);
    const gap = gapOf(component, order, covers);
    if (gap !== undefined || ecosystem === undefined || order === undefined) {
      return { flaws: [], doubts: gap === undefined ? [] : [gap] };
    }
    const { source, binary } = packageNames(component);
    const key = [ecosystem, source.name, source.version, binary.name, binary.version].join('\n');
    const known = judgements.get(key) ?? judgeComponent(component, ecosystem, order, lookup);
    judgements.set(key, known);
    return known;
  };
}

function gapOf(
  { name, version, ecosystem }: Component,
  order: VersionOrder | undefined,
  covers: (ecosystem: string) => boolean,
): string | undefined {
  if (ecosystem === undefined) return `no source of advisories is known for ${name}`;
  if (version.trim() === '') return `the version of ${name} is not stated`;
  if (order === undefined) return `versions of ${ecosystem} cannot be compared`;
  return covers(ecosystem) ? undefined : `no advisories for ${ecosystem} have been imported`;
}

function judgeComponent(
  component: Component,
  ecosystem: string,
  order: VersionOrder,
  lookup: AdvisoryLookup,
): Judgement {
  const judged: JudgedRow[] = [];
  const { source, binary } = packageNames(component);
  for (const found of new Set([source.name, binary.name])) {
    for (const row of lookup.rows(ecosystem, found)) {
      const name = isVulnerability(row) ? nameForRow(row, found, component) : undefined;
      if (name !== undefined) judged.push({ row, name, verdict: judgeRow(row, name.version, order) });
    }
  }
  const flaws = joinFlaws(judged).flatMap((flaw) => describeFlaw(flaw, order, lookup) ?? []);
  return { flaws, doubts: doubtsOf(judged, component, order) };
}

/** Withdrawn advisories were mistakes; notices (unmaintained, bug fixes) report no flaw. */
function isVulnerability(row: AdvisoryRow): boolean {
  return !row.withdrawn && row.informational === undefined;
}

/** One sentence a component, however many advisories could not be judged. */
function doubtsOf(judged: readonly JudgedRow[], component: Component, order: VersionOrder): string[] {
  const { source, binary } = packageNames(component);
  const unreadable = [source, binary].find(({ version }) => order.parse(version) === undefined);
  if (unreadable !== undefined)
    return [`${unreadable.name} ${unreadable.version} is no version of ${component.ecosystem}`];
  const open = judged.filter(({ verdict }) => verdict.state === 'unknown');
  const [first] = open;
  if (first?.verdict.state !== 'unknown') return [];
  const others = open.length === 1 ? '' : `, and ${open.length - 1} more advisories cannot be judged`;
  return [`${first.name.name} ${first.name.version} ${first.verdict.because}${others}`];
}
