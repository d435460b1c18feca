import { arrayOf, cleanText, objectOf, textsOf } from '../bill/fields.ts';

/** What the elements of an SPDX 2 document are to each other, by their ids. Cycles and unknown ids may occur. */
export interface SpdxRelations {
  /** What the document is about. */
  described: Set<string>;
  /** What each element holds: packages, files. */
  contained: Map<string, string[]>;
  /** What each package needs. */
  needed: Map<string, string[]>;
  /** The source package of each package. */
  sources: Map<string, string>;
  /** Packages that came of another: patched copies of it, images built on it. */
  upstreams: Map<string, string>;
  /** The package of the operating system that installed each package. */
  owners: Map<string, string>;
  /** Files that tell of each package. */
  evidence: Map<string, string[]>;
  /** Packages that only the project's developers need. */
  development: Set<string>;
}

type Note = (relations: SpdxRelations, from: string, to: string, comment: string) => void;

const needs: Note = ({ needed }, from, to) => push(needed, from, to);
const isNeeded: Note = ({ needed }, from, to) => push(needed, to, from);
const isDevelopment: Note = (relations, from, to) => {
  relations.development.add(from);
  push(relations.needed, to, from);
};

/** https://spdx.github.io/spdx-spec/v2.3/relationships-between-SPDX-elements/; `DESCRIBE` is how Trivy once wrote it. */
const NOTES = new Map<string, Note>([
  ['DESCRIBES', ({ described }, _from, to) => described.add(to)],
  ['DESCRIBE', ({ described }, _from, to) => described.add(to)],
  ['DESCRIBED_BY', ({ described }, from) => described.add(from)],
  ['CONTAINS', ({ contained }, from, to) => push(contained, from, to)],
  ['CONTAINED_BY', ({ contained }, from, to) => push(contained, to, from)],
  ['DEPENDS_ON', needs],
  ['DEPENDENCY_OF', isNeeded],
  ['RUNTIME_DEPENDENCY_OF', isNeeded],
  ['OPTIONAL_DEPENDENCY_OF', isNeeded],
  ['DEV_DEPENDENCY_OF', isDevelopment],
  ['TEST_DEPENDENCY_OF', isDevelopment],
  ['BUILD_DEPENDENCY_OF', isDevelopment],
  ['GENERATED_FROM', ({ sources }, from, to) => sources.set(from, to)],
  ['GENERATES', ({ sources }, from, to) => sources.set(to, from)],
  ['DESCENDANT_OF', ({ upstreams }, from, to) => upstreams.set(from, to)],
  ['ANCESTOR_OF', ({ upstreams }, from, to) => upstreams.set(to, from)],
  ['VARIANT_OF', ({ upstreams }, from, to) => upstreams.set(from, to)],
  ['OTHER', noteOther],
]);

/** Reads the relationships of a document, and those that older documents write as lists. */
export function relationsOf(document: Record<string, unknown>): SpdxRelations {
  const relations: SpdxRelations = {
    described: new Set(textsOf(document['documentDescribes'])),
    contained: new Map(),
    needed: new Map(),
    sources: new Map(),
    upstreams: new Map(),
    owners: new Map(),
    evidence: new Map(),
    development: new Set(),
  };
  for (const item of arrayOf(document['relationships'])) {
    const fields = objectOf(item);
    const from = cleanText(fields?.['spdxElementId']);
    const to = cleanText(fields?.['relatedSpdxElement']);
    if (from === '' || to === '') continue;
    NOTES.get(cleanText(fields?.['relationshipType']))?.(relations, from, to, cleanText(fields?.['comment']));
  }
  return relations;
}

/** Syft tells in comments what SPDX has no word for. */
function noteOther(relations: SpdxRelations, from: string, to: string, comment: string): void {
  if (comment.startsWith('ownership-by-file-overlap')) relations.owners.set(to, from);
  if (comment.startsWith('evident-by')) push(relations.evidence, from, to);
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
