import type { AdvisoryRange, AdvisoryRow, Severity } from '@breakwater/model';
import { decodeRanges, encodeRanges } from './range-text.ts';

/** What a row says about one package. */
export type RowPart = Pick<
  AdvisoryRow,
  | 'ranges'
  | 'versions'
  | 'partial'
  | 'names'
  | 'unaffected'
  | 'settles'
  | 'onlyFixes'
  | 'module'
  | 'imports'
  | 'architecture'
>;
/** What matching asks of every row before it knows whether it holds: kept with each, not looked up. */
export type RowHead = Pick<AdvisoryRow, 'id' | 'cves' | 'aliases' | 'withdrawn' | 'informational' | 'confidence'>;
/** What is told of the rows that hold: kept once an advisory, and read when first asked for. */
export type RowDetail = Pick<AdvisoryRow, 'summary' | 'severity' | 'cvss' | 'score' | 'source' | 'modified'>;

/** Parts rows of a package; the fields of a row are parted by U+001F. The schema keeps control characters out. */
export const ROW_END = '\u001e';
const FIELD_END = '\u001f';

/** A row as text, about 70 characters. Trailing empty fields are left out. */
export function encodeRow(advisory: number, head: RowHead, part: RowPart): string {
  const { cves, aliases, id } = head;
  const own = new Set([id, ...cves]);
  return [
    String(advisory),
    id,
    encodeFlags(head, part),
    cves.length === 1 && cves[0] === id ? '=' : cves.map((cve) => cve.slice(CVE.length)).join('\t'),
    // A CVE among the aliases is a name of the flaw, one that is not is another flaw of the advisory.
    aliases
      .map((alias) => (own.has(alias) && alias !== id ? `#${cves.indexOf(alias)}` : alias))
      .slice(1)
      .join('\t'),
    encodeRanges(part.ranges),
    part.versions.join('\t'),
    head.informational ?? '',
    part.unaffected === undefined ? '' : `=${part.unaffected.join('\t')}`,
    part.module === undefined ? '' : `=${part.module}`,
    (part.imports ?? []).map(({ path, symbols }) => [path, ...symbols].join('\t')).join('\n'),
    part.architecture ?? '',
  ]
    .join(FIELD_END)
    .replace(/\u001f+$/, '');
}

const CVE = 'CVE-';
const FLAGS = {
  withdrawn: 'W',
  low: 'L',
  partial: 'P',
  source: 'S',
  binary: 'B',
  settles: 'T',
  onlyFixes: 'F',
} as const;

function encodeFlags({ withdrawn, confidence }: RowHead, { partial, names, settles, onlyFixes }: RowPart): string {
  return [
    withdrawn ? FLAGS.withdrawn : '',
    confidence === 'low' ? FLAGS.low : '',
    partial ? FLAGS.partial : '',
    names === undefined ? '' : FLAGS[names],
    settles ? FLAGS.settles : '',
    onlyFixes ? FLAGS.onlyFixes : '',
  ].join('');
}

/** Reads the details of an advisory by its number. */
export type DetailReader = (advisory: number) => RowDetail;

/**
 * A row of the index, decoded as far as it is asked: of 3,500 rows about the packages of an image most only have to
 * tell that the installed version is past their last fix.
 */
export class IndexedRow implements AdvisoryRow {
  readonly id: string;
  readonly ecosystem: string;
  readonly package: string;
  readonly advisory: number;
  readonly #fields: string[];
  readonly #flags: string;
  readonly #readDetail: DetailReader;
  readonly #ranges: RangeReader;
  #cves: string[] | undefined;
  #aliases: string[] | undefined;
  #versions: string[] | undefined;
  #detail: RowDetail | undefined;

  constructor(text: string, ecosystem: string, packageName: string, ranges: RangeReader, readDetail: DetailReader) {
    const fields = text.split(FIELD_END);
    this.#fields = fields;
    this.advisory = Number(fields[0]);
    this.id = fields[1] ?? '';
    this.#flags = fields[2] ?? '';
    this.ecosystem = ecosystem;
    this.package = packageName;
    this.#ranges = ranges;
    this.#readDetail = readDetail;
  }

  get cves(): string[] {
    this.#cves ??= this.#fields[3] === '=' ? [this.id] : split(this.#fields[3]).map((rest) => CVE + rest);
    return this.#cves;
  }

  get aliases(): string[] {
    this.#aliases ??= [
      this.id,
      ...split(this.#fields[4]).map((alias) => (alias[0] === '#' ? this.cves[Number(alias.slice(1))]! : alias)),
    ];
    return this.#aliases;
  }

  get ranges(): AdvisoryRange[] {
    return this.#ranges(this.#fields[5] ?? '');
  }

  get versions(): string[] {
    this.#versions ??= split(this.#fields[6]);
    return this.#versions;
  }

  get informational(): string | undefined {
    return this.#fields[7] || undefined;
  }

  get unaffected(): string[] | undefined {
    const field = this.#fields[8];
    return field ? split(field.slice(1)) : undefined;
  }

  get module(): string | undefined {
    const field = this.#fields[9];
    return field ? field.slice(1) : undefined;
  }

  get imports(): AdvisoryRow['imports'] {
    const field = this.#fields[10];
    if (!field) return undefined;
    return field.split('\n').map((line) => {
      const [path = '', ...symbols] = line.split('\t');
      return { path, symbols };
    });
  }

  get architecture(): string | undefined {
    return this.#fields[11] || undefined;
  }

  get withdrawn(): boolean {
    return this.#flags.includes(FLAGS.withdrawn);
  }

  get confidence(): 'high' | 'low' {
    return this.#flags.includes(FLAGS.low) ? 'low' : 'high';
  }

  get partial(): boolean {
    return this.#flags.includes(FLAGS.partial);
  }

  get names(): 'source' | 'binary' | undefined {
    if (this.#flags.includes(FLAGS.source)) return 'source';
    return this.#flags.includes(FLAGS.binary) ? 'binary' : undefined;
  }

  get settles(): boolean {
    return this.#flags.includes(FLAGS.settles);
  }

  get onlyFixes(): boolean {
    return this.#flags.includes(FLAGS.onlyFixes);
  }

  get summary(): string {
    return this.#details.summary;
  }

  get severity(): Severity {
    return this.#details.severity;
  }

  get cvss(): string | undefined {
    return this.#details.cvss;
  }

  get score(): number | undefined {
    return this.#details.score;
  }

  get source(): string {
    return this.#details.source;
  }

  get modified(): string | undefined {
    return this.#details.modified;
  }

  get #details(): RowDetail {
    this.#detail ??= this.#readDetail(this.advisory);
    return this.#detail;
  }
}

/** Ranges by their text. */
export type RangeReader = (text: string) => AdvisoryRange[];

/** Many flaws of a package end with the same release: equal texts give the same list, decoded once. */
export function rangeReader(): RangeReader {
  const known = new Map<string, AdvisoryRange[]>();
  return (text) => {
    const ranges = known.get(text) ?? decodeRanges(text);
    known.set(text, ranges);
    return ranges;
  };
}

const NONE: string[] = [];

function split(field: string | undefined): string[] {
  return field ? field.split('\t') : NONE;
}
