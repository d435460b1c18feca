const MASK = '[masked]';

/** Forms of credentials that stand by themselves, each bounded: reports quote lines, addresses and commands. */
const FORMS: RegExp[] = [
  /\b(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{12,32}\b/g,
  /\bgh[opsur]_[A-Za-z0-9]{20,255}\b/g,
  /\bgithub_pat_\w{20,255}/g,
  /\bglpat-[\w-]{16,64}/g,
  /\bxox[abeoprs]-[\w-]{8,255}/g,
  /\b(?:sk|rk|pk)_(?:live|test)_\w{8,255}/g,
  /\bAIza[\w-]{30,60}/g,
  /\bya29\.[\w-]{10,400}/g,
  /\beyJ[\w-]{8,1000}\.[\w-]{4,4000}(?:\.[\w-]{0,2000})?/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g,
];
const IN_ADDRESS = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@?#]{0,200}):[^\s/@?#]{1,400}@/gi;
const ASSIGNED =
  /\b((?:[\w-]{0,40}[_-])?(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|credential)s?["']?\s{0,4}[=:]\s{0,4})(["']?)([^\s"',;&]{4,400})/gi;

/** The text with whatever has the form of a credential taken out: a report may quote what it found anywhere. */
export function maskSecrets(text: string): string {
  let masked = text;
  for (const form of FORMS) masked = masked.replace(form, MASK);
  return masked.replace(IN_ADDRESS, `$1:${MASK}@`).replace(ASSIGNED, `$1$2${MASK}`);
}

/** An address without what may be secret in it: the password, and the values of its query. */
export function maskAddress(url: string): string {
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  const masked = query === -1 ? '' : url.slice(query).replace(/=[^&#]*/g, '=…');
  return maskSecrets(path) + masked;
}
