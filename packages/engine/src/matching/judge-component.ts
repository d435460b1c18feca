import type { AdvisoryLookup, AdvisoryRow, Component } from '@breakwater/model';
import { describeFlaw, type FlawDescription, type JudgedRow } from './describe-flaw.ts';
import { joinFlaws } from './join-flaws.ts';
import { judgeRow } from './judge-row.ts';
import { isMeant, type PackageName, packageNames } from './package-names.ts';
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
    const lists = names
      .map((name) => [keyOf(name), this.#judgeName(name)] as const)
      .filter(([, rows]) => rows.length > 0);
    const key = lists.map(([name]) => name).join('\r');
    const known = this.#judgements.get(key) ?? this.#judgeRows(lists.flatMap(([, rows]) => rows));
    this.#judgements.set(key, known);
    if (unreadable === undefined) return known;
    return { ...known, doubts: [`${unreadable.name} ${unreadable.version} is no version of ${this.#ecosystem}`] };
  }

  #judgeName(name: PackageName): JudgedRow[] {
    const key = keyOf(name);
    const known = this.#judged.get(key);
    if (known !== undefined) return known;
    const parsed = this.#order.parse(name.version);
    const judged = this.#lookup
      .rows(this.#ecosystem, name.name)
      .filter((row) => isVulnerability(row) && isMeant(row, name))
      .map((row) => ({ row, name, verdict: judgeRow(row, name.version, parsed, this.#order) }));
    this.#judged.set(key, judged);
    return judged;
  }

  #judgeRows(judged: readonly JudgedRow[]): Judgement {
    const flaws = joinFlaws(judged, ({ verdict }) => verdict.state === 'affected').flatMap(
      (flaw) => describeFlaw(flaw, this.#order, this.#lookup) ?? [],
    );
    return { flaws, doubts: doubtsOf(judged) };
  }
}

function keyOf({ kind, name, version, takes }: PackageName): string {
  return [kind, name, version, takes.source, takes.unsaid].join('\n');
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
