import { linesOf } from '../../ecosystems/read-text.ts';

/** A document in tags and values, with the fields as JSON has them, and the line of each package. */
export interface TagValueDocument {
  document: Record<string, unknown>;
  lines: Map<unknown, number>;
}

type Fields = Record<string, unknown>;
type ElementKind = 'document' | 'package' | 'file' | 'licence' | 'other';

/** Tags of one value, by the field that JSON has for them. */
const DOCUMENT_FIELDS = new Map([
  ['SPDXVersion', 'spdxVersion'],
  ['DocumentName', 'name'],
]);
const PACKAGE_FIELDS = new Map([
  ['PackageVersion', 'versionInfo'],
  ['PackageFileName', 'packageFileName'],
  ['PackageSupplier', 'supplier'],
  ['PackageSourceInfo', 'sourceInfo'],
  ['PackageLicenseConcluded', 'licenseConcluded'],
  ['PackageLicenseDeclared', 'licenseDeclared'],
  ['PackageSummary', 'summary'],
  ['PrimaryPackagePurpose', 'primaryPackagePurpose'],
]);
const LICENCE_FIELDS = new Map([
  ['ExtractedText', 'extractedText'],
  ['LicenseName', 'name'],
]);
const TAG = /^([A-Za-z]{2,40}):[ \t]*(.*)$/;
const OPENING = '<text>';
const CLOSING = '</text>';
const LONGEST_TEXT = 65_536;

/** Reads the tag-value form of SPDX 2; https://spdx.github.io/spdx-spec/v2.3/conformance/#44-standard-data-format-requirements. */
export function parseTagValue(text: string): TagValueDocument {
  const document = { packages: [] as Fields[], files: [] as Fields[], relationships: [] as Fields[] };
  const reading = new TagReading(document);
  for (const { tag, value, line } of tagsOf(text)) reading.take(tag, value, line);
  return {
    document: { ...document, ...reading.fields, hasExtractedLicensingInfos: reading.licences },
    lines: reading.lines,
  };
}

/** Which element the next tags are of. */
class TagReading {
  readonly fields: Fields = {};
  readonly licences: Fields[] = [];
  readonly lines = new Map<unknown, number>();
  readonly #document: { packages: Fields[]; files: Fields[]; relationships: Fields[] };
  #current: Fields = this.fields;
  #kind: ElementKind = 'document';
  /** Annotations come after the element they are of, and name it. */
  #comment: string | undefined;

  constructor(document: { packages: Fields[]; files: Fields[]; relationships: Fields[] }) {
    this.#document = document;
  }

  take(tag: string, value: string, line: number): void {
    if (tag === 'PackageName') {
      this.#open('package', { name: value }, this.#document.packages);
      this.lines.set(this.#current, line);
    } else if (tag === 'FileName') this.#open('file', { fileName: value }, this.#document.files);
    else if (tag === 'LicenseID') this.#open('licence', { licenseId: value }, this.licences);
    else if (tag === 'SnippetSPDXID') this.#open('other', {}, []);
    else if (tag === 'Relationship') this.#relate(value);
    else if (tag === 'RelationshipComment') setOnce(this.#document.relationships.at(-1) ?? {}, 'comment', value);
    else if (tag === 'AnnotationComment') this.#comment = value;
    else if (tag === 'SPDXREF') this.#annotate(value);
    else this.#set(tag, value);
  }

  #open(kind: ElementKind, fields: Fields, list: Fields[]): void {
    this.#kind = kind;
    this.#current = fields;
    list.push(fields);
  }

  #set(tag: string, value: string): void {
    const current = this.#current;
    if (tag === 'SPDXID') current['SPDXID'] ??= value;
    else if (this.#kind === 'document') setOnce(current, DOCUMENT_FIELDS.get(tag), value);
    else if (this.#kind === 'licence') setOnce(current, LICENCE_FIELDS.get(tag), value);
    else if (this.#kind !== 'package') return;
    else if (tag === 'ExternalRef') append(current, 'externalRefs', referenceOf(value));
    else if (tag === 'PackageChecksum') append(current, 'checksums', checksumOf(value));
    else if (tag === 'PackageAttributionText') append(current, 'attributionTexts', value);
    else setOnce(current, PACKAGE_FIELDS.get(tag), value);
  }

  #relate(value: string): void {
    const [from, type, to] = value.split(/\s+/, 3);
    this.#document.relationships.push({ spdxElementId: from, relationshipType: type, relatedSpdxElement: to });
  }

  #annotate(ref: string): void {
    const element = this.#document.packages.findLast((item) => item['SPDXID'] === ref);
    if (element && this.#comment !== undefined) append(element, 'annotations', { comment: this.#comment });
    this.#comment = undefined;
  }
}

/** Tags with their values, texts of several lines whole. */
function* tagsOf(text: string): Generator<{ tag: string; value: string; line: number }> {
  let line = 0;
  let open: { tag: string; value: string; line: number } | undefined;
  for (const content of linesOf(text)) {
    line += 1;
    if (open) {
      const end = content.indexOf(CLOSING);
      if (open.value.length < LONGEST_TEXT) open.value += `\n${end === -1 ? content : content.slice(0, end)}`;
      if (end === -1) continue;
      yield open;
      open = undefined;
      continue;
    }
    const match = TAG.exec(content);
    if (!match) continue;
    const [, tag = '', raw = ''] = match;
    const value = raw.trim();
    if (!value.startsWith(OPENING)) yield { tag, value, line };
    else if (value.includes(CLOSING)) yield { tag, value: value.slice(OPENING.length, value.indexOf(CLOSING)), line };
    else open = { tag, value: value.slice(OPENING.length), line };
  }
  if (open) yield open;
}

function setOnce(fields: Fields, key: string | undefined, value: string): void {
  if (key !== undefined) fields[key] ??= value;
}

function append(fields: Fields, key: string, value: unknown): void {
  const list = fields[key];
  if (Array.isArray(list)) list.push(value);
  else fields[key] = [value];
}

function referenceOf(value: string): Fields {
  const [referenceCategory, referenceType, ...locator] = value.split(/\s+/);
  return { referenceCategory, referenceType, referenceLocator: locator.join(' ') };
}

function checksumOf(value: string): Fields {
  const [algorithm, checksumValue] = value.split(/:\s*/, 2);
  return { algorithm, checksumValue };
}
