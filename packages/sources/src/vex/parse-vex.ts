import type { Unknown, VexStatement, VexSubject } from '@breakwater/model';
import { z } from 'zod';
import { Csaf, parseCsaf } from './parse-csaf.ts';
import { CycloneDxVex, parseCycloneDxVex } from './parse-cyclonedx-vex.ts';
import { OpenVex, parseOpenVex } from './parse-openvex.ts';
import { listOf } from './vex-fields.ts';

/** What a VEX document states, and what of it could not be understood. */
export interface VexReading {
  statements: VexStatement[];
  unknowns: Unknown[];
}

const Envelope = z.object({ payloadType: z.string().regex(/in-toto/), payload: z.string() });
const Attestation = z.object({
  predicateType: z.string().regex(/openvex/),
  subject: listOf(z.object({ name: z.string().optional(), digest: z.record(z.string(), z.string()) })),
  predicate: z.unknown(),
});

/**
 * Reads a VEX document: OpenVEX, alone or in an attestation, CSAF 2.0, or CycloneDX with analyses. Undefined where the
 * text is none of them. Never throws: what cannot be understood is an unknown. `source` is what places name.
 */
export function parseVex(text: string, source: string): VexReading | undefined {
  const document = parseJson(text);
  if (typeof document !== 'object' || document === null) return undefined;
  const read = readDocument(document, source.slice(source.lastIndexOf('/') + 1));
  if (read === undefined) return undefined;
  const { statements, left } = read;
  if (left === 0) return { statements, unknowns: [] };
  const message = `${left} statements of the VEX document could not be understood: what they settle stays open.`;
  return { statements, unknowns: [{ code: 'vex-incomplete', message, place: { source } }] };
}

function readDocument(document: object, name: string): { statements: VexStatement[]; left: number } | undefined {
  const inner = unwrap(document);
  if (inner !== undefined) {
    const { data } = OpenVex.safeParse(inner.predicate);
    return data && parseOpenVex(data, name, inner.subjects);
  }
  const about = fieldOf(document, 'document');
  if (typeof about === 'object' && about !== null && 'csaf_version' in about) {
    const { data } = Csaf.safeParse(document);
    return data && parseCsaf(data, name);
  }
  if (fieldOf(document, 'bomFormat') === 'CycloneDX') {
    const { data } = CycloneDxVex.safeParse(document);
    return data && parseCycloneDxVex(data, name);
  }
  if (!Array.isArray(fieldOf(document, 'statements'))) return undefined;
  const { data } = OpenVex.safeParse(document);
  return data && parseOpenVex(data, name, []);
}

/** The statement inside an attestation (in-toto, signed or not), and what it is about. */
function unwrap(document: object): { predicate: unknown; subjects: VexSubject[] } | undefined {
  const envelope = Envelope.safeParse(document).data;
  const inside = envelope && parseJson(Buffer.from(envelope.payload, 'base64').toString('utf8'));
  const { data } = Attestation.safeParse(inside ?? document);
  if (data === undefined) return undefined;
  const subjects = data.subject.map(({ digest }) => ({
    names: Object.entries(digest).map(([algorithm, value]) => `${algorithm}:${value}`),
    versions: [],
  }));
  return { predicate: data.predicate, subjects };
}

function fieldOf(document: object, name: string): object | string | undefined {
  return Object.hasOwn(document, name) ? (document as Record<string, object | string>)[name] : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
