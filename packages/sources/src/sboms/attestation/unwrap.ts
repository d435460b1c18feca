import type { Unknown } from '@breakwater/model';
import { arrayOf, cleanText, objectOf, parseObject } from '../bill/fields.ts';
import { SBOM_PREDICATE } from './announces-sbom.ts';

type Fields = Record<string, unknown>;

/** The document inside an attestation, and what the attestation is about. */
export interface Attested {
  /** The SBOM, as a JSON text. */
  content: string;
  /** Names and digests of the images that it is of. */
  subjects: { name: string; digest: string }[];
}

const MOST_SUBJECTS = 100;
/** A statement in an envelope in a bundle. */
const DEEPEST = 4;
/**
 * Takes the SBOM out of in-toto statements, DSSE envelopes around them, Sigstore bundles and the lines of several of
 * these. Signatures are not checked: what an SBOM says is what its file says. Undefined where none holds an SBOM.
 */
export function unwrapAttestation(text: string, source: string): { attested?: Attested; unknowns: Unknown[] } {
  const found = documentsOf(text).flatMap((document) => {
    const statement = statementOf(document, 0);
    return (statement && attestedBy(statement)) ?? [];
  });
  const [attested] = found;
  if (!attested) {
    const message = 'Attestation holds no SBOM that is read';
    return { unknowns: [{ code: 'sbom-missing', message, place: { source } }] };
  }
  if (found.length === 1) return { attested, unknowns: [] };
  const message = `File holds ${found.length} SBOMs, of which only the first was read`;
  return { attested, unknowns: [{ code: 'sbom-several', message, place: { source } }] };
}

function documentsOf(text: string): Fields[] {
  const whole = parseObject(text);
  const documents = whole ? [whole] : text.split('\n').map(parseObject);
  return documents.filter((document) => document !== undefined);
}

function statementOf(fields: Fields, depth: number): Fields | undefined {
  if (depth > DEEPEST) return undefined;
  if (fields['predicateType'] !== undefined) return fields;
  const bundled = objectOf(fields['dsseEnvelope']);
  if (bundled) return statementOf(bundled, depth + 1);
  const payload = fields['payload'];
  if (typeof payload !== 'string') return undefined;
  const inner = parseObject(Buffer.from(payload, 'base64').toString('utf8'));
  return inner && statementOf(inner, depth + 1);
}

/** cosign once put the document as a text into `Data`. */
function attestedBy({ predicateType, predicate, subject }: Fields): Attested | undefined {
  const fields = objectOf(predicate);
  if (!SBOM_PREDICATE.test(cleanText(predicateType)) || !fields) return undefined;
  const data = fields['Data'];
  const subjects = arrayOf(subject)
    .slice(0, MOST_SUBJECTS)
    .map((item) => {
      const digest = cleanText(objectOf(objectOf(item)?.['digest'])?.['sha256']);
      return { name: cleanText(objectOf(item)?.['name']), digest: digest && `sha256:${digest}` };
    });
  return { content: typeof data === 'string' ? data : JSON.stringify(data ?? fields), subjects };
}
