import type { JsonObject, Place, Unknown } from '@breakwater/model';
import {
  admissionBindingSchema,
  admissionPolicySchema,
  type ForeignDocument,
  kyvernoCelExceptionSchema,
  kyvernoExceptionSchema,
  kyvernoPolicySchema,
  kyvernoValidatingPolicySchema,
  neuvectorResourceSchema,
  neuvectorRulesSchema,
} from '@breakwater/model/foreign';
import type { z } from 'zod';
import { foreignKindOf, isNeuvectorExport } from './foreign-kinds.ts';

type Language = ForeignDocument['language'];

const SCHEMAS: Readonly<Record<Exclude<Language, 'object'>, (value: object) => z.ZodType>> = {
  'admission-policy': admissionPolicySchema,
  'admission-binding': admissionBindingSchema,
  'kyverno-validating': kyvernoValidatingPolicySchema,
  'kyverno-rules': kyvernoPolicySchema,
  'kyverno-exception': kyvernoExceptionSchema,
  'kyverno-cel-exception': kyvernoCelExceptionSchema,
  'neuvector-rules': (value) => ('spec' in value ? neuvectorResourceSchema() : neuvectorRulesSchema()),
};

/** Most objects that policies may look up: what is more is left out, and said to be. */
const MOST_OBJECTS = 10_000;

/** What was read: documents in other languages, and faults with their places. */
export interface ForeignRead {
  foreign: ForeignDocument[];
  unknowns: Unknown[];
}

/**
 * Reads a document that is none of ours: a policy in another language, what goes with one, or an object that policies may
 * look up. A `List` is read item by item. A kind of policy that is not judged is named.
 */
export function readForeign(value: unknown, place: Place, read: ForeignRead): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const { apiVersion, kind, items } = value as Record<string, unknown>;
  if (kind === 'List' && Array.isArray(items)) {
    items.forEach((item, index) => {
      readForeign(item, { ...place, pointer: [...(place.pointer ?? []), 'items', index] }, read);
    });
    return;
  }
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    if (isNeuvectorExport(value)) readPolicy('neuvector-rules', value, 'rules', place, read);
    return;
  }
  const known = foreignKindOf(apiVersion, kind) ?? { language: 'object' as const };
  if ('does' in known) read.unknowns.push(notJudged(value, kind, known.does, place));
  else if (known.language === 'object') keepObject(value as JsonObject, kind, place, read);
  else readPolicy(known.language, value, kind, place, read);
}

function notJudged(value: object, kind: string, does: string, place: Place): Unknown {
  const { metadata } = value as { metadata?: { name?: unknown } };
  const name = String(metadata?.name ?? '').slice(0, 253);
  return {
    code: 'policy-not-judged',
    message: `the ${kind} ${name} ${does}, which is not done here: nothing is judged by it`,
    place,
    subject: name,
  };
}

function keepObject(document: JsonObject, kind: string, place: Place, { foreign, unknowns }: ForeignRead): void {
  const count = foreign.length;
  if (count < MOST_OBJECTS) foreign.push({ language: 'object', kind, document, place });
  else if (count === MOST_OBJECTS && !unknowns.some(({ code }) => code === 'policy-objects-left-out')) {
    const message = `more than ${MOST_OBJECTS} documents stand among the policies: policies cannot look up the rest`;
    unknowns.push({ code: 'policy-objects-left-out', message, place });
  }
}

function readPolicy(
  language: Exclude<Language, 'object'>,
  value: object,
  kind: string,
  place: Place,
  { foreign, unknowns }: ForeignRead,
): void {
  const { success, data, error } = SCHEMAS[language](value).safeParse(value);
  if (success) {
    foreign.push({ language, kind, document: data, place } as ForeignDocument);
    return;
  }
  for (const issue of error.issues) {
    const pointer = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    const message = `${pointer.join('.') || 'document'}: ${issue.message}`;
    unknowns.push({
      code: 'policy-invalid',
      message,
      place: { ...place, pointer: [...(place.pointer ?? []), ...pointer] },
    });
  }
}
