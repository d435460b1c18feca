import type { Unknown } from '@breakwater/model';

/** An unknown that we wrote into a document: what it lacked then it lacks now. */
export function carriedUnknown(said: string, source: string): Unknown {
  const [, code = 'sbom-incomplete', message = said] = /^([a-z0-9-]{1,64}): (.*)$/s.exec(said) ?? [];
  return { code, message, place: { source } };
}
