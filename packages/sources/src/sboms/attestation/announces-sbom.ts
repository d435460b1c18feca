/** Predicates that are SBOMs; https://github.com/in-toto/attestation/tree/main/spec/predicates. */
export const SBOM_PREDICATE = /^https:\/\/(?:cyclonedx\.org\/|spdx\.dev\/|syft\.dev\/|(?:www\.)?anchore\.com\/)/;

/** Whether an attestation begins here that speaks of an SBOM: its predicate is named before its content. */
export function announcesSbom(head: string): boolean {
  const stated = /"predicateType"\s{0,64}:\s{0,64}"([^"]{1,256})"/.exec(head)?.[1];
  if (stated !== undefined) return SBOM_PREDICATE.test(stated);
  const payload = /"payload"\s{0,64}:\s{0,64}"([A-Za-z0-9+/_=-]{1,4096})/.exec(head)?.[1];
  if (payload === undefined) return false;
  const begin = Buffer.from(payload.slice(0, payload.length - (payload.length % 4)), 'base64').toString('utf8');
  const inner = /"predicateType"\s{0,64}:\s{0,64}"([^"]{1,256})"/.exec(begin)?.[1];
  return inner !== undefined && SBOM_PREDICATE.test(inner);
}
