import { X509Certificate } from 'node:crypto';
import { type Credential, LONGEST_NAME, MOST_GROUPS, userCredential } from './credential.ts';

/** Largest PEM that is looked at: certificates have a few thousand bytes. */
const LARGEST = 256 * 1024;

/**
 * Who a client certificate is for: the API server takes the common name for the user and organisations for groups. Of
 * several certificates the first counts, as in TLS. Undefined for what is no certificate or names nobody.
 */
export function readCertificate(pem: Uint8Array, what: string): Credential | undefined {
  if (pem.length > LARGEST) return undefined;
  try {
    const certificate = new X509Certificate(pem);
    const { subject } = certificate.toLegacyObject() as { subject?: Record<string, unknown> };
    const [name] = textsOf(subject?.['CN']);
    if (name === undefined) return undefined;
    const groups = textsOf(subject?.['O']).slice(0, MOST_GROUPS);
    const ends = certificate.validToDate;
    return {
      ...userCredential(what, name, groups),
      ...(Number.isNaN(ends.getTime()) ? {} : { expires: ends.toISOString() }),
    };
  } catch {
    return undefined;
  }
}

function textsOf(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((each) => (typeof each === 'string' && each !== '' ? [each.slice(0, LONGEST_NAME)] : []));
}
