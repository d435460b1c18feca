import type { AdvisoryLookup, AdvisoryRow, Component } from '@breakwater/model';
import { describeFlaw, type FlawDescription, type JudgedRow } from './describe-flaw.ts';
import { joinFlaws } from './join-flaws.ts';
import { JudgedVersion, judgeRow, type RowVerdict } from './judge-row.ts';
import { isMeant, type PackageName, packageNames } from './package-names.ts';
import { isUnpackaged, productNames } from './product-names.ts';
import { isUnused } from './used-symbols.ts';
import type { VersionOrder } from './versions/version-order.ts';

/** What the advisories say of a component: flaws, and sentences on what they leave open. */
export interface Judgement {
  flaws: FlawDescription[];
  doubts: string[];
}

/**
 * Judges components of one ecosystem. What was found out about a name and version is kept: a source package has up to
 * dozens of binary packages, and few of them have advisories of their own.
 */
export class EcosystemJudge {
  readonly #ecosystem: string;
  readonly #order: VersionOrder;
  readonly #lookup: AdvisoryLookup;
  readonly #judged = new Map<string, JudgedRow[]>();
  readonly #judgements = new Map<string, Judgement>();

  constructor(ecosystem: string, order: VersionOrder, lookup: AdvisoryLookup) {
    this.#ecosystem = ecosystem;
    this.#order = order;
    this.#lookup = lookup;
  }

  judge(component: Component): Judgement {
    const names = packageNames(component);
    const unreadable = names.find(({ version }) => this.#order.parse(version) === undefined);
    const lists = [
      ...names.map((name) => this.#judgeName(name, this.#ecosystem, this.#order)),
      ...productNames(component).map(({ name, ecosystem, order }) => this.#judgeName(name, ecosystem, order)),
    ].filter(({ rows }) => rows.length > 0);
    if (lists.length === 0 && isUnpackaged(component))
      return { flaws: [], doubts: [`no database names ${component.name}`] };
    const key = lists.map((list) => list.key).join('\r');
    const known = this.#judgements.get(key) ?? this.#judgeRows(lists.flatMap(({ rows }) => rows));
    this.#judgements.set(key, known);
    if (unreadable === undefined) return known;
    return { ...known, doubts: [`${unreadable.name} ${unreadable.version} is no version of ${this.#ecosystem}`] };
  }

  /**
   * What the advisories say of one flaw in a component: `affected` where any does, `not-affected` where none does and
   * one says so; undefined where they are silent or cannot tell.
   */
  stateOf(component: Component, ids: ReadonlySet<string>): 'affected' | 'not-affected' | undefined {
    const states = packageNames(component)
      .flatMap((name) => this.#judgeName(name, this.#ecosystem, this.#order).rows)
      .filter(({ row }) => [...row.cves, ...row.aliases].some((id) => ids.has(id)))
      .map(({ verdict }) => verdict.state);
    if (states.includes('affected')) return 'affected';
    return states.includes('not-affected') && !states.includes('unknown') ? 'not-affected' : undefined;
  }

  #judgeName(name: PackageName, ecosystem: string, ownOrder: VersionOrder): { key: string; rows: JudgedRow[] } {
    const key = keyOf(name, ecosystem);
    const known = this.#judged.get(key);
    if (known !== undefined) return { key, rows: known };
    const version = new JudgedVersion(name.version, name.epochless ? withoutEpochs(ownOrder) : ownOrder);
    const rows = this.#lookup
      .rows(ecosystem, name.name)
      .filter((row) => isVulnerability(row) && isMeant(row, name))
      .map((row) => ({ row, name, version, verdict: judgeUse(row, name, version) }));
    this.#judged.set(key, rows);
    return { key, rows };
  }

  #judgeRows(judged: readonly JudgedRow[]): Judgement {
    const flaws = joinFlaws(judged, ({ verdict }) => verdict.state === 'affected').flatMap(
      (flaw) => describeFlaw(flaw, this.#lookup) ?? [],
    );
    return { flaws, doubts: doubtsOf(judged) };
  }
}

function keyOf(item: PackageName, ecosystem: string): string {
  const { kind, name, version, takes, modularityLabel, symbols, architecture = '' } = item;
  const traits =
    modularityLabel === undefined && symbols === undefined ? [] : [JSON.stringify([modularityLabel, symbols])];
  return [ecosystem, kind, name, version, takes.source, takes.unsaid, architecture, ...traits].join('\n');
}

/** The verdict on a version; a program that holds none of the functions concerned is not affected by it. */
function judgeUse(row: AdvisoryRow, name: PackageName, version: JudgedVersion): RowVerdict {
  const verdict = judgeRow(row, version);
  return verdict.state !== 'not-affected' && isUnused(row, name) ? { state: 'not-affected', settled: true } : verdict;
}

const epochless = new WeakMap<VersionOrder, VersionOrder>();

/** An order in which epochs are not looked at: what has none that is known can only be compared without. */
function withoutEpochs(order: VersionOrder): VersionOrder {
  const known = epochless.get(order);
  if (known !== undefined) return known;
  const made: VersionOrder = { ...order, parse: (version) => order.parse(version.replace(/^[0-9]+:/, '')) };
  epochless.set(order, made);
  return made;
}

/** Withdrawn advisories were mistakes; notices (unmaintained, bug fixes) report no flaw. */
function isVulnerability(row: AdvisoryRow): boolean {
  return !row.withdrawn && row.informational === undefined;
}

/** One sentence, however many advisories could not be judged. */
function doubtsOf(judged: readonly JudgedRow[]): string[] {
  const open = judged.filter(({ verdict }) => verdict.state === 'unknown');
  const [first] = open;
  if (first?.verdict.state !== 'unknown') return [];
  const others = open.length === 1 ? '' : `, and ${open.length - 1} more advisories cannot be judged`;
  return [`${first.name.name} ${first.name.version} ${first.verdict.because}${others}`];
}
