import type { ReportedFinding, ReportedKind, ReportedStatus, ReportRead, Unknown } from '@breakwater/model';
import type { Entry } from './entry.ts';
import { identifiersOf } from './identifiers.ts';
import { maskAddress, maskSecrets } from './mask-secrets.ts';
import { severityOf } from './severity.ts';

const MOST_FINDINGS = 100_000;
const MOST_UNKNOWNS = 100;
const LONGEST = { id: 300, title: 500, description: 4_000, path: 1_000, address: 2_000 };
const MOST = { aliases: 50, references: 20, versions: 50 };

/** A finding as an importer tells it: empty texts are as good as none. */
export interface FindingDraft {
  kind: ReportedKind;
  id: string;
  /** Where it stands in the report. */
  entry: Entry;
  /** In the tool's word. */
  severity?: string;
  /** In a word that is understood, where the tool's own is not. */
  means?: string;
  title?: string;
  description?: string;
  remediation?: string;
  status?: ReportedStatus | undefined;
  /** Texts in which CVE, GHSA and CWE ids stand, and other ids of the flaw. */
  identifiers?: string[];
  /** References and `sha256:` digests: which is which is told by their form. */
  image?: string[];
  component?: { name: string; version?: string; type?: string; purl?: string; path?: string };
  file?: string;
  line?: number | undefined;
  url?: string;
  host?: string;
  object?: { cluster?: string; namespace?: string; kind: string; name: string; container?: string };
  fixedVersions?: string[];
  cvss?: string;
  score?: number | undefined;
  firstSeen?: string;
  lastSeen?: string;
  references?: string[];
  occurrences?: number | undefined;
}

/** Takes what importers tell, bounds it, takes secrets out, and brings severities and ids into one form. */
export class FindingCollector {
  readonly source: string;
  /** The tool as the report names it; the importer's name for it until then. */
  tool: string;
  toolVersion = '';
  readonly #findings: ReportedFinding[] = [];
  readonly #unknowns: Unknown[] = [];
  #left = 0;
  #undecided = 0;

  constructor(source: string, tool: string) {
    this.source = source;
    this.tool = tool;
  }

  /** Takes a finding. One without an id is an unknown: it cannot be followed. */
  add(draft: FindingDraft): void {
    const id = clean(draft.id, LONGEST.id);
    if (id === '')
      this.unknown('report-entry-unread', 'An entry of the report names no rule and no vulnerability', draft.entry);
    else if (this.#findings.length >= MOST_FINDINGS) this.#left += 1;
    else this.#findings.push({ ...this.#told(draft, id), place: this.#placeOf(draft.entry) });
  }

  /** Says what of the report was not read. */
  unknown(code: string, message: string, entry?: Entry): void {
    this.#unknowns.push({ code, message, place: entry ? this.#placeOf(entry) : { source: this.source } });
  }

  /** Counts a check that the tool left to people: it found nothing, and it did not pass. */
  leftToPeople(): void {
    this.#undecided += 1;
  }

  /** Everything that was told. */
  reading(importer: string): ReportRead {
    const place = { source: this.source };
    const unknowns = this.#unknowns.slice(0, MOST_UNKNOWNS);
    const more = this.#unknowns.length - unknowns.length;
    if (more > 0)
      unknowns.push({
        code: 'report-entries-unread',
        message: `${more} more parts of the report were not read`,
        place,
      });
    if (this.#left > 0)
      unknowns.push({
        code: 'report-findings-left',
        message: `${this.#left} findings beyond the first ${MOST_FINDINGS} were not read`,
        place,
      });
    if (this.#undecided > 0)
      unknowns.push({
        code: 'report-checks-undecided',
        message: `${this.#undecided} checks of ${this.tool} are left to people: they neither passed nor failed`,
        place,
      });
    const toolVersion = clean(this.toolVersion, 100);
    return {
      source: this.source,
      importer,
      tool: clean(this.tool, 100),
      ...(toolVersion && { toolVersion }),
      findings: this.#findings,
      unknowns,
    };
  }

  #placeOf({ pointer, line }: Entry): ReportedFinding['place'] {
    return {
      source: this.source,
      ...(pointer.length > 0 && { pointer: [...pointer] }),
      ...(line !== undefined && { line }),
    };
  }

  #told(draft: FindingDraft, id: string): Omit<ReportedFinding, 'place'> {
    const { ids, weaknesses } = identifiersOf([id, ...(draft.identifiers ?? [])]);
    const score = draft.score !== undefined && draft.score >= 0 && draft.score <= 10 ? draft.score : undefined;
    const given = clean(draft.severity, 40);
    const title = clean(draft.title, LONGEST.title);
    const description = clean(draft.description, LONGEST.description);
    const [component, object, image] = [componentOf(draft), objectOf(draft), imageOf(draft)];
    return {
      kind: draft.kind,
      id,
      aliases: ids.filter((alias) => alias !== id).slice(0, MOST.aliases),
      weaknesses: weaknesses.slice(0, MOST.aliases),
      severity: severityOf(draft.means ?? given, score),
      ...(given && { givenSeverity: given }),
      title: title || clean(description.split('\n')[0], LONGEST.title) || id,
      description,
      ...texts({ remediation: clean(draft.remediation, LONGEST.description) }),
      status: draft.status ?? 'open',
      ...(image && { image }),
      ...(component && { component }),
      ...texts({ file: clean(draft.file, LONGEST.path) }),
      ...(isLine(draft.line) && { line: draft.line }),
      ...texts({ url: address(draft.url), host: clean(draft.host, LONGEST.id) }),
      ...(object && { object }),
      fixedVersions: distinct(draft.fixedVersions ?? [], LONGEST.id).slice(0, MOST.versions),
      ...texts({ cvss: /^(?:CVSS:\d\.\d\/)?AV:[A-Z0-9:/]{1,300}$/i.test(draft.cvss ?? '') ? draft.cvss! : '' }),
      ...(score !== undefined && { score }),
      ...texts({ firstSeen: timeOf(draft.firstSeen), lastSeen: timeOf(draft.lastSeen) }),
      references: [...new Set((draft.references ?? []).map(reference))]
        .filter((text) => text !== '')
        .slice(0, MOST.references),
      occurrences: Number.isSafeInteger(draft.occurrences) && draft.occurrences! > 0 ? draft.occurrences! : 1,
    };
  }
}

function componentOf({ component }: FindingDraft): ReportedFinding['component'] {
  const name = clean(component?.name, LONGEST.id);
  if (component === undefined || name === '') return undefined;
  const purl = component.purl?.startsWith('pkg:') ? clean(component.purl, LONGEST.path) : '';
  const { version, type, path } = component;
  return {
    name,
    ...texts({ version: clean(version, LONGEST.id), type: clean(type, 50), purl, path: clean(path, LONGEST.path) }),
  };
}

function objectOf({ object }: FindingDraft): ReportedFinding['object'] {
  const [kind, name] = [clean(object?.kind, 100), clean(object?.name, LONGEST.id)];
  if (object === undefined || kind === '' || name === '') return undefined;
  const { cluster, namespace, container } = object;
  const within = {
    cluster: clean(cluster, LONGEST.id),
    namespace: clean(namespace, 100),
    container: clean(container, 100),
  };
  return { kind, name, ...texts(within) };
}

/** Of what names an image: the first reference, and the first digest. */
function imageOf({ image = [] }: FindingDraft): ReportedFinding['image'] {
  const names = image.map((name) => clean(name, LONGEST.path)).filter((name) => name !== '');
  const digest = names
    .map((name) => /(?:^|@)(?:sha256:)?([0-9a-f]{64})$/.exec(name)?.[1])
    .find((hex) => hex !== undefined);
  const reference = names.find((name) => !/^(?:sha256:)?[0-9a-f]{64}$/.test(name));
  if (digest === undefined && reference === undefined) return undefined;
  return { ...texts({ reference: reference ?? '' }), ...(digest !== undefined && { digest: `sha256:${digest}` }) };
}

/** Bounded text without secrets and without NUL. */
function clean(text: string | undefined, longest: number): string {
  if (text === undefined || text === '') return '';
  const known = maskSecrets(
    text
      .slice(0, longest * 2)
      .toWellFormed()
      .replaceAll('\0', ''),
  ).trim();
  return known.length > longest ? `${known.slice(0, longest - 1).toWellFormed()}…` : known;
}

/** An address that names a document: what it asks for is no secret. */
function reference(url: string): string {
  return /^https?:\/\/\S{1,2000}$/.test(url) ? clean(url, LONGEST.address) : '';
}

function address(url: string | undefined): string {
  const text = (url ?? '').trim();
  return text === '' || text.length > LONGEST.address || /\s/.test(text)
    ? ''
    : maskAddress(text.toWellFormed().replaceAll('\0', ''));
}

function distinct(list: string[], longest: number): string[] {
  return [...new Set(list.slice(0, 1_000).map((text) => clean(text, longest)))].filter((text) => text !== '');
}

/** Of some texts those that are not empty. */
function texts<Name extends string>(fields: Record<Name, string>): Partial<Record<Name, string>> {
  return Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== '')) as Partial<Record<Name, string>>;
}

const isLine = (line: number | undefined): line is number => Number.isSafeInteger(line) && line! > 0;

/** A moment as ISO 8601; empty where it is none, or none that anybody can have meant. */
function timeOf(text: string | undefined): string {
  if (text === undefined || text === '' || text.length > 60) return '';
  const isLocal = !/(?:[zZ]|[+-]\d{2}:?\d{2}|UTC|GMT)$/.test(text) && /:\d/.test(text);
  // Where nobody says which time it is, it is that of nowhere: the same on every machine.
  const time = Date.parse(isLocal ? `${text}${/^\d{4}-/.test(text) ? 'Z' : ' UTC'}` : text);
  return Number.isNaN(time) || time <= 0 || time > LATEST ? '' : new Date(time).toISOString();
}

const LATEST = Date.UTC(2200, 0);
